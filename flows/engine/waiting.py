"""Waiting: what she sends while her case is open and no human has written to her yet. Pure."""

from __future__ import annotations

from datetime import timedelta

from flows.context import Context
from flows.model.facts import CaseSeen
from flows.model.messages import Choice
from flows.parsing.choices import is_label, match
from flows.parsing.still_waiting import asks_for_anybody, is_still_waiting
from flows.parsing.yes_no import DANGER_QUESTIONS
from flows.understanding import Meaning
from flows.understanding.answering import asks as is_asked

MENU = "Menu:menu"
LEFT_ALONE = ("SilentCall:", "Exit:")
"""Flows in which nothing may speak."""
WHO = "us.who"
"""The rule of the question who we are, which is answered in a way of its own."""
NO_QUESTION = frozenset({"GREET", "HOLDER"})
"""Intents of what is no question of hers: a greeting, and what whoever holds the phone asks."""
NUMBERS_AGAIN = timedelta(minutes=10)
"""How soon after the numbers she is not shown them again unasked."""


def waits(context: Context) -> bool:
    """Say whether a case of hers is open that no human has written in."""
    return context.facts.case is not None and not context.facts.case.human_here


def is_old(context: Context) -> bool:
    """Say whether the question on offer was asked so long ago that a number is hardly an answer to it.

    A question that the people of the case need the answer to, and one about danger, never grows old beside a case.
    """
    state, asked = context.states[context.session.state], context.session.asked_at
    if not waits(context) or state.for_people or (state.say or state.choices) in DANGER_QUESTIONS:
        return False
    return asked is not None and state.timeout is not None and context.now - asked > state.timeout


def case_that_waits(context: Context) -> CaseSeen | None:
    """Return her case in sight where no human has written in it; behind the cover it is not spoken of."""
    case = context.facts.case
    return None if case is None or case.human_here else case


def says_so(context: Context) -> bool:
    """Say whether she says that she still waits: a renewed plea of hers; where nothing may speak it is none."""
    return _is_in_sight(context) and is_still_waiting(context.incoming.text)


def asks(context: Context) -> bool:
    """Say whether she asks whether anybody is there."""
    return _is_in_sight(context) and asks_for_anybody(context.incoming.text)


def _is_in_sight(context: Context) -> bool:
    return case_that_waits(context) is not None and not context.session.state.startswith(LEFT_ALONE)


def sees_numbers(context: Context) -> bool:
    """Say whether the numbers have just been shown beside her case."""
    shown = context.session.numbers_at
    return context.facts.case is not None and shown is not None and context.now - shown <= NUMBERS_AGAIN


def is_question(context: Context, meaning: Meaning) -> bool:
    """Say whether what she writes while she waits is a question about something a rule knows: a card answers it."""
    named = bool(meaning.topic or meaning.card) and not meaning.leant
    known = named and meaning.intent not in NO_QUESTION and meaning.rule != WHO
    calm = meaning.action == "calm" and not context.session.state.startswith(LEFT_ALONE)
    return waits(context) and known and calm and is_asked(context.incoming.text)


def menu_entry(context: Context) -> Choice | None:
    """Find the entry of the first page that she typed by its name while she waits."""
    state = context.states[context.session.state]
    if not waits(context) or state.for_people or state.state.startswith(LEFT_ALONE):
        return None
    entries = context.content.card("menu", context.session.lang).choices
    return match(context.incoming.text, entries) if is_label(context.incoming.text, entries) else None
