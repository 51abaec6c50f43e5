"""Actions that remember an answer: where she is, how she may be written to, what she agreed to, what she reads."""

from __future__ import annotations

from flows.context import Context
from flows.model.effects import KeepSecondWay, NoteOnCase, OpenCase, RecordConsent

CONSENT_TO_HANDOFF = "C2"
CONSENT_CARD = "help_contact"
CONSENT_TO_SHARE = "C3"
SHARE_CARD = "help_share"
CONSENT_TO_SECOND_WAY = "C5"
SECOND_WAY_CARD = "help_second_way"
CHILDREN = frozenset({"under_16", "from_16"})
"""Ages below eighteen: the case goes to somebody trained for children."""
TOLD_OF_DUTY = "under_16"
"""Whoever says that is told at once that we must call 111 (safety rule 16)."""

PLACE_ASKED_IN, PLACE_GIVEN_IN = "where_asked", "where_given"
"""What is remembered of a typed answer so that she can correct it: the state that asked, the id of her message."""

PLACES = {"vn": "vn", "abroad": "abroad", "elsewhere": "abroad", "unknown": ""}
"""Choices that are no country; every other choice of a place is a country's ISO 3166 code."""


def take_place(context: Context) -> None:
    """Remember where she says she is; the country stays a code, never an address."""
    remember_place(context, place_of(context.answer), context.answer)


def remember_place(context: Context, place: str, said: str) -> None:
    """Remember a place of her own, from now on; `said` is the answer as it was chosen, or the place itself."""
    context.place, context.place_at = place, context.now
    context.update_data(where=said)
    if context.incoming.message_id and context.incoming.kind == "text":
        asked, given = context.session.state, context.incoming.message_id
        context.update_data(**{PLACE_ASKED_IN: asked, PLACE_GIVEN_IN: given})
    if context.case is not None:
        context.effects.append(NoteOnCase("where", context.place or "unknown"))


def place_of(value: str) -> str:
    """Return the place that a choice stands for, as a session holds it."""
    return PLACES.get(value, f"abroad:{value.upper()}")


def look_up_place(context: Context) -> None:
    """Remember of which place she wants the numbers, as long as she reads them: it is not where she is."""
    group = context.state.partition(":")[0]
    context.update_data(**{looked_up(group): place_of(context.answer)})


def end_look_up(context: Context) -> None:
    """Go back from a place looked up to where she is."""
    context.leave_others("")


def looked_up(group: str) -> str:
    """Return the name of the place looked up in a flow; it is forgotten when the flow is left."""
    return f"{group}.place"


def note_contact(context: Context) -> None:
    """Tell the people of the case how she may be written to."""
    context.update_data(contact=context.answer)
    context.effects.append(NoteOnCase("contact", context.answer))


def take_who(context: Context) -> None:
    """Tell the people of the case whether it is about her or about somebody else."""
    context.effects.append(NoteOnCase("who", context.answer))


def take_age(context: Context) -> None:
    """Tell the people of the case the age band, never an age; below eighteen the case is marked `child`."""
    context.effects.append(NoteOnCase("age", context.answer))
    if context.answer in CHILDREN:
        context.update_data(minor="yes")
        marks = ("child", *((TOLD_OF_DUTY,) if context.answer == TOLD_OF_DUTY else ()))
        if context.case is not None:
            context.effects.append(OpenCase(context.case.level, context.state, context.place, marks))


def take_need(context: Context) -> None:
    """Tell the people of the case one thing that is needed; the same answer again is nothing new."""
    needs = context.data.get("need", "").split()
    if context.answer not in needs:
        context.update_data(need=" ".join([*needs, context.answer]))
        context.effects.append(NoteOnCase("need", context.answer))


def agree_to_share(context: Context) -> None:
    """Record her yes to a word with one organisation, named in the text she saw."""
    context.effects.append(RecordConsent(CONSENT_TO_SHARE, context.version_seen(SHARE_CARD), True))


def decline_to_share(context: Context) -> None:
    """Record her no to it; the case goes on as it was."""
    context.effects.append(RecordConsent(CONSENT_TO_SHARE, context.version_seen(SHARE_CARD), False))


def agree_to_second_way(context: Context) -> None:
    """Record her yes to keeping another number, in the version of the text she saw."""
    context.effects.append(RecordConsent(CONSENT_TO_SECOND_WAY, context.version_seen(SECOND_WAY_CARD), True))


def decline_second_way(context: Context) -> None:
    """Record her no to it, and let go of a number kept before; she is written to here."""
    context.effects.append(RecordConsent(CONSENT_TO_SECOND_WAY, context.version_seen(SECOND_WAY_CARD), False))
    leave_second_way(context)


def leave_second_way(context: Context) -> None:
    """Keep no number after all; she is written to here."""
    context.update_data(contact="here")
    context.effects += [KeepSecondWay(""), NoteOnCase("contact", "here")]


def keep_second_way(context: Context) -> None:
    """Hand the number she typed to the readers of her case, and to nobody else; it stays in no answer of the flow."""
    context.effects.append(KeepSecondWay(context.incoming.text.strip()))


def note_minor(context: Context) -> None:
    """Remember, on the way to help, that she came from the young people's corner."""
    context.update_data(minor="yes")


def note_no_danger(context: Context) -> None:
    """Remember that the danger question has been answered with no, so that it is not asked twice."""
    context.update_data(danger="no")


def consent(context: Context) -> None:
    """Record her yes to being read by the people of her case, in the version of the text she saw."""
    _record(context, given=True)


def refuse(context: Context) -> None:
    """Record her no. A case that danger has opened stays open; nothing more is asked."""
    _record(context, given=False)
    context.clear()


def _record(context: Context, *, given: bool) -> None:
    version = context.version_seen(CONSENT_CARD)
    context.effects.append(RecordConsent(CONSENT_TO_HANDOFF, version, given))


def first_card(context: Context) -> None:
    """Begin the shelf at its first card."""
    context.data = {"card": "0"}


def take_language(context: Context) -> None:
    """Speak the language she chose from here on."""
    context.lang = context.answer


def take_exit(context: Context) -> None:
    """Remember whether a hurried exit shows cover messages or nothing."""
    context.quiet_exit = context.answer == "nothing"
