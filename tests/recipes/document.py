"""CONTRIBUTING.md read as data: each recipe is a list of edits, and of sentences said when one is left out.

An edit is a line that names a file, and the block below it: "New file `path`:", "At the end of `path`:" or
"In `path`, below `line`:" (or above). A long file is "New file `path`, a copy of [`other`](other)." and needs no block.
A refusal is a line "Without `path`", "Without `words of a block`" or "With `line` at the end of `path`", and a block
with what is said then.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "CONTRIBUTING.md"
RECIPE = re.compile(r"^## Recipe: (.+)$", re.MULTILINE)
STEP = re.compile(
    r"^(?P<how>New file|At the end of|In|Without|With) `(?P<what>[^`\n]+)`"
    r"(?:, (?P<side>below|above) `(?P<anchor>[^`\n]+)`)?"
    r"(?: at the end of `(?P<into>[^`\n]+)`)?"
    r"(?:, a copy of \[`(?P<source>[^`\n]+)`\])?[^\n]*\n"
    r"(?:\n? *```\w*\n(?P<block>.*?)\n? *```$)?",
    re.MULTILINE | re.DOTALL,
)
"""A line that names a file, and the fenced block below it unless the file is a copy of another."""

BLOCK = re.compile(r"^ *```", re.MULTILINE)


class Edit(msgspec.Struct, frozen=True):
    """One place to touch: a new file (no anchor), or lines beside an anchor ("" = at the end) of one that is there."""

    path: str
    text: str
    anchor: str | None = None
    above: bool = False

    def apply(self, tree: Path) -> None:
        """Make the edit in a tree; the file must be missing or there, and the anchor stand in it once."""
        path = tree / self.path
        if self.anchor is None:
            assert not path.exists(), f"{self.path} is not new"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.text, "utf-8")
            return
        before = path.read_text("utf-8")
        lines = before.splitlines(keepends=True)
        at = [number for number, line in enumerate(lines, 1) if line.strip() == self.anchor.strip()]
        assert not self.anchor or len(at) == 1, f"{self.anchor!r} stands {len(at)} times in {self.path}"
        lines.insert(at[0] - self.above if self.anchor else len(lines), self.text)
        path.write_text("".join(lines), "utf-8")


class Refusal(msgspec.Struct, frozen=True):
    """What is said when one edit, or some words of one, are left out, or when a line is added that must not be."""

    without: str
    says: str
    added: Edit | None = None


class Recipe(msgspec.Struct, frozen=True):
    """How something is added: the edits in their order, and what happens without one."""

    title: str
    edits: tuple[Edit, ...]
    refusals: tuple[Refusal, ...]

    def paths(self) -> list[str]:
        """Return every file that the recipe touches, once."""
        return list(dict.fromkeys(edit.path for edit in self.edits))

    def left_out(self, refusal: Refusal) -> tuple[Edit, ...]:
        """Return the edits without the file or the words that a refusal names, which must be there; or with a line."""
        if refusal.added:
            return (*self.edits, refusal.added)
        if refusal.without in self.paths():
            return tuple(edit for edit in self.edits if edit.path != refusal.without)
        edits = tuple(msgspec.structs.replace(edit, text=edit.text.replace(refusal.without, "")) for edit in self.edits)
        assert edits != self.edits, f"no block of {self.title!r} has {refusal.without!r}"
        return edits


def recipes(document: str | None = None) -> dict[str, Recipe]:
    """Return the recipes of CONTRIBUTING.md by their titles."""
    _, *parts = RECIPE.split(DOCUMENT.read_text("utf-8") if document is None else document)
    return {title: _recipe(title, text.split("\n## ")[0]) for title, text in zip(parts[::2], parts[1::2], strict=True)}


def recipe(title: str) -> Recipe:
    """Return one recipe of CONTRIBUTING.md."""
    return recipes()[title]


def _recipe(title: str, text: str) -> Recipe:
    edits: list[Edit] = []
    refusals: list[Refusal] = []
    for step in STEP.finditer(text):
        how, what, block = step["how"], step["what"], step["block"]
        if how in ("Without", "With"):
            assert block, f"nothing says what happens {how.lower()} {what!r}"
            refusals.append(
                Refusal(what, block.strip(), Edit(step["into"], f"{what}\n", "") if how == "With" else None)
            )
        elif step["source"]:
            edits.append(Edit(what, (ROOT / step["source"]).read_text("utf-8")))
        else:
            assert block is not None, f"no block below {step[0]!r}"
            anchor = {"New file": None, "At the end of": ""}.get(how, step["anchor"])
            edits.append(Edit(what, f"{block}\n", anchor, step["side"] == "above"))
    assert len(BLOCK.findall(STEP.sub("", text))) == 0, f"a block of {title!r} has no file"
    return Recipe(title, tuple(edits), tuple(refusals))
