"""Quizzes: which of yes and no is right for each question. Nobody's answers are counted or kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from flows.tables.loader import read_table


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The right answers by card id, in the order asked; the shelf of the questions has the quiz's name."""

    right: dict[str, Literal["yes", "no"]]


QUIZZES: Mapping[str, Quiz] = read_table("quizzes", "quizzes", Quiz)
"""The quizzes by the name of their shelf."""


def explanation(question: str) -> str:
    """Return the card that explains the answer to a question."""
    return f"{question}.why"


EXPLANATIONS: tuple[str, ...] = tuple(explanation(question) for quiz in QUIZZES.values() for question in quiz.right)
"""The cards that explain the answers of every quiz."""
