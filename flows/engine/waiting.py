"""Waiting: what she sends while her case is open and no human has written to her yet. Pure."""

from __future__ import annotations

from flows.context import Context
from flows.parsing.yes_no import DANGER_QUESTIONS


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
