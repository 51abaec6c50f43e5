"""The relay to a human: all that she sends reaches the people of her case, and their line ends the bot's questions.

What answered the bot (a digit, a button, `menu`) is handed on as well: whoever talks with her reads everything she
sent. Only a key is not: her own words and the key of a profile are secrets, and staff hear of them as notes.
"""

from __future__ import annotations

import msgspec

from flows.context import Context
from flows.engine.conversation import Conversation
from flows.features import own_words, profiles
from flows.features.cases import wordless
from flows.model.effects import COVER, AddToCase, Effect, NoteOnCase
from flows.rendering.render import pressed

KEYS = (own_words.OWN, own_words.DURESS, "own_word", "profile")
"""Reasons of messages that are a key of hers."""


def answered(context: Context) -> bool:
    """Say whether the human beside her has written since she last did."""
    return context.facts.case is not None and context.facts.case.human_here and context.facts.case.answered


def withdraw_answered(context: Context) -> None:
    """Take the bot's question off the table when a human has written since: a digit is for that human.

    So it is when that human is here no more; what she sees last is a human's line, or the nudge for it.
    """
    if context.facts.case is not None and context.facts.case.answered and context.session.prompt:
        context.withdraw()


def pass_on(context: Context) -> None:
    """Hand what she sent to the human beside her or to whoever wrote to her last, whatever the bot made of it."""
    case = context.facts.case
    if case is None or context.hidden is not None:
        return
    if (case.human_here or case.answered) and not _known(context):
        sent = _sent(context)
        behind = COVER if context.session.words.covered else ""
        if sent:
            context.effects.append(AddToCase(sent, context.incoming.media, behind))
        elif context.incoming.kind != "press" and not any(isinstance(one, NoteOnCase) for one in context.effects):
            context.effects.append(wordless(context.incoming.kind))
    context.facts.case = msgspec.structs.replace(case, answered=False)


def quote(context: Context, content: Conversation) -> None:
    """Hand on with what she sent what it answers and what stands beside it; never a key of hers that she replied to."""
    answers, card = context.incoming.answers, context.incoming.card
    if answers and _is_key(answers, context, content):
        answers = ""
    if answers or card:
        context.effects = [_quoting(effect, answers, card) for effect in context.effects]


def _quoting(effect: Effect, answers: str, card: str) -> Effect:
    if isinstance(effect, AddToCase) and not effect.kind:
        return msgspec.structs.replace(effect, answers=answers, card=card)
    if isinstance(effect, NoteOnCase) and effect.key == "came":
        return msgspec.structs.replace(effect, answers=answers)
    return effect


def _is_key(text: str, context: Context, content: Conversation) -> bool:
    typed = msgspec.structs.replace(context.incoming, text=text)
    as_typed = content.context(context.session, context.facts, typed, context.now)
    return bool(own_words.word_typed(as_typed)) or profiles.is_key(text, as_typed)


def _known(context: Context) -> bool:
    """Say whether the case has it already, or must not: a key of hers, or a stop after a stop, which is nothing."""
    again = context.session.stopped and context.before.stopped
    return again or context.reason in KEYS or any(isinstance(effect, AddToCase) for effect in context.effects)


def _sent(context: Context) -> str:
    """Return what she typed, or the label of the button she pressed below the question it stands under."""
    text = context.incoming.text.strip()
    session = context.before
    choice = pressed(context.incoming.press, session.nonce, session.prompt)
    state = context.states.get(session.state)
    card = (state.say or state.choices) if state is not None else ""
    if choice is None or not card:
        return text if choice is None else choice.label
    return f"“{context.content.card(card, context.session.lang).text}” → {choice.label}"
