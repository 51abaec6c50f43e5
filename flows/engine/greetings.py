"""Greetings: while the greeting of a check-in waits, it keeps its cover, whatever is answered (safety rule 23).

Not covered are her word, a cry, stop, the hurried exit and the silent call, and what these have begun. Pure.
"""

from __future__ import annotations

from flows.context import Context
from flows.engine.machine import Engine

COVER = "CheckIn:cover"
LEADS_OUT = ("stop", "quick_exit", "silent_call")
"""Commands that mean the same while a greeting waits; `dung` is none of them."""
VOICES = frozenset({"voice"})


def waits(context: Context) -> bool:
    """Say whether a greeting waits, and nothing goes before it: no case in sight, no question of help."""
    care, state = context.facts.care, context.session.state
    begun = context.in_help() and state != COVER and not context.expired
    return care is not None and care.greeted and context.facts.case is None and not begun


def answer(context: Context, engine: Engine, kind: str = "text") -> bool:
    """Answer as whoever greeted would; a voice is kept for a human to hear, without a word about it."""
    context.withdraw()
    context.expired = False
    return engine.fire("greeting_voice" if kind in VOICES else "greeting_answered", context)
