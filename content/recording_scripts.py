"""Recording scripts: which cards wait for a voice, and the exact words a recording speaks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from content.cards.languages import BASE, spoken
from content.recordings.index import ShippedRecording

if TYPE_CHECKING:
    from content.library import Library

SILENT_TOPICS = frozenset({"fragment", "static", "recording", "checker_why", "checklist_short"})
"""Topics nobody reads aloud: parts of sentences, lines of lists, texts of the platforms, the words for speakers."""
SILENT_CARDS = frozenset({"shelf_next", "fixed_answers", "fixed_answers_young", "fixed_answers_coded"})
"""Their answers stand below others, under other digits: a voice would say numbers that lead elsewhere."""
FIRST_PAGE, FIXED_ANSWERS = "menu", "fixed_answers"
DIGITS = {"human": "0", "menu": "9"}
"""The answers with the same digit everywhere: a voice says them once, at the end of the first page."""


def wanted(library: Library) -> tuple[str, ...]:
    """The cards that shall have a voice, those that carry a whole talk first: all that are said as they stand."""
    aloud = [name for name in library.cards if can_be_spoken(library, name)]
    return tuple(dict.fromkeys((*(one.card for one in library.audio.first if one.card in aloud), *aloud)))


def can_be_spoken(library: Library, card: str) -> bool:
    """Whether a card is read aloud: it is shown, holds no slots, and is no part of another."""
    if not library.has(card) or card in SILENT_CARDS:
        return False
    return library.cards[card][BASE].topic not in SILENT_TOPICS and not library.cards[card][BASE].slots


def script(library: Library, card: str, lang: str = BASE) -> str:
    """The words to be read aloud: the card in `lang`, or in Vietnamese, and its answers with their numbers.

    On the first page the answers that hold everywhere are told too, with their digits.
    """
    said = library.say(card, lang)
    answers = [f"{number}. {label}" for number, (label, *_) in enumerate(said.choices, 1)]
    if card == FIRST_PAGE and library.has(FIXED_ANSWERS):
        fixed = library.say(FIXED_ANSWERS, lang)
        answers += [fixed.text, *(f"{DIGITS[value]}. {label}" for label, value, _ in fixed.choices)]
    return "\n".join((said.text, *answers))


def words(library: Library, card: str, lang: str) -> bytes:
    """The digest of exactly these words: a recording speaks no others, and falls silent when they change."""
    return hashlib.sha256(f"{card}\0{script(library, card, lang)}".encode()).digest()


def coverage(library: Library, heard: Mapping[str, set[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each language that shall be heard, with the cards that have no voice in it yet."""
    cards = wanted(library)
    for lang in spoken(library.languages):
        yield lang, tuple(card for card in cards if card not in heard.get(lang, set()))


def shipped_voices(library: Library) -> dict[str, set[str]]:
    """The cards with a voice among the files that ship; a tone is no voice, an older wording is none either."""
    found: dict[str, set[str]] = {}
    for one in library.audio.recordings:
        if one.status == "approved" and one.synthetic == "no" and speaks_present_words(library, one):
            found.setdefault(one.lang, set()).add(one.card)
    return found


def speaks_present_words(library: Library, one: ShippedRecording) -> bool:
    """Whether a recording speaks the card as it stands today."""
    return library.has(one.card) and library.card(one.card, one.lang).version == one.version
