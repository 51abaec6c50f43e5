"""Setting aside: a list of questions that she left for a question of her own waits for her until the talk is over.

What waits are the letters of her answers, in the session and nowhere else; it is gone when she goes back to the first
page, stops, leaves in a hurry, needs help, or begins a list anew.
"""

from __future__ import annotations

from flows.context import Context
from flows.features.questionnaires import HOLDS, LISTS, waits
from flows.model.effects import Forget, Silence
from flows.model.session import SetAside

LEFT_FOR_GOOD = ("Menu:", "Idle:", "Exit:", "SilentCall:", "GetHelp:", "Despair:", "Privacy:", "Words:", "Youth:")
"""Where nothing of a list is taken along: she has left it, or needs help."""


def begin(context: Context) -> None:
    """Set the list aside in which she stands, before it is known what her words are."""
    before, last = context.before, context.before.last_at
    if before.state in LISTS.values() and last is not None and context.now - last <= HOLDS:
        context.session.aside = SetAside(before.state, before.data, context.now)


def settle(context: Context) -> None:
    """Let nothing wait where she goes on with the list, has left it for good, answered, or needs help."""
    before, state = context.before.state, context.session.state
    gone = state in LISTS.values() or state.startswith(LEFT_FOR_GOOD) or context.facts.case is not None
    same = before in LISTS.values() and before.partition(":")[0] == state.partition(":")[0]
    left = any(isinstance(effect, Silence | Forget) for effect in context.effects)
    if gone or same or left or (before in LISTS.values() and context.answer):
        context.session.aside = None


def led_from_a_list(context: Context) -> bool:
    """Say whether the danger question came in the middle of a list."""
    return waits(context) and context.session.state.startswith("Cry:")
