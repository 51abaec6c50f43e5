"""Submissions: a tip, a question for a meeting, whether a talk helped, the request to be forgotten."""

from __future__ import annotations

import re

from flows.context import Context
from flows.model.effects import AskInDialogue, CountHelped, Forget, NoteOnCase, SendTip
from flows.parsing.places import area_named
from flows.registry import action, condition

CONSENT_TO_TIP = "tip"
CONSENT_TO_QUESTION = "dialogue"
CONSENT_TO_COUNT = "closing"
QUESTION_MOST = 300
"""Letters of a question for a meeting."""
_LEADS = re.compile(r"\d(?:[ .-]?\d){6}|https?:|www\.|@\w")
"""A phone number, a link or an account in a text."""
YOUTH_HOURS = 24
"""After so many hours of silence whoever came only for the young people's corner is forgotten (safety rule 16)."""


@action()
def note_tip_kind(context: Context) -> None:
    """Note what kind of thing was seen."""
    context.update_data(**{"Tip.kind": context.answer})


@action()
def note_tip_place(context: Context) -> None:
    """Note the code of the commune or province she named; what she typed is forgotten with this step."""
    context.update_data(**{"Tip.area": area_named(context.content.library, context.incoming.text)})


@action()
def note_tip_when(context: Context) -> None:
    """Note about when it was."""
    context.update_data(**{"Tip.when": context.answer})


@action(consent=CONSENT_TO_TIP)
def send_tip(context: Context) -> None:
    """Hand the coded answers on, without anybody."""
    data = context.session.data
    tip = SendTip(data.get("Tip.kind", "something_else"), data.get("Tip.when", "skip"), data.get("Tip.area", ""))
    context.effects.append(tip)


@action()
def note_question_topic(context: Context) -> None:
    """Note what the question is about."""
    context.update_data(**{"Dialogue.topic": context.answer})


@action()
def note_question(context: Context) -> None:
    """Note the question until she says that it may be sent."""
    context.update_data(**{"Dialogue.text": context.incoming.text.strip()})


@action(consent=CONSENT_TO_QUESTION)
def send_question(context: Context) -> None:
    """Hand the question on, without whoever asked."""
    text = context.session.data.get("Dialogue.text", "")
    if text:
        context.effects.append(AskInDialogue(context.session.data.get("Dialogue.topic", "something_else"), text))


@action(consent=CONSENT_TO_COUNT)
def count_helped(context: Context) -> None:
    """Let her yes or no, after a talk with a human, be one more in a number."""
    context.effects.append(CountHelped(context.answer))


@action(without_consent="everything kept is let go")
def forget_me(context: Context) -> None:
    """Let everything that is kept about her be destroyed."""
    context.session.kept = {}
    context.effects.append(Forget())


@action()
def note_forget_request(context: Context) -> None:
    """Tell the people of her case that she asks to be forgotten; whoever holds the phone cannot end a case."""
    context.effects.append(NoteOnCase("wish", "forget"))


@action()
def keep_nothing(context: Context) -> None:
    """Let somebody of whom nothing else is kept be forgotten after a day of silence."""
    facts, session = context.facts, context.session
    if not (facts.case or facts.care or facts.village or session.kept or session.profiles):
        context.effects.append(Forget(YOUTH_HOURS))


@condition()
def area_typed(context: Context) -> bool:
    """What she typed names one commune or one province."""
    return bool(area_named(context.content.library, context.incoming.text))


@condition()
def question_usable(context: Context) -> bool:
    """What she typed can be a question for a meeting: short, and nothing in it that leads to somebody."""
    text = context.incoming.text.strip()
    return 0 < len(text) <= QUESTION_MOST and not _LEADS.search(text)
