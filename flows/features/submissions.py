"""Actions of what she tells or wishes beside a case: a tip, a question for a meeting, being forgotten."""

from __future__ import annotations

from flows.context import Context
from flows.model.effects import AskInDialogue, Forget, NoteOnCase, SendTip
from flows.parsing.places import area_named

YOUTH_HOURS = 24
"""After so many hours of silence whoever came only for the young people's corner is forgotten (safety rule 16)."""


def note_tip_kind(context: Context) -> None:
    """Note what kind of thing was seen."""
    context.update_data(**{"Tip.kind": context.answer})


def note_tip_place(context: Context) -> None:
    """Note the code of the commune or province she named; what she typed is forgotten with this step."""
    context.update_data(**{"Tip.area": area_named(context.content.library, context.incoming.text)})


def note_tip_when(context: Context) -> None:
    """Note about when it was."""
    context.update_data(**{"Tip.when": context.answer})


def send_tip(context: Context) -> None:
    """Hand the coded answers on, without anybody."""
    data = context.data
    tip = SendTip(data.get("Tip.kind", "something_else"), data.get("Tip.when", "skip"), data.get("Tip.area", ""))
    context.effects.append(tip)


def note_question_topic(context: Context) -> None:
    """Note what the question is about."""
    context.update_data(**{"Dialogue.topic": context.answer})


def note_question(context: Context) -> None:
    """Note the question until she says that it may be sent."""
    context.update_data(**{"Dialogue.text": context.incoming.text.strip()})


def send_question(context: Context) -> None:
    """Hand the question on, without whoever asked."""
    text = context.data.get("Dialogue.text", "")
    if text:
        context.effects.append(AskInDialogue(context.data.get("Dialogue.topic", "something_else"), text))


def forget_me(context: Context) -> None:
    """Let everything that is kept about her be destroyed."""
    context.kept = {}
    context.effects.append(Forget())


def note_wish_to_be_forgotten(context: Context) -> None:
    """Tell the people of her case that she wishes to be forgotten; whoever holds the phone cannot end a case."""
    context.effects.append(NoteOnCase("wish", "forget"))


def keep_nothing(context: Context) -> None:
    """Let somebody of whom nothing else is kept be forgotten after a day of silence."""
    if not (context.case or context.care or context.village or context.kept or context.profiles):
        context.effects.append(Forget(YOUTH_HOURS))
