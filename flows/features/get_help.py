"""Getting help: how she may be written to, for whom it is, what is needed, what may be shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from content.directory.numbers import is_home
from content.directory.shifts import shift_words
from flows.context import Context
from flows.features import situations
from flows.features.cases import WITHOUT_A_CASE
from flows.features.places import every_place
from flows.model.definition import State
from flows.model.effects import NoteOnCase, OpenCase, RecordConsent
from flows.model.messages import Outgoing
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing, framed

CONSENT_TO_HANDOFF = "C2"
CONSENT_CARD = "help_contact"
CONSENT_TO_SHARE = "C3"
SHARE_CARD = "help_share"
CHILDREN = frozenset({"under_16", "from_16"})
"""Ages below eighteen: the case goes to somebody trained for children."""
HEARD = "help_heard"
"""The sentence above the numbers for whoever wrote of harm that is no cry."""
ALONE_PLAIN = "help_alone_plain"
"""The answers with nobody on duty for whoever has told nothing that could be read about."""
TOLD_OF_DUTY = "under_16"
"""Whoever says that is told at once that we must call 111 (safety rule 16)."""
_NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)


@action(helps=True)
def note_contact(context: Context) -> None:
    """Tell the people of the case how she may be written to."""
    context.update_data(contact=context.answer)
    context.effects.append(NoteOnCase("contact", context.answer))


@action(consent=CONSENT_TO_HANDOFF)
def take_who(context: Context) -> None:
    """Tell the people of the case whether it is about her or about somebody else."""
    context.effects.append(NoteOnCase("who", context.answer))


@action(consent=CONSENT_TO_HANDOFF)
def take_age(context: Context) -> None:
    """Tell the people of the case the age band, never an age; below eighteen the case is marked `child`."""
    context.effects.append(NoteOnCase("age", context.answer))
    if context.answer in CHILDREN:
        context.update_data(minor="yes")
        marks = ("child", *((TOLD_OF_DUTY,) if context.answer == TOLD_OF_DUTY else ()))
        if context.facts.case is not None:
            context.effects.append(
                OpenCase(context.facts.case.level, context.session.state, context.session.place, marks)
            )


@action(consent=CONSENT_TO_HANDOFF)
def take_need(context: Context) -> None:
    """Tell the people of the case one thing that is needed; the same answer again is nothing new."""
    needs = context.session.data.get("need", "").split()
    if context.answer not in needs:
        context.update_data(need=" ".join([*needs, context.answer]))
        context.effects.append(NoteOnCase("need", context.answer))


@action(consent=CONSENT_TO_SHARE, agreement=SHARE_CARD)
def agree_to_share(context: Context) -> None:
    """Record her yes to a word with one organisation, named in the text she saw."""
    context.effects.append(RecordConsent(CONSENT_TO_SHARE, context.version_seen(SHARE_CARD), True))


@action(agreement=SHARE_CARD, without_consent="only her no is recorded")
def decline_to_share(context: Context) -> None:
    """Record her no to it; the case goes on as it was."""
    context.effects.append(RecordConsent(CONSENT_TO_SHARE, context.version_seen(SHARE_CARD), False))


@action()
def note_minor(context: Context) -> None:
    """Remember, on the way to help, that she came from the young people's corner."""
    context.update_data(minor="yes")


@action()
def note_no_danger(context: Context) -> None:
    """Remember that the danger question has been answered with no, so that it is not asked twice."""
    context.update_data(danger="no")


@action(consent=CONSENT_TO_HANDOFF, agreement=CONSENT_CARD)
def consent(context: Context) -> None:
    """Record her yes to being read by the people of her case, in the version of the text she saw."""
    _record(context, given=True)


@action(agreement=CONSENT_CARD, without_consent="only her no is recorded")
def refuse(context: Context) -> None:
    """Record her no. A case that danger has opened stays open; nothing more is asked."""
    _record(context, given=False)
    context.clear()


def _record(context: Context, *, given: bool) -> None:
    version = context.version_seen(CONSENT_CARD)
    context.effects.append(RecordConsent(CONSENT_TO_HANDOFF, version, given))


@condition()
def needs_shelter(context: Context) -> bool:
    """A safe place is among what she said is needed."""
    return "shelter" in context.session.data.get("need", "").split()


@condition()
def contact_known(context: Context) -> bool:
    """She has already said, in this conversation, how she may be written to."""
    return "contact" in context.session.data


@condition()
def danger_asked(context: Context) -> bool:
    """She has already said, in this conversation, that she is in no danger right now."""
    return context.session.data.get("danger") == "no"


def wrote_of_harm(context: Context) -> bool:
    """Say whether what she wrote now is harm: what she wrote before is told to nobody who picks up the phone."""
    return context.cry > WITHOUT_A_CASE


def _numbers_offered(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for place in every_place(phrasing.library):
        for situation in ("", *phrasing.library.situations):
            yield phrasing.numbers_below(HEARD, place, lang, situation)


@prompt(samples=_numbers_offered, helps=True)
def numbers_offered(context: Context, state: State) -> Outgoing:
    """Return the numbers of where she is to stand above the offer of people, below a sentence that fits what she wrote.

    Where they stand on the screen already, right after a danger question too, only the offer is made.
    """
    if situations.LED in context.session.data or situations.numbers_seen(context):
        return context.content.card(state.choices, context.session.lang)
    return numbers_of(context)


def numbers_of(context: Context) -> Outgoing:
    """Return the numbers of where she is, below the sentence that fits her words where they tell of harm."""
    session = context.session
    context.urgent()
    situations.note_numbers(context)
    if not wrote_of_harm(context):
        child = situations.CHILD if session.data.get("minor") == "yes" else ""
        return context.content.numbers(session.place, session.lang, child)
    situation = situations.heard(context, context.meaning.rule)
    return context.content.numbers_below(HEARD, session.place, session.lang, situation, context.now)


def _hand_offs(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for place in every_place(phrasing.library):
        for situation in ("", *phrasing.library.situations):
            numbers = phrasing.numbers_below(HEARD, place, lang, situation)
            yield framed(phrasing.handoff(place, lang, _NOON, situation), numbers, None, apart="\n")


@prompt(samples=_hand_offs, helps=True)
def hand_off(context: Context, state: State) -> Outgoing:
    """Return the numbers of where she is and, below them, that nobody of ours is on duty (safety rule 18).

    The numbers are left out where she has just seen them; what could be read is offered to who wrote of something.
    """
    numbers = None if situations.numbers_seen(context) else numbers_of(context)
    told = framed(situations.who_answers(context), numbers, None, apart="\n")
    tail = state.choices if situations.told_of_something(context) else ALONE_PLAIN
    return context.content.joined(told, context.content.card(tail, context.session.lang))


def _shifts(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    told = shift_words(phrasing.library.say, _NOON + timedelta(days=2), lang, _NOON, away=True)
    tail = phrasing.card(state.choices, lang)
    yield msgspec.structs.replace(tail, text=f"{told}. {tail.text}")


@prompt(samples=_shifts)
def next_shift(context: Context, state: State) -> Outgoing:
    """Return that her words wait, and when somebody is on duty next, as far as the roster knows it."""
    session, tail = context.session, context.content.card(state.choices, context.session.lang)
    away = not is_home(session.place)
    told = shift_words(context.content.library.say, context.facts.next_shift, session.lang, context.now, away=away)
    return msgspec.structs.replace(tail, text=f"{told}. {tail.text}") if told else tail
