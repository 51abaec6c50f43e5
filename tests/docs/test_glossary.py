"""The glossary (docs/glossary.md): every feature is in it, and its Vietnamese is the Vietnamese that people read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| in the code")
]


def features() -> set[str]:
    """Return the nouns that name folders of the store, features of the flows and areas of the console."""
    folders = {file.parent.name for room in ("store", "console/pages") for file in (ROOT / room).glob("*/__init__.py")}
    modules = {file.stem for file in (ROOT / "flows" / "features").glob("[!_]*.py")}
    return (folders | modules) - {"migrations"}


@cache
def vietnamese() -> str:
    """Return every Vietnamese text that ships: content and the console's pages."""
    files = (*(ROOT / "content" / "data").rglob("*.yaml"), *(ROOT / "console" / "locale").rglob("*.po"))
    return "\n".join(file.read_text("utf-8") for file in files).casefold()


def test_every_feature_stands_in_the_glossary() -> None:
    """A noun that names a folder or a feature is explained, once; none is explained that is gone."""
    explained = re.findall(r"^\| `(\w+)`", (ROOT / "docs" / "glossary.md").read_text("utf-8"), flags=re.MULTILINE)
    assert len(features()) > 25
    assert sorted(explained) == sorted(features())


def test_every_term_has_its_vietnamese_a_sentence_and_a_place() -> None:
    """Each line names the Vietnamese (or – where nobody outside the code meets the word), the meaning and a path."""
    assert [row[0] for row in ROWS if len(row) != 4 or not all(row) or not row[3].startswith("`")] == []


def test_the_vietnamese_is_what_people_read() -> None:
    """A Vietnamese term stands in a shipped text, or is marked † for a native reader."""
    terms = [term for row in ROWS for term in row[1].split(", ") if term != "–"]
    assert len(terms) > 30
    unmarked = {term for term in terms if "†" not in term}
    assert {term for term in unmarked if term.casefold() not in vietnamese()} == set()
    marked = {term.removesuffix(" †") for term in terms if "†" in term}
    assert {term for term in marked if term.casefold() in vietnamese()} == set()
