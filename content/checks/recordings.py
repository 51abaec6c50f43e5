"""Check of recordings that ship: what the index says of a file must be what the file is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.languages import FILE
from content.findings import Finding
from content.media.clip import LARGEST, LONGEST, SHORTEST, ClipRejected, Reason
from content.media.read_clip import read_clip
from content.recording_scripts import coverage, shipped_voices, speaks_present_words, wanted
from content.recordings.index import FOLDER, ShippedRecording

if TYPE_CHECKING:
    from content.library import Library

INDEX = f"{FOLDER}/index.yaml"
VOICES = "listening"
"""The card whose answers are languages, and others."""
REASONS: dict[Reason, str] = {
    "amr": "it is AMR, which no browser and no other channel plays",
    "other": "it is neither Ogg Opus nor AAC in ADTS frames",
    "broken": "it is damaged or holds more than one voice's sound",
    "stereo": "it has more than one channel",
    "long": f"it is longer than {LONGEST:.0f} seconds",
    "short": f"it is shorter than {SHORTEST:.0f} second",
    "large": f"it is larger than {LARGEST} bytes",
}


def audio_findings(library: Library) -> Iterator[Finding]:
    """Yield every mistake of the index and its files."""
    yield from _offered(library)
    named: dict[tuple[str, str], str] = {}
    for one in library.audio.recordings:
        for message, remedy in (*_entry(library, one), *_file(library, one)):
            yield Finding(INDEX, one.line, f'the recording "{one.id}" ({one.file}): {message}', remedy)
        if one.status == "approved" and named.setdefault((one.card, one.lang), one.id) != one.id:
            yield Finding(INDEX, one.line, f'"{one.card}" has two approved recordings in {one.lang}', "retire one")
    for name in sorted(library.audio.files.keys() - {one.file for one in library.audio.recordings}):
        yield Finding(f"{FOLDER}/{name}", 1, "no entry of the index names this file", "list it in index.yaml")


def _offered(library: Library) -> Iterator[Finding]:
    """Yield where the card that asks which language to hear does not offer those of `sound: 1`."""
    first = {code for code, language in library.languages.items() if language.sound == 1}
    for card in library.cards.get(VOICES, {}).values():
        offered = {choice.value for choice in card.choices if choice.value in library.languages}
        if offered != first:
            wrong = ", ".join(sorted(offered ^ first))
            yield Finding(card.file, card.line, f'"{VOICES}" and the list disagree about {wrong}', f"see {FILE}: sound")


def _entry(library: Library, one: ShippedRecording) -> Iterator[tuple[str, str]]:
    if one.card not in wanted(library):
        yield f'the card "{one.card}" does not exist, or is never read aloud', "name a card without slots"
    if one.lang not in library.languages:
        yield f'the language "{one.lang}" is unknown', "add it to languages.yaml"
    if one.synthetic == "no" and not one.intro:
        yield "it does not begin with the neutral words", "have it recorded with them"


def _file(library: Library, one: ShippedRecording) -> Iterator[tuple[str, str]]:
    data = library.audio.files.get(one.file)
    if data is None:
        yield "the file is missing", f"put it into {FOLDER}/"
        return
    try:
        clip = read_clip(data)
    except ClipRejected as error:
        yield REASONS[error.reason], "record it anew"
        return
    given = {"format": one.format, "milliseconds": one.milliseconds, "bytes": one.bytes}
    real = {"format": clip.format, "milliseconds": clip.milliseconds, "bytes": len(data)}
    for name, value in real.items():
        if given[name] != value:
            yield f"{name} is {value}, not {given[name]}", f"write {name}: {value}"
    if clip.data != data:
        yield "it carries more than its sound (tags, pictures, times)", "store it through the recording of a speaker"


def audio_age(library: Library) -> list[Finding]:
    """Tell what is silent still: never a reason to stop, for a text is always there."""
    found = [
        Finding(
            INDEX, one.line, f'the recording "{one.id}" speaks an older version of "{one.card}"', "retire it", "age"
        )
        for one in library.audio.recordings
        if one.status == "approved" and one.synthetic == "no" and not speaks_present_words(library, one)
    ]
    total = len(wanted(library))
    for lang, silent in coverage(library, shipped_voices(library)):
        if silent and library.languages[lang].sound == 1:
            message = f"{lang}: {len(silent)} of {total} cards ship without a voice"
            found.append(Finding(FILE, library.languages[lang].line, message, "see `nhipcau content audio`", "age"))
    return found
