"""Check-ins: what she agrees to, her code word, her answers, and the flag that pages a human."""

from __future__ import annotations

import msgspec

from flows.context import Context
from flows.features.cases import raise_for
from flows.model.effects import AddToCase, Agree, AnswerCheckIn, ChangePlan, EndCheckIn, OpenCheckIn, RecordConsent
from flows.model.facts import CareSeen
from flows.parsing.code_words import folded, tag, usable
from flows.registry import action, condition

CONSENT_TO_CHECK_INS = "C4"
AGREEMENT_CARD = "agree_offer"
HOURS = {"morning": (540, 660), "noon": (690, 780), "evening": (1170, 1230)}
"""The windows she can choose, in minutes of the day in Viet Nam."""
FLAG_LEVEL = 2
"""The danger level of a hard garden: she does not feel safe (domain protocol, check-ins: L2 at least)."""


@action(consent=CONSENT_TO_CHECK_INS, agreement=AGREEMENT_CARD)
def agree_to_check_ins(context: Context) -> None:
    """Record her yes to check-ins, in the version of the text she saw."""
    _record(context, given=True)


@action(agreement=AGREEMENT_CARD, without_consent="only her no is recorded")
def decline_check_ins(context: Context) -> None:
    """Record her no; nothing is asked again."""
    _record(context, given=False)
    context.clear()


def _record(context: Context, *, given: bool) -> None:
    version = context.version_seen(AGREEMENT_CARD)
    context.effects.append(RecordConsent(CONSENT_TO_CHECK_INS, version, given))


@action(consent=CONSENT_TO_CHECK_INS)
def take_hours(context: Context) -> None:
    """Remember when she may be written to."""
    context.update_data(hours=context.answer)


@action(consent=CONSENT_TO_CHECK_INS)
def remember_code(context: Context) -> None:
    """Remember the word she typed, as a keyed hash, until she has typed it again."""
    context.update_data(code=_mark(context))


@action(consent=CONSENT_TO_CHECK_INS)
def take_code(context: Context) -> None:
    """Keep the agreement: her hours and, as a keyed hash made by the store, her word."""
    hours = HOURS[context.session.data.get("hours", "morning")]
    context.effects.append(Agree(hours, context.incoming.text, context.session.lang))


@action()
def open_check_in(context: Context) -> None:
    """Note that she opened the questions with her word; the greeting needs no cover any more."""
    context.clear()
    care = context.facts.care
    context.facts.care = None if care is None else msgspec.structs.replace(care, greeted=False)
    context.effects.append(OpenCheckIn())


@action(consent=CONSENT_TO_CHECK_INS)
def answer_garden(context: Context) -> None:
    """Keep what she said of the garden."""
    context.effects.append(AnswerCheckIn("garden", context.answer))


@action(consent=CONSENT_TO_CHECK_INS)
def answer_strength(context: Context) -> None:
    """Keep what she said of her strength; that was the last question."""
    context.effects.append(AnswerCheckIn("strength", context.answer))
    context.effects.append(EndCheckIn())
    context.facts.care = _without_waiting(context.facts.care)


@action(helps=True)
def flag_garden(context: Context) -> None:
    """A hard garden opens a case and ends the questions."""
    context.effects.append(EndCheckIn(flagged=True))
    context.facts.care = _without_waiting(context.facts.care)
    raise_for(context, FLAG_LEVEL, "check_in.garden")
    context.effects.append(AddToCase("check-in: garden = hard"))


def _without_waiting(care: CareSeen | None) -> CareSeen | None:
    return None if care is None else CareSeen(care.plan)


def _change(context: Context, to: str) -> None:
    context.effects.append(ChangePlan(to))
    context.facts.care = None if to == "stopped" else CareSeen(to)


@action()
def pause_plan(context: Context) -> None:
    """Let her check-ins rest."""
    _change(context, "paused")


@action(consent=CONSENT_TO_CHECK_INS)
def resume_plan(context: Context) -> None:
    """Let her check-ins go on."""
    _change(context, "active")


@action()
def end_plan(context: Context) -> None:
    """End her check-ins for good."""
    _change(context, "stopped")


@condition(proves=CONSENT_TO_CHECK_INS)
def plan_living(context: Context) -> bool:
    """She has agreed to check-ins, whether or not they have begun."""
    return context.facts.care is not None


@condition(proves=CONSENT_TO_CHECK_INS)
def plan_paused(context: Context) -> bool:
    """Her check-ins rest."""
    return context.facts.care is not None and context.facts.care.plan == "paused"


@condition(proves=CONSENT_TO_CHECK_INS)
def check_in_waiting(context: Context) -> bool:
    """A check-in was sent and waits for her word."""
    return context.facts.care is not None and bool(context.facts.care.code)


@condition()
def code_repeated(context: Context) -> bool:
    """She typed the same word again."""
    return context.session.data.get("code", "") == _mark(context)


def _mark(context: Context) -> str:
    return tag(context.facts.salt, folded(context.incoming.text)).hex()


@condition()
def code_usable(context: Context) -> bool:
    """What she typed can be a code word: long enough, and nothing that means something else here."""
    return usable(context.incoming.text, context.lexicon)
