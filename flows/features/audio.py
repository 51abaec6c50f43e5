"""Actions for who would rather hear than read."""

from __future__ import annotations

import msgspec

from flows.context import Context
from flows.rendering.audio import line_of, sounds_of

UNSPOKEN_CARD = "not_spoken_yet"


def listen_first(context: Context) -> None:
    """Let everything be heard before it is read, from here on."""
    context.listening = True


def read_only(context: Context) -> None:
    """Send texts without sound from here on."""
    context.listening = False


def take_voice(context: Context) -> None:
    """Hear the language she chose; the texts stay in the language they are in."""
    context.voice = context.answer


def play(context: Context) -> None:
    """Say what is on her screen aloud, with its answers; when nobody has recorded it yet, say so."""
    words = context.content.words(context, context.content.states[context.state])
    if words is None:
        return
    sounds = sounds_of(words, context)
    line = line_of(sounds, context) if sounds else context.content.card(UNSPOKEN_CARD, context.lang).text
    context.ask(msgspec.structs.replace(words, text=line, phones=(), cards=(), sounds=sounds))
