"""Kept answers: what a human wrote in her silence waits for her `1`, her own word or a cry (safety rules 6, 19 and 23).

Whatever else is written first is answered as a newcomer is, and below it stands the line of the nudge: whoever holds
the phone learns no more than that. Pure.
"""

from __future__ import annotations

from flows.context import Context
from flows.features.cases import keep_words
from flows.model.effects import OpenCase, ReleaseKept
from flows.parsing.numbers import number_in

NUDGE = "relay.knock"


def asked_for(context: Context) -> bool:
    """Say whether she answers the nudge: `1` where no question of the bot is on offer."""
    return (
        context.facts.answer_kept and not context.session.prompt and number_in(context.incoming.text, days=False) == 1
    )


def hand_over(context: Context) -> bool:
    """Let what is kept leave: it is what answers her, and her `1` goes to the people of her case."""
    context.come_back()
    keep_words(context)
    _release(context)
    return True


def release_after(context: Context) -> None:
    """Let what is kept leave after a cry, or after her own word took the cover off: it is her."""
    if context.facts.answer_kept and (any(isinstance(one, OpenCase) for one in context.effects) or _resumed(context)):
        _release(context)


def nudge(context: Context) -> bool:
    """Answer what is no sign of hers as a newcomer, with the line of the nudge below; nothing is on offer but `1`."""
    content, lang = context.content, context.session.lang
    keep_words(context)
    context.say(content.joined(content.card("newcomer", lang), content.card(NUDGE, lang)))
    context.session.state = "Idle:away"
    context.withdraw()
    return True


def nudge_beside_human(context: Context) -> None:
    """Beside a human only the line of the nudge is said: the answer is hers, whoever holds the phone."""
    context.say(context.content.card(NUDGE, context.session.lang))


def _resumed(context: Context) -> bool:
    return context.before.state == "Words:back" and context.session.state.startswith("GetHelp:")


def _release(context: Context) -> None:
    context.facts.answer_kept = False
    context.effects.append(ReleaseKept())
