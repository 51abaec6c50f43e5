"""Actions that remember an answer: where she is, how she may be written to, what she agreed to, what she reads."""

from __future__ import annotations

from flows.context import Context
from flows.effects import NoteOnCase, RecordConsent

CONSENT_TO_HANDOFF = "C2"
CONSENT_CARD = "help_contact"

PLACES = {"vn": "vn", "abroad": "abroad", "elsewhere": "abroad", "unknown": ""}
"""Choices that are no country; every other choice of a place is a country's ISO 3166 code."""


def take_place(context: Context) -> None:
    """Remember where she is, as she chose it; the country stays a code, never an address."""
    value = context.answer
    context.place = PLACES.get(value, f"abroad:{value.upper()}")
    context.update_data(where=value)
    if context.case is not None:
        context.effects.append(NoteOnCase("where", context.place or "unknown"))


def note_contact(context: Context) -> None:
    """Tell the people of the case how she may be written to."""
    context.update_data(contact=context.answer)
    context.effects.append(NoteOnCase("contact", context.answer))


def note_why(context: Context) -> None:
    """Remember what kind of wish led to the danger question (a word of the lexicon, never hers)."""
    context.update_data(why=context.intent)


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
