"""Words that depend on more than a card id: the next card of a shelf, the numbers of a place, the hand-off."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flows.context import Context
from flows.definition import State
from flows.messages import Outgoing

Teller = Callable[[Context, State], Outgoing]


def topic_card(context: Context, state: State) -> Outgoing:
    """Return the card of this state's shelf that she has read up to."""
    shelf = context.content.shelf(state.topic)
    number = min(context.card_number(), len(shelf) - 1)
    return context.content.card(shelf[number], context.lang)


def numbers_here(context: Context, state: State) -> Outgoing:
    """Return the numbers that work where she is."""
    return context.content.numbers(context.place, context.lang)


def hand_off(context: Context, state: State) -> Outgoing:
    """Return who answers where she is while nobody of ours is on duty (safety rule 18)."""
    return context.content.handoff(context.place, context.lang, context.now)


TELLERS: Mapping[str, Teller] = {teller.__name__: teller for teller in (topic_card, numbers_here, hand_off)}
