"""Situations: what she wrote, and which sentence and numbers fit it (safety rule 2); of whom it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from content.findings import Finding
from content.strict_yaml import Document
from content.validation import shape

FILE = "situations.yaml"
PLAIN = "plain"
"""What stands for the situation of a cry that names none."""


class Phrases(msgspec.Struct, frozen=True):
    """Patterns of the lexicon's language, any of which is enough unless one of `unless` holds too."""

    says: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table, heard by any of its first three fields.

    `rules` are ids of lexicon rules one of which decided, `holds` ids one of which is met; both are whole ids or their
    beginning up to a dot. `says` are patterns, `unless` what excuses them. `of` names of whom it must be told, `first`
    the services in front of all others, `when_safe` that abroad a word of care stands before the numbers, `duty` that
    its sentence says whom we must call for a child. `called` is how whoever tells it is called, unless she chose.
    """

    rules: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    when_safe: bool = False
    duty: bool = False
    called: str = ""


class SituationTable(msgspec.Struct, frozen=True, eq=False):
    """The situations in the order in which they are tried, the phrases that say of whom a message tells, their words.

    `sets` are groups of words that the patterns name besides those of the lexicon.
    """

    rows: Mapping[str, Situation] = {}
    people: Mapping[str, Phrases] = {}
    sets: Mapping[str, tuple[str, ...]] = {}


Row = TypeVar("Row", Situation, Phrases)


def is_among(rule: str, patterns: tuple[str, ...]) -> bool:
    """Say whether a rule is one of those that `patterns` name."""
    return any(rule == one or (one.endswith(".") and rule.startswith(one)) for one in patterns)


def lead_card(situation: str) -> str:
    """Return the card of the sentence in front of the numbers."""
    return f"situation.{situation or PLAIN}.lead"


def script_card(situation: str, part: str) -> str:
    """Return the card of what a line will ask (`asks`) or of one sentence to say to it (`say`)."""
    return f"situation.{situation}.{part}"


def cards_of(name: str) -> tuple[str, ...]:
    """Return the cards that a situation needs."""
    return (lead_card(name), script_card(name, "asks"), script_card(name, "say"))


def read_situations(document: Document | None, findings: list[Finding]) -> SituationTable:
    """Return the situations in their order, and add what is wrong to `findings`."""
    if document is None:
        return SituationTable()
    rows = _entries(Situation, document, "situations", findings)
    people = _entries(Phrases, document, "people", findings)
    sets = document.value.get("sets") if isinstance(document.value, dict) else None
    return SituationTable(rows, people, {name: tuple(words) for name, words in (sets or {}).items()})


def _entries(kind: type[Row], document: Document, section: str, findings: list[Finding]) -> dict[str, Row]:
    given = document.value.get(section) if isinstance(document.value, dict) else None
    if not isinstance(given, dict):
        findings.append(Finding(FILE, 1, f"there are no {section}", f"write `{section}:` with one entry for each"))
        return {}
    made = {name: shape(kind, document, (section, name), one, findings) for name, one in given.items()}
    return {name: one for name, one in made.items() if one is not None}
