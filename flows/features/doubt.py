"""Doubt about danger: a danger question that may be wrong, what made us ask, and what is calm beside it. Pure.

Doubt asks and opens nothing (safety rule 21). Only where a rule heard danger do words that go on sounding like it bring
a human without an answer; after "no" she is led to what she wrote.
"""

from __future__ import annotations

from flows.context import Context
from flows.features.danger_question import ABOVE, above
from flows.registry import action, condition
from flows.understanding import understanding_of
from flows.understanding.decision import CRY, SUSPICION
from flows.understanding.meaning import Meaning

DOUBT = SUSPICION.rule.id
"""The rule of a message in which no rule heard anything, and only the learnt weights have a doubt."""

WHY, ABOUT = "Cry.why", "Cry.about"
"""Why the danger question was asked (an intent, or DOUBT), and the trigger of what she had asked about."""

LED = "GetHelp.led"
"""That help was offered after her "no"."""

FEW = 2
"""Words of a message that is not weighed by itself."""

ENOUGH, MUCH = 0, 150
"""What the weights say where something else agrees, and where nothing does: one in fourteen ordinary messages."""

TRIGGER_OF_INTENT = {"QUIZ": "quiz", "MINOR": "youth", "BABY": "surrogacy_offer"}
"""What is meant by words that name no topic of their own; an offer for a child only where it is a risk (level 1)."""


def subject(meaning: Meaning) -> str:
    """Return the trigger of what calm words are about; "" when that is not known."""
    named = "" if meaning.intent == "BABY" and meaning.level == 0 else TRIGGER_OF_INTENT.get(meaning.intent, "")
    return named or meaning.topic or ""


@action()
def note_why(context: Context) -> None:
    """Remember why she is asked about danger and what her words are about: words of the lexicon, never hers."""
    meaning = context.meaning
    by_rule = meaning.rule != DOUBT and meaning.level >= CRY
    ruled = "" if meaning.leant else meaning.topic
    about = ruled or ("" if by_rule and meaning.intent == "HELP" else subject(meaning))
    context.update_data(**{WHY: meaning.intent if by_rule else DOUBT, ABOUT: about, ABOVE: above(context)})


@action()
def note_led_here(context: Context) -> None:
    """Remember that help was offered because we had asked about danger, and that she had answered no."""
    context.update_data(**{LED: "no"})


@condition()
def led_here(context: Context) -> bool:
    """Help is on offer because we had asked about danger; she has not chosen it."""
    return LED in context.session.data


@condition()
def asked_for_help(context: Context) -> bool:
    """The words that led to the danger question asked for help; doubt is none."""
    return context.session.data.get(WHY) == "HELP"


@condition()
def asked_by_rule(context: Context) -> bool:
    """The danger question was asked because a rule heard danger, not because the weights had a doubt."""
    return context.session.data.get(WHY, DOUBT) != DOUBT


@condition()
def heard_by_rule(context: Context) -> bool:
    """A rule heard danger in what she wrote now."""
    return context.meaning.rule != DOUBT and context.meaning.level >= CRY


@condition()
def still_like_a_cry(context: Context) -> bool:
    """What she wrote now sounds like a cry as well: a plea, or a rule and the weights agree, or these are very sure.

    Where it is all she wrote, a word or two, the weights need not be sure: `hu hu`.
    """
    meaning, text = context.meaning, context.incoming.text
    if meaning.command or meaning.intent == "GREET":
        return False
    if heard_by_rule(context) and meaning.intent == "HELP":
        return True
    agrees = heard_by_rule(context) or len(text.split()) <= FEW
    return understanding_of(context.lexicon).weight(text) >= (ENOUGH if agrees else MUCH)


@condition()
def small_talk(context: Context) -> bool:
    """What she wrote now is a greeting, thanks, a sign, sent by mistake, or about something a rule knows."""
    meaning = context.meaning
    known = meaning.command == "mistake" or meaning.intent == "GREET" or (meaning.topic and not meaning.leant)
    return meaning.action == "calm" and bool(known or not any(map(str.isalnum, context.incoming.text)))
