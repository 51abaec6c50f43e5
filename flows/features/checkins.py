"""Actions of check-ins: what she agrees to, her word, her answers, and the flag that calls a human."""

from __future__ import annotations

from collections.abc import Callable

from flows.context import Context
from flows.features.cases import raise_for
from flows.model.effects import AddToCase, Agree, AnswerCheckIn, ChangePlan, EndCheckIn, OpenCheckIn, RecordConsent
from flows.model.session import CareSeen

CONSENT_TO_CHECK_INS = "C4"
AGREEMENT_CARD = "agree_offer"
HOURS = {"morning": (540, 660), "noon": (690, 780), "evening": (1170, 1230)}
"""The windows she can choose, in minutes of the day in Viet Nam."""
FLAG_LEVEL = 2
"""The danger level of a hard garden: she does not feel safe (domain protocol, check-ins: L2 at least)."""


def agree_to_check_ins(context: Context) -> None:
    """Record her yes to check-ins, in the version of the text she saw."""
    _record(context, given=True)


def decline_check_ins(context: Context) -> None:
    """Record her no; nothing is asked again."""
    _record(context, given=False)
    context.clear()


def _record(context: Context, *, given: bool) -> None:
    version = context.version_seen(AGREEMENT_CARD)
    context.effects.append(RecordConsent(CONSENT_TO_CHECK_INS, version, given))


def take_hours(context: Context) -> None:
    """Remember when she may be written to."""
    context.update_data(hours=context.answer)


def take_code(context: Context) -> None:
    """Keep the agreement: her hours and, as a keyed hash made by the store, her word."""
    hours = HOURS[context.data.get("hours", "morning")]
    context.effects.append(Agree(hours, context.incoming.text, context.lang))


def open_check_in(context: Context) -> None:
    """Note that she opened the questions with her word."""
    context.clear()
    context.effects.append(OpenCheckIn())


def answer_garden(context: Context) -> None:
    """Keep what she said of the garden."""
    context.effects.append(AnswerCheckIn("garden", context.answer))


def answer_strength(context: Context) -> None:
    """Keep what she said of her strength; that was the last question."""
    context.effects.append(AnswerCheckIn("strength", context.answer))
    context.effects.append(EndCheckIn())
    context.care = _without_waiting(context.care)


def flag_garden(context: Context) -> None:
    """A hard garden opens a case and ends the questions."""
    context.effects.append(EndCheckIn(flagged=True))
    context.care = _without_waiting(context.care)
    raise_for(context, FLAG_LEVEL, "check_in.garden")
    context.effects.append(AddToCase("check-in: garden = hard"))


def _without_waiting(care: CareSeen | None) -> CareSeen | None:
    return None if care is None else CareSeen(care.plan)


def _changes(name: str, to: str, doc: str) -> Callable[[Context], None]:
    def change(context: Context) -> None:
        context.effects.append(ChangePlan(to))
        context.care = None if to == "stopped" else CareSeen(to)

    change.__name__ = name
    change.__doc__ = doc
    return change


pause_plan = _changes("pause_plan", "paused", "Let her check-ins rest.")
resume_plan = _changes("resume_plan", "active", "Let her check-ins go on.")
end_plan = _changes("end_plan", "stopped", "End her check-ins for good.")
