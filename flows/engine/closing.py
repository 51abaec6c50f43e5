"""Closing: that the human has left is told with the answer to her next message, and once it is asked whether it helped.

Nothing leaves because staff closed a case (safety rule 22). Nobody who may not be the one she was is told: not behind
the cover, and no word of it stands beside a cry, a stop, an exit or the silent call.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from flows.context import Context
from flows.features import own_words
from flows.model.effects import HELP, Say, ToldLeft
from flows.model.session import Offered
from flows.rendering.phrasing import framed, outgoing
from flows.understanding.decision import HOLDER
from flows.understanding.meaning import Meaning

LEFT = "relay.left"
"""The card that says who has left."""
LEAVING = ("Exit:", "SilentCall:", "Privacy:forg", "CheckIn:", "Words:")
"""Where she goes when she leaves, cannot write, wants to be forgotten, answers a greeting or gives a word of hers."""
HIDDEN = ("SilentCall:", "Exit:hidden")
"""Where she was when somebody else may be the first to write."""


def may_be_told(context: Context) -> bool:
    """Say whether she may hear now that a human who wrote to her is not there any more."""
    alone = context.facts.case is None or context.facts.case.human_left
    seen = alone and context.hidden is None and not context.session.words.covered
    return bool(context.facts.left_by) and seen


def expire(context: Context, silent_for: timedelta) -> None:
    """Let it go untold after a silence: whoever writes first may be somebody else, and only a word of hers tells."""
    if silent_for > own_words.COVERS_AFTER and context.facts.left_by and not context.session.words.own:
        _settle(context)
        if context.facts.case is None and context.in_help():
            own_words.cover(context)


def asks_nothing_else(context: Context, meaning: Meaning) -> bool:
    """Say whether her next message wants nothing that has an answer: thanks, a greeting, words nothing is known of."""
    known = meaning.topic or meaning.card or meaning.command
    calm = meaning.action == "calm" and (meaning.intent == "GREET" or not known)
    return may_be_told(context) and calm and context.facts.case is None


def announce(context: Context) -> None:
    """Let the first words of the answer say that the human has left, also when her case was put back.

    With a new case open she need not hear of the one before.
    """
    if context.facts.left_by and context.facts.case is not None and not context.facts.case.human_left:
        _settle(context)
        return
    first = next((n for n, effect in enumerate(context.effects) if isinstance(effect, Say)), None)
    if first is None or not may_be_told(context) or _leaves(context):
        return
    said = context.effects[first]
    if isinstance(said, Say) and said.priority > HELP:
        line = outgoing(context.content.library.say(LEFT, context.session.lang, alias=context.facts.left_by))
        context.effects[first] = msgspec.structs.replace(said, outgoing=framed(said.outgoing, line, None))
        if context.facts.case is None:
            context.session.offered = context.session.offered or Offered(context.now)
        _settle(context)


def _leaves(context: Context) -> bool:
    """Say whether she leaves or is silent, or was until this very message, or somebody else asks about her."""
    others = context.meaning.intent == HOLDER
    return others or context.session.state.startswith(LEAVING) or context.before.state.startswith(HIDDEN)


def _settle(context: Context) -> None:
    context.facts.left_by = ""
    context.effects.append(ToldLeft())
