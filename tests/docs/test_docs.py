"""What the documents promise exists, and what exists is in the documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.channels.registry import channels
from bot.cli.main import app
from bot.config.settings import Settings
from tests.recipes.document import recipes

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    str(file.relative_to(ROOT))
    for file in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
    if file.exists()
)
MADE = {path for recipe in recipes().values() for path in recipe.paths()}
"""Files that the reader of a recipe makes; of those that must be there its test says so."""

ROOMS = ("content", "flows", "store", "scheduler", "bot", "console", "simulator", "tests", "docs")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(rf"(?:{'|'.join(ROOMS)})/[\w./*<>-]*|[a-z_]+\.(?:py|yaml|csv|html)")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_every_setting_is_documented() -> None:
    """Each setting, and each field of an account, stands in docs/operations.md."""
    fields = {
        *Settings.model_fields,
        *(field for found in channels().values() for field in found.account.model_fields),
    }
    assert {field for field in fields if f"`{field}`" not in OPERATIONS} == set()


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md", "CONTRIBUTING.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    """No document points at a file or a heading that is not there."""
    file = ROOT / page
    links = [link for link in LINK.findall(file.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not leads_somewhere(file, link)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_path_of_a_page_exists(page: str) -> None:
    """A file or folder that a document names in backticks is there; of a bare file name one is somewhere."""
    named = [code for code in CODE.findall((ROOT / page).read_text("utf-8")) if PATH.fullmatch(code)]
    assert [code for code in named if code not in MADE and not exists(code)] == []


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md"])
def test_every_make_target_of_a_page_exists(page: str) -> None:
    """What a document tells to `make` is a target, and its NAME a program of that target."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    named = re.findall(r"\bmake ([a-z]+)\b", " ".join(commands(page)))
    assert [target for target in named if target not in targets] == []


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md"])
def test_every_command_of_a_page_exists(page: str) -> None:
    """Each `nhipcau …` of a document is a command, with each of its words and options."""
    written = [line for line in commands(page) if re.search(r"\bnhipcau [a-z]", line)]
    assert [line for line in written if not is_command(line)] == []


def test_what_does_not_exist_is_found() -> None:
    """The checks themselves, on a link, a path and a command that lead nowhere."""
    assert not leads_somewhere(ROOT / "README.md", "docs/operations.md#no-such-heading")
    assert leads_somewhere(ROOT / "README.md", "docs/operations.md#forget")
    assert not exists("store/pouring.py")
    assert not is_command("nhipcau admin pour")
    assert not is_command("nhipcau check --pour")


def leads_somewhere(file: Path, link: str) -> bool:
    """Tell whether a link of this file points at a file that exists, and at one of its headings."""
    path, _, anchor = link.partition("#")
    target = file.parent / path if path else file
    if not target.exists():
        return False
    headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), flags=re.MULTILINE) if anchor else []
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return not anchor or anchor in slugs


def exists(path: str) -> bool:
    """Tell whether a path with `*` or `<anything>` in it, from the top or a bare file name, is there."""
    pattern = re.sub(r"<[^>]*>", "*", path.rstrip("/"))
    found = ROOT.glob(pattern) if "/" in path else (file for room in ROOMS for file in (ROOT / room).rglob(pattern))
    return any(True for _ in found)


def commands(page: str) -> list[str]:
    """Return everything a document shows as code, a line or a span each."""
    text = (ROOT / page).read_text("utf-8")
    blocks = [line for block in re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL) for line in block.splitlines()]
    return [*blocks, *CODE.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


def is_command(line: str) -> bool:
    """Tell whether words and options behind `nhipcau` exist; `a|b` are two, CAPITALS and what is quoted are values."""
    words = re.sub(r"[\[\]]", "", line.rpartition("nhipcau ")[2]).split()
    at: list[Any] = [typer.main.get_command(app)]
    values = False
    for word in words:
        below = [getattr(command, "commands", None) for command in at]
        if word.startswith("--"):
            option = word.partition("=")[0]
            lists = [command.params for command in (*at, *(below[0] or {}).values())]
            if option not in {name for parameters in lists for parameter in parameters for name in parameter.opts}:
                return False
        elif re.fullmatch(r"[A-Z_]+", word):
            values = True
        elif below[0] is not None and not values and re.fullmatch(r"[a-z|-]+", word):
            at = [command for name in word.split("|") if (command := below[0].get(name)) is not None]
            if len(at) != word.count("|") + 1:
                return False
    return True
