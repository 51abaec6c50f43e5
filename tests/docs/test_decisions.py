"""Decisions (docs/adr): one form, an index that says the same, and statuses that agree with each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

DECISIONS = Path(__file__).parent.parent.parent / "docs" / "adr"
HEAD = re.compile(
    r"# (?P<number>\d{4}) — (?P<title>.+)\n\n"
    r"Date: (?P<date>\d{4}-\d\d-\d\d)\. Status: (?P<status>[^.\n]+)\."
    r"(?P<effect>(?: (?:Amends|Supersedes) [\d, ]+\.)*)\n\n"
    r"## Context\n"
)
STATUS = re.compile(r"accepted|(?:amended|superseded) by \d{4}(?:, \d{4})*")
ROW = re.compile(r"\| \[(\d{4})\]\((\S+)\) \| (.+) \| (.+) \| (\d{4}-\d\d-\d\d) \|")
NEWER = {"amended": "Amends", "superseded": "Supersedes"}


class Decision(NamedTuple):
    """The head of a decision."""

    number: str
    file: str
    title: str
    status: str
    effect: str
    date: str


def decisions() -> Mapping[str, Decision]:
    """Return every decision by its number; a head of another form fails."""
    found: dict[str, Decision] = {}
    for file in sorted(DECISIONS.glob("[0-9]*.md")):
        head = HEAD.match(file.read_text("utf-8"))
        assert head is not None, f"{file.name} does not begin as docs/adr/template.md says"
        assert head["number"] == file.name[:4], file.name
        found[head["number"]] = Decision(
            head["number"], file.name, head["title"], head["status"], head["effect"], head["date"]
        )
    return found


def test_every_decision_stands_in_the_index() -> None:
    """Number, file, title, status and date of each decision are told by the index, in order and without others."""
    rows = ROW.findall((DECISIONS / "README.md").read_text("utf-8"))
    assert len(rows) > 50
    assert rows == [(one.number, one.file, one.title, one.status, one.date) for one in decisions().values()]


def test_every_status_is_of_a_kind_that_is_allowed() -> None:
    """A decision is accepted, amended or superseded, and nothing beside."""
    assert {one.file: one.status for one in decisions().values() if not STATUS.fullmatch(one.status)} == {}


def test_whatever_amends_a_decision_is_named_by_it_and_names_it() -> None:
    """ "amended by" and "Amends" are two ends of one fact, and so are "superseded by" and "Supersedes"."""
    for kind, effect in NEWER.items():
        told = {
            (one.number, newer)
            for one in decisions().values()
            if one.status.startswith(kind)
            for newer in re.findall(r"\d{4}", one.status)
        }
        claimed = {
            (older, one.number)
            for one in decisions().values()
            for listed in re.findall(rf"{effect} ([\d, ]+)\.", one.effect)
            for older in re.findall(r"\d{4}", listed)
        }
        assert told == claimed
        assert all(older < newer for older, newer in told)
    assert any(one.status == "amended by 0051" for one in decisions().values())


def test_every_number_without_a_decision_is_told() -> None:
    """The index names the numbers that are not used: nobody looks for a decision that never was."""
    numbers = {int(number) for number in decisions()}
    missing = {f"{number:04}" for number in range(1, max(numbers)) if number not in numbers}
    line = re.search(r"The numbers (.+) are not used\.", (DECISIONS / "README.md").read_text("utf-8"))
    assert line is not None
    assert set(re.findall(r"\d{4}", line[1])) == missing
