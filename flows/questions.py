"""Lists of questions asked one at a time: where she is in a list, what she has answered, what it comes to. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.tables import CHECKERS, Checker, Judged, judge
from flows.tables.checkers import LETTERS

if TYPE_CHECKING:
    from flows.context import Context

KIND = "Checker.kind"
"""Where the checker that is asked stands in the data of the flow."""


CHECKLIST = "checklist"
"""The name of the list of things to do before she goes, as a shelf and among what she asked us to keep."""


def answers_key(group: str) -> str:
    """Return where the letters answered so far stand in the data of a flow."""
    return f"{group}.answers"


def checker_of(context: Context) -> Checker | None:
    """Return the checker whose questions are asked; None when none was begun."""
    return CHECKERS.get(context.data.get(KIND, ""))


def answers_now(context: Context) -> str:
    """Return the answers so far, with the one just given; a question answered twice keeps the first answer."""
    noted = context.data.get(answers_key(context.state.partition(":")[0]), "")
    letter = LETTERS.get(context.answer, "")
    return noted + letter if len(noted) == context.card_number() else noted


def judged(context: Context) -> Judged | None:
    """Return what the answers given so far come to; None when nothing was asked."""
    checker = checker_of(context)
    return judge(checker, answers_now(context)) if checker else None
