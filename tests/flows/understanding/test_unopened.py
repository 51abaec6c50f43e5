"""The unopened phrases: only their form is held here, and no rule, weight or threshold has seen one of them.

`unopened.psv` was written from the domain alone, blind to the lexicon, the rules and every other labelled set. It is
opened once, when the rules stand, and what is reached then is reported as it is. Until that day nothing else reads it:
a rule that is made with an eye on it makes it worthless.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "data" / "understanding" / "unopened.psv"
CRY_LEVELS = {"2", "3", "4"}
CALM_LEVEL = "0"
CRIES = {
    *("HELP", "DANGER", "CONFINED", "ABROAD", "SELFHARM", "CHILD"),
    *("VIOLENCE", "SEXUAL", "DEBT", "WORK", "OTHER"),
}
CALM = {"TOPIC", "CALM"}
VEILED = {"indirect", "covert"}
CRY_KINDS = {"direct", *VEILED}
CALM_KINDS = {"negative", "topic"}
LONGEST = 300


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Read the file by the names of its header."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="|", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def cries(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows that are no calm talk."""
    return [row for row in rows if row["min_level"] != CALM_LEVEL]


def test_every_line_has_the_fields_of_the_header() -> None:
    """Four fields, none of them empty, without spaces around them."""
    header, *lines = FILE.read_text("utf-8").splitlines()
    assert header == "text|intent|min_level|kind"
    for number, line in enumerate(lines, 2):
        fields = line.split("|")
        assert len(fields) == 4, number
        assert all(fields), number
        assert fields == [field.strip() for field in fields], number
        assert len(fields[0]) <= LONGEST, number


def test_levels_intents_and_kinds_are_known(rows: list[dict[str, str]]) -> None:
    """A cry has the level, intent and kind of a cry, calm talk those of calm talk."""
    for number, row in enumerate(rows, 2):
        calm = row["min_level"] == CALM_LEVEL
        assert calm or row["min_level"] in CRY_LEVELS, number
        assert row["intent"] in (CALM if calm else CRIES), number
        assert row["kind"] in (CALM_KINDS if calm else CRY_KINDS), number


def test_there_are_enough_to_measure_with(rows: list[dict[str, str]], cries: list[dict[str, str]]) -> None:
    """At least 230 cries and 100 calm phrases, a third of the cries veiled, and each intent and level among them."""
    assert len(cries) >= 230
    assert len(rows) - len(cries) >= 100
    assert 3 * sum(row["kind"] in VEILED for row in cries) >= len(cries)
    assert {row["intent"] for row in rows} == CRIES | CALM
    assert {row["min_level"] for row in cries} == CRY_LEVELS


def test_no_two_have_the_same_words(rows: list[dict[str, str]]) -> None:
    """Neither in another order nor with other capitals."""
    words = [frozenset(row["text"].casefold().split()) for row in rows]
    assert [number for number, one in enumerate(words, 2) if words.count(one) > 1] == []
