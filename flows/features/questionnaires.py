"""Actions of lists of questions: begin one, note an answer, go on. Answers live only as long as the list is asked."""

from __future__ import annotations

from collections.abc import Callable

from flows.context import Context
from flows.questions import KIND, answers_key, answers_now, checker_of
from flows.tables import CHECKERS


def _begins(kind: str) -> Callable[[Context], None]:
    def begin(context: Context) -> None:
        context.data = {"card": "0", KIND: kind}

    begin.__name__ = f"begin_{kind}_check"
    begin.__doc__ = f"Begin the questions about an offer of {kind}."
    return begin


BEGIN_CHECK = tuple(_begins(kind) for kind in CHECKERS)
"""The actions begin_job_check, begin_marriage_check …"""


def note_answer(context: Context) -> None:
    """Note the answer just given, as one letter."""
    context.update_data(**{answers_key(context.state.partition(":")[0]): answers_now(context)})


def next_question(context: Context) -> None:
    """Go on to the next question of the list."""
    context.update_data(card=str(context.card_number() + 1))


def warn_if_hard(context: Context) -> None:
    """After an answer that alone makes the result red, say that help is one tap away; the questions go on."""
    checker = checker_of(context)
    questions = tuple(checker.questions.values()) if checker else ()
    number = context.card_number()
    if number < len(questions) and questions[number].hard and context.answer == questions[number].risk:
        context.say(context.content.card("checker_careful", context.lang))
