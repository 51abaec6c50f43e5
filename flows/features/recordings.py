"""Recordings: a trusted speaker agrees, reads one script after the other, takes her voice back."""

from __future__ import annotations

import msgspec

from content.recording_scripts import script
from flows.context import Context
from flows.model.definition import State
from flows.model.effects import BecomeSpeaker, KeepRecording, TakeVoiceBack
from flows.model.facts import SpeakingSeen
from flows.model.messages import Outgoing
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import outgoing

CONSENT_TO_RECORDING = "recording"
AGREEMENT_CARD = "recording_invited"


@action(cards=(AGREEMENT_CARD,), consent=CONSENT_TO_RECORDING)
def become_speaker(context: Context) -> None:
    """Use her code: she lends her voice, on the conditions she read."""
    version = context.content.version(AGREEMENT_CARD, context.session.lang)
    context.effects.append(BecomeSpeaker(context.session.data.get("code", ""), version))


@action()
def first_script(context: Context) -> None:
    """Begin with the first card that has no voice yet."""
    context.session.data = {"script": script_after(context.facts.speaking, "")}


@action()
def next_script(context: Context) -> None:
    """Go on to the next card that has no voice yet."""
    context.update_data(script=script_after(context.facts.speaking, context.session.data.get("script", "")))


@action(consent=CONSENT_TO_RECORDING)
def keep_recording(context: Context) -> None:
    """Keep the voice note as a recording of the card she was asked to read."""
    note = context.incoming.media.partition("\n")[0]
    context.effects.append(KeepRecording(context.session.data.get("script", ""), note))


@action(cards=(AGREEMENT_CARD,))
def take_voice_back(context: Context) -> None:
    """Let nobody hear her any more."""
    context.effects.append(TakeVoiceBack(context.content.version(AGREEMENT_CARD, context.session.lang)))
    context.facts.speaking = None


def script_after(speaking: SpeakingSeen | None, card: str) -> str:
    """Return the card to be read after `card` ("": the first of all); "" when there is none."""
    cards = speaking.cards if speaking else ()
    rest = cards[cards.index(card) + 1 :] if card in cards else cards
    return next((one for one in rest if speaking and one not in speaking.done), "")


@condition()
def asked_to_speak(context: Context) -> bool:
    """The code in her message asks for her voice."""
    return context.facts.invited is not None and context.facts.invited.kind == "speaker"


@condition(proves=CONSENT_TO_RECORDING)
def speaks(context: Context) -> bool:
    """She is a trusted speaker."""
    return context.facts.speaking is not None


@condition(proves=CONSENT_TO_RECORDING)
def script_waits(context: Context) -> bool:
    """Some card has no voice in her language yet."""
    return bool(script_after(context.facts.speaking, ""))


@condition(proves=CONSENT_TO_RECORDING)
def another_script(context: Context) -> bool:
    """After the card she reads now another one waits for a voice."""
    return bool(script_after(context.facts.speaking, context.session.data.get("script", "")))


@prompt()
def invited_to_speak(context: Context, state: State) -> Outgoing:
    """Return what her code asks for: her voice, in one language, on conditions."""
    title = context.session.data.get("title", "")
    return outgoing(context.content.library.say("recording_invited", context.session.lang, language=title))


@prompt()
def script_to_read(context: Context, state: State) -> Outgoing:
    """Return the words a speaker is asked to read aloud, with the neutral words before them."""
    speaking, library, lang = context.facts.speaking, context.content.library, context.session.lang
    card = context.session.data.get("script", "")
    if speaking is None or not library.has(card):
        return context.content.card("recording_finished", lang)
    number = str(speaking.cards.index(card) + 1) if card in speaking.cards else "1"
    slots = {"n": number, "total": str(len(speaking.cards)), "language": speaking.name}
    said = outgoing(library.say("recording_script", lang, **slots, words=script(library, card, speaking.lang)))
    if card not in speaking.refused:
        return said
    reason = context.content.card(f"fragment.refused.{speaking.refused[card]}", lang).text
    before = library.say("recording_before", lang, reason=reason).text
    return msgspec.structs.replace(said, text=f"{before}\n\n{said.text}")
