"""Offer checkers: what the answers to a list of questions add up to. Pure; nobody's answers are kept here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from flows.tables.loader import read_table

UNSURE_COUNTS = 0.5
"""Not knowing is half a risk: whoever invites her could tell her."""

LETTERS: Mapping[str, str] = {"yes": "y", "no": "n", "unsure": "u", "skip": "s", "done": "d", "not_yet": "n"}
"""An answer as it is noted while the questions are asked."""

Level = Literal["red", "amber", "green", "unclear"]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question: the answer that is a risk, its weight (points), the card that tells the reason."""

    risk: Literal["yes", "no"]
    weight: int
    why: str
    hard: bool = False


class Checker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of questions by card id, in the order asked, and from how many points the result is amber or red.

    With fewer answers than `enough` the result is never green.
    """

    enough: int
    amber: int
    red: int
    questions: dict[str, Question]


class CheckerResult(msgspec.Struct, frozen=True):
    """What the answers come to: the level, the cards of what speaks against it, the questions to ask again."""

    level: Level
    points: float
    because: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


def result_of(checker: Checker, answers: str) -> CheckerResult:
    """Return the result of `answers`, one letter of LETTERS for each question asked so far."""
    asked = list(zip(checker.questions.values(), answers, strict=False))
    against = [question for question, letter in asked if letter == LETTERS[question.risk]]
    unknown = {name: q for (name, q), letter in zip(checker.questions.items(), answers, strict=False) if letter == "u"}
    unsure = list(unknown.values())
    points = sum(q.weight for q in against) + UNSURE_COUNTS * sum(q.weight for q in unsure)
    level = _level(checker, points, against, unsure, sum(letter != LETTERS["skip"] for _, letter in asked))
    to_ask = sorted(unknown, key=lambda name: _heaviest(unknown[name]))
    return CheckerResult(level, points, _reasons(against), tuple(to_ask))


def _level(checker: Checker, points: float, against: list[Question], unsure: list[Question], answered: int) -> Level:
    if sum(q.weight for q in against) >= checker.red or any(question.hard for question in against):
        return "red"
    if points >= checker.amber or any(question.hard for question in unsure):
        return "amber"
    return "green" if answered >= checker.enough else "unclear"


def _reasons(questions: list[Question]) -> tuple[str, ...]:
    """Return the cards of the heaviest reasons first."""
    return tuple(dict.fromkeys(q.why for q in sorted(questions, key=_heaviest)))


def _heaviest(question: Question) -> tuple[bool, int]:
    return not question.hard, -question.weight


CHECKERS: Mapping[str, Checker] = read_table(
    "checkers", "checkers", Checker, integers=("enough", "amber", "red", "weight")
)
"""The checkers by name; the questions of one are the shelf `check_<name>`."""
