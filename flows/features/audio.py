"""Listening: actions for people who would rather hear than read."""

from __future__ import annotations

import msgspec

from flows.context import Context
from flows.registry import action
from flows.rendering.audio import length_line, sounds_of

UNSPOKEN_CARD = "not_spoken_yet"


@action()
def listen_first(context: Context) -> None:
    """Let everything be heard before it is read, from here on."""
    context.session.listening = True


@action()
def read_only(context: Context) -> None:
    """Send texts without sound from here on."""
    context.session.listening = False


@action()
def take_voice(context: Context) -> None:
    """Hear the language she chose; the texts stay in the language they are in."""
    context.session.voice = context.answer


@action(cards=(UNSPOKEN_CARD,))
def play(context: Context) -> None:
    """Say what is on her screen aloud, with its answers; when nobody has recorded it yet, say so."""
    text = context.text_of(context.states[context.session.state])
    if text is None:
        return
    library = context.content.library
    sounds = sounds_of(text, library, context.listener)
    if sounds:
        line = length_line(sounds, library, context.session.lang)
    else:
        line = context.content.card(UNSPOKEN_CARD, context.session.lang).text
    context.ask(msgspec.structs.replace(text, text=line, phones=(), cards=(), sounds=sounds))
