"""Offers: one line below what she is answered with anyway, and "0", which brings help.

Her words alone caused it, a doubt or a question about harm: nothing is asked and nothing is opened (safety rule 21).
What she wrote goes to the people of the case that "0" opens, and with the offer when it is not taken. The same holds
for the words of which a question about danger was asked: whoever opens a case at it has told them already.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.features import situations
from flows.features.doubt import HOLDS, asked_about, help_offered, let_asked_go, offer_of
from flows.model.effects import COVER, AddToCase, Forget, OpenCase, Silence
from flows.model.session import SmallSigns
from flows.parsing.zero import is_zero

LOWEST = 2
"""The lowest danger level of a case."""
HERE, UNSURE = "offer_here", "offer_unsure"
"""The line below what she asked, and the one above the menu where nothing is known of what she asked."""


def make(context: Context, level: int, rule: str, *, known: bool, child: bool = False, calm: bool = False) -> None:
    """Let the next question carry the offer; `known` says that it answers what she asked.

    `calm`: nothing is remembered of words that are calm by themselves.
    """
    context.offer = offer_of(context, level, rule, child=child, calm=calm)
    line = context.content.card(HERE if known else UNSURE, context.session.lang)
    context.above, context.below = (None, line) if known else (line, None)


def taken(context: Context) -> bool:
    """Say whether she answers an offer; one ten minutes old is gone, and "0" brings a person as it does to anybody."""
    return is_open(context) and is_zero(context.incoming.text)


def is_open(context: Context) -> bool:
    """Say whether help is on offer and no case is open yet."""
    return help_offered(context) and context.facts.case is None


def take(context: Context) -> str:
    """Take the help that "0" brings, and return the trigger that leads there."""
    offered = context.session.offered
    if offered is None or offered.level == 0:
        context.session.offered = None
        return "human"
    context.answer, context.cry, context.reason = "0", max(offered.level, LOWEST), offered.rule
    situations.take(context, offered.situation)
    if offered.child:
        context.update_data(minor="yes")
    return "offer_taken"


def settle(context: Context) -> None:
    """Hand what she wrote before to the people of the case that she opens; let an offer go that is old."""
    effects, words = context.effects, tuple(_written_before(context))
    if not is_open(context):
        context.session.offered = None
    opens = next((n for n, effect in enumerate(effects) if isinstance(effect, OpenCase)), None)
    if opens is not None:
        behind = COVER if context.session.words.covered else ""
        effects[opens + 1 : opens + 1] = [AddToCase(one, "", behind) for one in dict.fromkeys(words) if one.strip()]
        let_asked_go(context)


def _written_before(context: Context) -> Iterator[str]:
    """Yield the words that caused the offer, and those of which she was asked about danger; none ten minutes old."""
    offered, asked = context.session.offered, context.before.asked_at
    if offered is not None and context.now - offered.at <= HOLDS:
        yield offered.words
    if asked is not None and context.now - asked <= HOLDS:
        yield asked_about(context)


def end(context: Context) -> None:
    """Withdraw the offer and forget what led to it: she stopped, left in a hurry or asked to be forgotten."""
    if any(isinstance(effect, Silence | Forget) for effect in context.effects):
        context.session.offered, context.session.signs, context.session.misses = None, SmallSigns(), 0


def expire(context: Context) -> None:
    """In a new talk nothing of the old one is on offer, and one may be made again."""
    context.session.offered, context.session.misses = None, 0
    context.session.signs = SmallSigns(context.session.signs.weight, context.session.signs.at)
