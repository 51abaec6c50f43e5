"""Despair: the script for thoughts of suicide, and what the people of the case should know."""

from __future__ import annotations

from flows.context import Context
from flows.features.cases import raise_for
from flows.features.situations import DESPAIR, SELF_HARM
from flows.model.effects import NoteOnCase
from flows.registry import action, condition

ASKED = "despair"
"""What is remembered of the script: that it was begun in this conversation."""
LEVEL = 3
"""The danger level of thoughts of suicide; a plan, means at hand or an act is 4 (domain protocol)."""


@action()
def raise_despair(context: Context) -> None:
    """Open the case or raise it at the level of thoughts of suicide, marked as that."""
    context.reason = "suicide.answer"
    raise_for(context, LEVEL, context.reason)


@action()
def note_despair_asked(context: Context) -> None:
    """Remember that she has been asked, so that the same questions are not put to her again."""
    context.session.situation = context.session.situation or DESPAIR
    context.update_data(**{ASKED: "asked"})


@action()
def note_despair(context: Context) -> None:
    """Tell the people of the case what she answered about hurting herself."""
    context.effects.append(NoteOnCase("despair", context.answer))


@action()
def note_somebody_near(context: Context) -> None:
    """Tell the people of the case whether somebody is with her."""
    context.effects.append(NoteOnCase("near", context.answer))


@action()
def note_means(context: Context) -> None:
    """Tell the people of the case whether what could hurt her is out of reach; what it is nobody asks."""
    context.effects.append(NoteOnCase("means_away", context.answer))


@condition()
def despairs(context: Context) -> bool:
    """What she wrote speaks of suicide."""
    return context.reason.startswith("suicide.") or context.meaning.intent == "SUICIDE"


@condition()
def acts_now(context: Context) -> bool:
    """What she wrote speaks of a danger to life in this very moment."""
    return context.cry >= 4


@condition()
def despair_asked(context: Context) -> bool:
    """The questions for thoughts of suicide were put to her in this conversation."""
    return ASKED in context.session.data


@condition()
def self_harm_now(context: Context) -> bool:
    """What she wrote speaks of poison or self-harm that is done or about to be."""
    return context.session.situation == SELF_HARM
