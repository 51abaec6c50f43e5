"""A copy of the tree in which a recipe is carried out, and programs that run in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tests.recipes.document import ROOT, Edit

ROOMS = ("content", "flows", "store", "scheduler", "bot", "console", "simulator", "tests", "docs")
FILES = ("pyproject.toml", "Makefile", "README.md", "CONTRIBUTING.md")
LEFT = shutil.ignore_patterns("pictures")
TOOLS = Path(sys.executable).parent
LENT = "NHIPCAU_TESTS_LENT"
"""The variable that names the databases a proof may use: data, keyring, and the folder of their keys."""

LEAN = ("-pno:hypothesispytest", "-pno:xdist", "-pno:cacheprovider", "--confcutdir=tests/recipes/proofs")
PATIENCE = 120
"""Seconds until a program in the copy is given up."""


class Ended(msgspec.Struct, frozen=True):
    """How a program ended: its code, and everything it printed."""

    code: int
    printed: str


class Tree(msgspec.Struct):
    """A copy of the project; what runs in it imports from it alone."""

    root: Path
    touched: set[str] = msgspec.field(default_factory=set)

    def apply(self, edits: Iterable[Edit]) -> None:
        """Make the edits, in their order, and let ruff put imports and blank lines in order; it finds nothing else."""
        for edit in edits:
            self.touched.add(edit.path)
            edit.apply(self.root)
        code = sorted(path for path in self.touched if path.endswith(".py"))
        for command in (("check", "--fix"), ("format",)) if code else ():
            ended = self.tool("ruff", *command, "--quiet", *code)
            assert ended.code == 0, ended.printed

    def restore(self) -> None:
        """Undo every edit."""
        for path in self.touched:
            if (ROOT / path).exists():
                shutil.copy2(ROOT / path, self.root / path)
            else:
                (self.root / path).unlink(missing_ok=True)
        self.touched.clear()

    def run(self, *arguments: str, lent: str = "") -> Ended:
        """Run Python in the copy, whose packages come before the installed ones, on databases that are `lent`."""
        return self._run(sys.executable, *arguments, lent=lent)

    def check(self) -> Ended:
        """Run `nhipcau check`."""
        return self.run("-m", "bot", "check")

    def test(self, *paths: str, lent: str = "") -> Ended:
        """Run tests of the copy that need no fixture of all tests: without those a small one takes half the time."""
        return self.run("-m", "pytest", "-q", *LEAN, *paths, lent=lent)

    def tool(self, name: str, *arguments: str) -> Ended:
        """Run a tool of the environment in the copy."""
        return self._run(TOOLS / name, *arguments)

    def _run(self, *command: str | Path, lent: str = "") -> Ended:
        ended = subprocess.run(
            [*map(str, command)],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root), LENT: lent},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            text=True,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout)


def copy_tree(folder: Path) -> Tree:
    """Copy the project into a folder, to be changed there."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=LEFT)
    for file in FILES:
        shutil.copy2(ROOT / file, folder / file)
    return Tree(folder)
