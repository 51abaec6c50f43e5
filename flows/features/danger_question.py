"""The danger question: alone, or below the numbers in the same bubble where asking first would cost time.

The numbers stand above it after words in a script that we cannot read, and wherever a rule heard a cry and may only
ask: somebody whose cry is doubted sees them at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.features import situations
from flows.features.places import every_place
from flows.model.definition import State
from flows.model.messages import Outgoing
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing
from flows.text.scripts import mostly_other
from flows.understanding.decision import CRY

QUESTION, LETTERS, FIRST = "danger_now", "danger_letters", "danger_first"
"""The card of the question, and the sentences above the numbers: of letters we cannot read, of any other words."""

ABOVE = "Cry.above"
"""The sentence above the numbers and the question; not there where the question stands alone."""


def above(context: Context) -> str:
    """Return the card of the sentence above the numbers, "" where the question stands alone."""
    if other_script(context):
        return LETTERS
    return FIRST if context.meaning.numbers or context.meaning.level >= CRY else ""


@action(helps=True)
def numbers_above(context: Context) -> None:
    """Let the numbers, those first that fit what she wrote, stand above the question that comes next."""
    context.urgent()
    session, situation = context.session, situations.heard(context, context.meaning.rule)
    situations.note_numbers(context)
    context.above = context.content.numbers_below(FIRST, session.place, session.lang, situation, context.now)


def _samples(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    yield phrasing.card(QUESTION, lang)
    for card in (LETTERS, FIRST):
        for place in every_place(phrasing.library):
            for situation in ("", *phrasing.library.situations):
                yield phrasing.numbers_below(card, place, lang, situation)


@prompt(samples=_samples, helps=True)
def danger_question(context: Context, state: State) -> Outgoing:
    """Return the question, or the numbers of where she is to stand above it; a case has shown them already."""
    session, card = context.session, context.session.data.get(ABOVE, "")
    if not card or context.facts.case is not None:
        return context.content.card(QUESTION, session.lang)
    situation = situations.shown(context) if card == FIRST else ""
    situations.note_numbers(context)
    return context.content.numbers_below(card, session.place, session.lang, situation, context.now)


@condition()
def other_script(context: Context) -> bool:
    """What she typed is mostly in letters that neither Vietnamese nor English uses."""
    return mostly_other(context.incoming.text)
