"""Situations: what she wrote of in this talk, which chooses the first sentence and orders the numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.context import Context
from flows.model.messages import Outgoing
from flows.parsing.ages import spelt_out
from flows.parsing.situations import matcher_of
from flows.registry import action

DESPAIR, SELF_HARM = "despair", "self_harm"
"""Thoughts of suicide; and what is done already or about to be (poison too), where minutes count."""

LED = "GetHelp.led"
"""That help was offered after her "no" to a danger question."""

READ = "GetHelp.about"
"""The trigger of what can be read about harm that is no cry, where help was offered."""

SEEN, SEEN_FOR = "numbers", timedelta(minutes=30)
"""What is remembered of the numbers she was shown last, and how long they count as seen."""

HANDED = "handed"
"""The same of the hand-off below them."""

CHILD = "child"
"""Whoever wrote before that she is one, or stands in the corner of the young."""


def heard(context: Context, rule: str) -> str:
    """Return the situation of what she wrote now, "" for none; `rule` is the one that decided."""
    library = context.content.library
    young = context.session.data.get("minor") == "yes" or context.session.state.startswith("Youth:")
    known = frozenset({CHILD}) if young else frozenset()
    matcher = matcher_of(library.lexicon, library.situation_table)
    return matcher.situation(spelt_out(context.incoming.text), rule, known=known)


def take_situation(context: Context, rule: str) -> None:
    """Take the situation of a cry; where it names nothing, what was told before stays in mind."""
    take(context, heard(context, rule))


def take(context: Context, situation: str) -> None:
    """Take a situation; "" leaves the one of before, without its minutes."""
    before = context.session.situation
    context.session.situation = situation or (_left(context) if before == SELF_HARM else before)


def expire(context: Context) -> None:
    """In a new talk minutes count no more; without a case nothing is left of the old one."""
    context.session.situation = _left(context) if context.facts.case is not None else ""


def shown(context: Context) -> str:
    """Return the situation her answer may show; behind the cover nothing that was written before it."""
    return context.session.situation if context.hidden is None or context.cry else ""


@action()
def note_numbers(context: Context) -> None:
    """Remember of which place and situation she has just seen the numbers."""
    _note(context, SEEN)


def _note(context: Context, what: str) -> None:
    context.update_data(**{what: f"{context.now.isoformat()}|{shown(context)}|{context.session.place}"})


def numbers_seen(context: Context) -> bool:
    """Say whether she has just seen every number that she would be shown now.

    Whoever had not said where she is has seen those of home; another country has numbers of its own.
    """
    return _seen(context, SEEN)


def handed_off(context: Context) -> bool:
    """Say whether she has just read the hand-off that she would be shown now."""
    return _seen(context, HANDED)


def _seen(context: Context, what: str) -> bool:
    at, _, seen = context.session.data.get(what, "").partition("|")
    if not at or context.now - datetime.fromisoformat(at) > SEEN_FOR:
        return False
    situation, _, place = seen.partition("|")
    here = context.session.place
    return situation == shown(context) and (place == here or (place == "" and here == "vn"))


def told_of_something(context: Context) -> bool:
    """Say whether help was offered for what she wrote; whoever only asked for people has told nothing to read about."""
    return READ in context.session.data


def who_answers(context: Context) -> Outgoing:
    """Return what stands below the numbers with nobody of ours on duty: what they ask, when somebody is next."""
    session, facts = context.session, context.facts
    _note(context, HANDED)
    return context.content.handoff(session.place, session.lang, context.now, shown(context), facts.next_shift)


def tells_duty(context: Context) -> bool:
    """Say whether the sentence of her situation says whom we must call for a child."""
    row = context.content.library.situations.get(shown(context))
    return row is not None and row.duty


def _left(context: Context) -> str:
    return DESPAIR if context.session.situation in (DESPAIR, SELF_HARM) else ""
