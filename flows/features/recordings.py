"""Actions of a trusted speaker: agree, read one script after the other, take the voice back."""

from __future__ import annotations

from flows.context import Context
from flows.model.effects import BecomeSpeaker, KeepRecording, TakeVoiceBack
from flows.model.session import SpeakingSeen

AGREEMENT_CARD = "recording_invited"


def become_speaker(context: Context) -> None:
    """Use her code: she lends her voice, on the conditions she read."""
    version = context.content.version(AGREEMENT_CARD, context.lang)
    context.effects.append(BecomeSpeaker(context.data.get("code", ""), version))


def first_script(context: Context) -> None:
    """Begin with the first card that has no voice yet."""
    context.data = {"script": script_after(context.speaking, "")}


def next_script(context: Context) -> None:
    """Go on to the next card that has no voice yet."""
    context.update_data(script=script_after(context.speaking, context.data.get("script", "")))


def keep_recording(context: Context) -> None:
    """Keep the voice note as a recording of the card she was asked to read."""
    context.effects.append(KeepRecording(context.data.get("script", ""), context.incoming.media))


def take_voice_back(context: Context) -> None:
    """Let nobody hear her any more."""
    context.effects.append(TakeVoiceBack(context.content.version(AGREEMENT_CARD, context.lang)))
    context.speaking = None


def script_after(speaking: SpeakingSeen | None, card: str) -> str:
    """Return the card to be read after `card` ("": the first of all); "" when there is none."""
    cards = speaking.cards if speaking else ()
    rest = cards[cards.index(card) + 1 :] if card in cards else cards
    return next((one for one in rest if speaking and one not in speaking.done), "")
