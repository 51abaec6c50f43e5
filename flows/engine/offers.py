"""Offers: one line below what she is answered with anyway, and "0", which brings help.

Her words alone caused it, a doubt or a question about harm: nothing is asked and nothing is opened (safety rule 21).
What is remembered is the level and the rule of what she wrote, never her words.
"""

from __future__ import annotations

from flows.context import Context
from flows.features import situations
from flows.features.doubt import help_offered
from flows.model.effects import Forget, Silence
from flows.model.session import Offered, SmallSigns
from flows.parsing.ages import of_a_child
from flows.parsing.zero import is_zero

HERE, UNSURE = "offer_here", "offer_unsure"
"""The line below what she asked, and the one above the menu where nothing is known of what she asked."""


def make(context: Context, level: int, rule: str, *, known: bool, child: bool = False) -> None:
    """Let the next question carry the offer; `known` says that it answers what she asked."""
    child = child or of_a_child(context.incoming.text, context.lexicon)
    context.offer = Offered(context.now, level, rule, child, situations.heard(context, rule))
    line = context.content.card(HERE if known else UNSURE, context.session.lang)
    context.above, context.below = (None, line) if known else (line, None)


def taken(context: Context) -> bool:
    """Say whether she answers an offer; one ten minutes old is gone, and "0" brings a person as it does to anybody."""
    return help_offered(context) and context.facts.case is None and is_zero(context.incoming.text)


def take(context: Context) -> str:
    """Take the help that "0" brings, and return the trigger that leads there."""
    offered = context.session.offered
    context.session.offered = None
    if offered is None or offered.level == 0:
        return "human"
    context.answer, context.cry, context.reason = "0", offered.level, offered.rule
    situations.take(context, offered.situation)
    if offered.child:
        context.update_data(minor="yes")
    return "offer_taken"


def end(context: Context) -> None:
    """Withdraw the offer and forget what led to it: she stopped, left in a hurry or asked to be forgotten."""
    if any(isinstance(effect, Silence | Forget) for effect in context.effects):
        context.session.offered, context.session.signs, context.session.misses = None, SmallSigns(), 0


def expire(context: Context) -> None:
    """In a new talk nothing of the old one is on offer, and one may be made again."""
    context.session.offered, context.session.misses = None, 0
    context.session.signs = SmallSigns(context.session.signs.weight, context.session.signs.at)
