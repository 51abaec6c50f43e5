"""Referrals: her yes or no to what the human beside her asks, in words or as the number it names, is confirmed.

Words count only while that question is the only one and the last that reached her: "có" may answer anything else.
Behind the cover, and after her word for danger, somebody else may answer: a human hears it, nothing else does.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from content.directory.numbers import name_of
from flows.context import Context
from flows.model.effects import AnswerReferral
from flows.model.facts import ReferralSeen
from flows.model.messages import Choice
from flows.parsing.numbers import code_number_in
from flows.parsing.yes_no import assent
from flows.rendering.phrasing import outgoing
from flows.understanding import Meaning

AGREED, DECLINED, EXPLAINED = "referral.agreed", "referral.declined", "referral.explained"
QUESTION = "help_share"
"""A card that asks the same of her: what is a plain yes or no to it is one here."""
ANSWERS = (Choice("", "agree"), Choice("", "decline"))
ASKED = ("asked", "declined")
"""How a referral stands that her yes changes."""
WHOLE_SECOND = timedelta(seconds=1)
"""Telegram tells whole seconds."""


def answer(context: Context, meaning: Meaning) -> None:
    """Take what she writes beside a human as the answer to the question about a service, where it is one."""
    case, text = context.facts.case, context.incoming.text
    asked = case.referral if case is not None else None
    if case is None or asked is None or context.session.words.covered:
        return
    number = code_number_in(text)
    if number and number in (asked.yes, asked.no):
        _confirm(context, asked, given=number == asked.yes)
    elif asked.asked_at is not None and context.incoming.at + WHOLE_SECOND >= asked.asked_at:
        _hear_words(context, asked, meaning)


def _hear_words(context: Context, asked: ReferralSeen, meaning: Meaning) -> None:
    choice = assent(context.incoming.text, ANSWERS, context.lexicon, card=QUESTION, consent=True)
    if choice is not None:
        given = choice.value == "agree"
        context.effects.append(AnswerReferral(asked.id, given))
        _confirm(context, asked, given=given)
    elif meaning.rule == "courtesy.puzzled":
        context.say(outgoing(context.content.library.say(EXPLAINED, context.session.lang, yes=asked.yes, no=asked.no)))


def _confirm(context: Context, asked: ReferralSeen, *, given: bool) -> None:
    """Say what was noted, once; a yes that was taken back is asked for anew by the human."""
    news = asked.state in ASKED if given else asked.state not in ("declined", "withdrawn")
    if news:
        library, lang = context.content.library, context.session.lang
        named = {"service": name_of(library.services[asked.service], lang)} if asked.service in library.services else {}
        card = f"{AGREED if given else DECLINED}{'' if named else '_life'}"
        context.say(outgoing(library.say(card, lang, **named, **({"no": asked.no} if given else {}))))
    state = "agreed" if given else "declined"
    if context.facts.case is not None:
        now = msgspec.structs.replace(asked, state=state if news else asked.state, asked_at=None)
        context.facts.case = msgspec.structs.replace(context.facts.case, referral=now)
