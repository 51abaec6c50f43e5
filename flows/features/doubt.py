"""Doubt about danger: a danger question that may be wrong, what made us ask, and what is calm beside it. Pure.

Doubt opens nothing (safety rule 21), and asks only where a rule heard danger: there words that go on sounding like it
bring a human without an answer, and after "no" she is led to what she wrote. What only the weights doubt is answered
with an offer (flows/engine/offers.py): what she wrote goes with it to the people of the case that she opens by taking
it, so that nobody asks her for it again.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from content.lexicon.model import LexiconData
from flows.context import Context
from flows.features import situations
from flows.features.danger_question import ABOVE, above
from flows.model.session import Offered
from flows.parsing.ages import of_a_child
from flows.registry import action, condition
from flows.understanding import understanding_of
from flows.understanding.decision import CRY, SUSPICION
from flows.understanding.meaning import Meaning

DOUBT = SUSPICION.rule.id
"""The rule of a message in which no rule heard anything, and only the learnt weights have a doubt."""

WHY, ABOUT = "Cry.why", "Cry.about"
"""Why the danger question was asked (an intent, NET or DOUBT), and the trigger of what she had asked about."""
NET = "NET"

HOLDS = timedelta(minutes=10)
"""How long "0" brings help at once; later somebody else may hold the phone, and it is what it is to anybody."""

ASKED_FOR, ASKED_FOR_DESPAIR = "Cry.words", "Despair.words"
"""What she wrote before she was asked about danger, or about hurting herself, for as long as that question stands."""

TRIGGER_OF_INTENT = {"QUIZ": "quiz", "MINOR": "youth", "BABY": "surrogacy_offer"}
"""What is meant by words that name no topic of their own; an offer for a child only where it is a risk (level 1)."""


NO_SUBJECT = frozenset({"stop", "quick_exit"})
"""Topics that are orders: in words that are in doubt they are none."""


LEANT = {"report_suspicion": "family"}
"""Where learnt words lead whose own flow begins with a question about danger: to what can be read about it."""


def subject(meaning: Meaning) -> str:
    """Return the trigger of what words are about; "" when that is not known."""
    named = "" if meaning.intent == "BABY" and meaning.level == 0 else TRIGGER_OF_INTENT.get(meaning.intent, "")
    topic = (meaning.topic or "") if not meaning.leant else LEANT.get(meaning.topic or "", meaning.topic or "")
    return named or ("" if meaning.action != "calm" and topic in NO_SUBJECT else topic)


@lru_cache(maxsize=4)
def _nets(lexicon: LexiconData) -> frozenset[str]:
    """Return the rules that are wide nets: what they hear is no wish for help yet."""
    return frozenset(rule.id for rule in lexicon.rules if rule.net)


@action()
def note_why(context: Context) -> None:
    """Remember why she is asked about danger and what her words are about: words of the lexicon, never hers."""
    meaning = context.meaning
    by_rule, net = heard_by_rule(context), meaning.rule in _nets(context.lexicon)
    ruled = "" if meaning.leant or meaning.topic in NO_SUBJECT else meaning.topic
    about = ruled or ("" if meaning.intent == "HELP" and by_rule and not net else subject(meaning))
    why = (NET if net else meaning.intent) if by_rule else DOUBT
    situations.take(context, situations.heard(context, meaning.rule) if by_rule else "")
    context.update_data(**{WHY: why, ABOUT: about, ABOVE: above(context), ASKED_FOR: context.incoming.text})
    context.urgent()


@action()
def note_words(context: Context) -> None:
    """Remember of which words of hers she is asked about hurting herself."""
    context.update_data(**{ASKED_FOR_DESPAIR: context.incoming.text})


def asked_about(context: Context) -> str:
    """Return the words of which she was asked by the question that she answers now; "" where there are none."""
    data = context.before.data
    return data.get(ASKED_FOR, "") or data.get(ASKED_FOR_DESPAIR, "")


def let_asked_go(context: Context) -> None:
    """Forget the words of which she was asked: the people of her case have them."""
    data = context.session.data
    context.session.data = {key: data[key] for key in data if key not in (ASKED_FOR, ASKED_FOR_DESPAIR)}


@action()
def note_subject(context: Context) -> None:
    """Remember what her words are about, for whoever would rather read than write to people: words of the lexicon."""
    situations.take(context, situations.heard(context, context.meaning.rule))
    context.update_data(**{situations.READ: subject(context.meaning)})


@action()
def note_led_here(context: Context) -> None:
    """Remember that help was offered because we had asked about danger, and that she had answered no."""
    context.update_data(**{situations.LED: "no"})


@condition()
def led_here(context: Context) -> bool:
    """Help is on offer because we had asked about danger; she has not chosen it."""
    return situations.LED in context.session.data


@condition()
def asked_for_help(context: Context) -> bool:
    """The words that led to the danger question asked for help; a wide net is no such words."""
    return context.session.data.get(WHY) == "HELP"


@condition()
def asked_by_rule(context: Context) -> bool:
    """The danger question was asked because a rule heard danger, not because we could not read what she sent."""
    return context.session.data.get(WHY, DOUBT) != DOUBT


@condition()
def heard_by_rule(context: Context) -> bool:
    """A rule heard danger in what she wrote now."""
    return context.meaning.rule != DOUBT and context.meaning.level >= CRY


@condition()
def still_like_a_cry(context: Context) -> bool:
    """What she wrote now sounds like a cry as well: a plea, or a rule and the weights agree, or these are very sure.

    A wide net is no such rule, and where a net asked, the weights alone are not enough.
    """
    meaning, lexicon = context.meaning, context.lexicon
    if meaning.command or meaning.intent == "GREET":
        return False
    heard = heard_by_rule(context) and meaning.rule not in _nets(lexicon)
    if heard and meaning.intent == "HELP":
        return True
    if not heard and context.session.data.get(WHY) == NET:
        return False
    return _weight(context) >= max(lexicon.next_heard if heard else lexicon.next_alone, lexicon.enough)


def _weight(context: Context) -> float:
    return understanding_of(context.lexicon).weight(context.incoming.text)


@condition()
def calm_words(context: Context) -> bool:
    """No rule hears harm in what she wrote now, and the weights do not agree with the rule that asked."""
    agreeing = max(context.lexicon.next_heard, context.lexicon.enough)
    return context.meaning.action == "calm" or (context.meaning.rule == DOUBT and _weight(context) < agreeing)


@condition()
def no_story_of_harm(context: Context) -> bool:
    """What may begin with a yes is calm: where only a net asked, or where the weights would believe no harm in it."""
    asked_by_net = context.session.data.get(WHY) == NET
    return context.meaning.action == "calm" and (asked_by_net or _weight(context) <= context.lexicon.doubt)


@condition()
def small_talk(context: Context) -> bool:
    """What she wrote now is a greeting, thanks, a sign, sent by mistake, or about something a rule knows."""
    meaning = context.meaning
    known = meaning.command == "mistake" or meaning.intent == "GREET" or (meaning.topic and not meaning.leant)
    return meaning.action == "calm" and bool(known or not any(map(str.isalnum, context.incoming.text)))


def offer_of(context: Context, level: int, rule: str, *, child: bool = False, calm: bool = False) -> Offered:
    """Return the offer that her words cause; after an answer of hers, those are the words she was asked for.

    Words that are `calm` by themselves are not remembered.
    """
    child = child or of_a_child(context.incoming.text, context.lexicon)
    words = context.session.data.get(ASKED_FOR, "") if context.answer else context.incoming.text
    return Offered(context.now, level, rule, child, situations.heard(context, rule), "" if calm else words)


@action()
def make_offer(context: Context) -> None:
    """Let "0" bring help at the level of what she wrote now, as soon as the question that comes next is asked."""
    context.offer = offer_of(context, context.cry, context.meaning.rule)


@action()
def withdraw_offer(context: Context) -> None:
    """Take the offer back: her words were not meant so."""
    context.session.offered = None


@condition()
def declines_an_offer(context: Context) -> bool:
    """She says no, and nothing on the screen but the offer can be meant."""
    answer = understanding_of(context.lexicon).answer(context.incoming.text, about_danger=True)
    return answer == "no" and help_offered(context)


@condition()
def help_offered(context: Context) -> bool:
    """Help is on offer on the screen."""
    offered = context.session.offered
    return offered is not None and context.now - offered.at <= HOLDS
