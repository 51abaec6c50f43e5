"""Audio of a message: which recording belongs to it, and where it stands on each channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from content.cards.languages import chain
from content.cards.templates import FilledTemplate
from content.library import Library
from content.schema import Limits
from flows.model.messages import Choice, Outgoing, Shown, Sound
from flows.rendering.pagination import fixed, numbered

SOUND = "sound:"
"""How `Shown.media` names recordings: `sound:12`, or `sound:12,7` where a channel carries several in one message."""
LINK_ROOM = 160
"""Characters kept free for the address of one recording."""
COLOURS: tuple[tuple[str, Literal["good", "danger"]], ...] = (("✅", "good"), ("❌", "danger"))
"""A yes and a no, for who does not read: the first is green, the second red.

Signs that the oldest phones draw too; round green and red ones came in 2019.
"""
YES, NO = frozenset(("yes", "agree", "accept")), frozenset(("no", "decline"))
"""Values of answers that are a yes and a no: no other pair is right and wrong."""


class Listener(msgspec.Struct, frozen=True):
    """Somebody who may listen: the language she reads, the one she hears ("": the same), what can be heard now."""

    lang: str
    voice: str
    sounds: Mapping[str, Sound]


def aloud(outgoing: Outgoing, library: Library, listener: Listener) -> Outgoing:
    """Return a message as somebody who listens gets it: with its recordings, and two answers in two colours."""
    sounds = outgoing.sounds or sounds_of(outgoing, library, listener)
    text = outgoing.text
    if sounds and not outgoing.sounds:
        text = "\n".join(part for part in (length_line(sounds, library, listener.lang), text) if part)
    return msgspec.structs.replace(outgoing, text=text, choices=_coloured(outgoing.choices), sounds=sounds)


def sounds_of(outgoing: Outgoing, library: Library, listener: Listener) -> tuple[Sound, ...]:
    """Return the recordings of what a message says, in her language or the nearest; what has none stays silent.

    So does a card whose present words are not those of the message: an older edition is never heard in newer words.
    And one whose numbered answers are not those of the message: whoever hears "1" must not tap on something else.
    """
    langs = chain(library.languages, listener.voice or listener.lang)
    known = listener.sounds
    found: list[Sound] = []
    for card in outgoing.cards:
        sound = _sound_of(card, langs, known)
        if sound is not None and _says(outgoing, library.say(card, listener.lang)):
            found.append(sound)
    return tuple(found)


def _sound_of(card: str, langs: tuple[str, ...], known: Mapping[str, Sound]) -> Sound | None:
    """Return the recording of a card in the first of these languages that has one; a tone stands in for no other."""
    found = next((lang for lang in langs if f"{card}.{lang}" in known), "")
    sound = known.get(f"{card}.{found}")
    return None if sound is not None and sound.tone and found != langs[0] else sound


def _says(outgoing: Outgoing, said: FilledTemplate) -> bool:
    """Whether a message holds the words of a card, and its answers where it has some."""
    answers = [(label, value) for label, value, _ in said.choices]
    shown = [(choice.label, choice.value) for choice in numbered(outgoing.choices)]
    return said.text in outgoing.text and (not answers or answers == shown)


def length_line(sounds: tuple[Sound, ...], library: Library, lang: str) -> str:
    """Return the line that says how long it is, before she spends data on it, and what is no voice."""
    seconds = max(1, round(sum(sound.milliseconds for sound in sounds) / 1000))
    card = "fragment.sound.tone" if any(sound.tone for sound in sounds) else "fragment.sound.voice"
    return library.say(card, lang, length=f"{seconds // 60}:{seconds % 60:02}").text


def _coloured(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    two = numbered(choices)
    if len(two) != len(COLOURS) or two[0].value not in YES or two[1].value not in NO:
        return choices
    coloured = [
        Choice(f"{sign} {choice.label}", choice.value, style)
        for choice, (sign, style) in zip(two, COLOURS, strict=True)
    ]
    return (*coloured, *fixed(choices))


def before_the_text(outgoing: Outgoing, limits: Limits) -> tuple[list[Shown], str, int]:
    """Return the messages that go before the text, the media that goes with it, and how long it may be beside that.

    A channel that sends files carries the last recording with the text as its caption; one that sends voices by
    address sends each alone; elsewhere all of them are links in the text.
    """
    caption = min(limits.caption_max, limits.text_max)
    names = [f"{SOUND}{sound.recording}" for sound in outgoing.sounds]
    if not names:
        return [], outgoing.media, caption if outgoing.media else limits.text_max
    if limits.audio == "link":
        joined = SOUND + ",".join(str(sound.recording) for sound in outgoing.sounds)
        return [], joined, limits.text_max - LINK_ROOM * len(names)
    alone = names if limits.audio == "voice" else names[:-1]
    shown = [Shown("", media=name, protect=outgoing.protect, quiet=n > 0) for n, name in enumerate(alone)]
    return shown, "" if limits.audio == "voice" else names[-1], caption
