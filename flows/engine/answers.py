"""Answers: to what she wrote the card that a rule names for it, else what leads to its subject."""

from __future__ import annotations

from flows.context import Context
from flows.engine.machine import Engine
from flows.features import profiles
from flows.features.doubt import subject
from flows.understanding import Meaning

CARD_ASKED = "card_asked"
"""The trigger of words that one card of a shelf answers."""

IN_PASSING = "courtesy"
"""The trigger of a greeting, of thanks, of "ok": they are answered in passing, and what she stands at stays."""


def trigger(context: Context, engine: Engine, meaning: Meaning) -> str:
    """Name the trigger of what answers her words; "" when nothing is known of them."""
    if not meaning.card:
        return subject(meaning)
    if context.content.library.card_for(meaning.card)[1]:
        context.reason = meaning.card
        return CARD_ASKED
    silent = context.staff_spoke() or _awaits_words(context, engine) or _may_be_a_key(context.incoming.text)
    return "" if silent else IN_PASSING


def _awaits_words(context: Context, engine: Engine) -> bool:
    """Say whether she stands where any words are an answer, and nothing is said of a greeting."""
    state = context.session.state
    return not context.expired and engine.has_own("text", state) and not engine.has_own(IN_PASSING, state)


def _may_be_a_key(text: str) -> bool:
    """Say whether a message is small pictures like the key of a profile: a wrong one is answered as any other text."""
    key = profiles.key_in(text)
    return bool(key) and not profiles.easy(key)
