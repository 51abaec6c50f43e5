"""Check of readability: short, plain, quiet for somebody with little schooling, forbidden wording nowhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from content.checks.wording import as_shown, said_by
from content.findings import Finding, Severity
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library

_ENDS = re.compile(r"(?<=[.?…])[”\"’)]*\s+|\n+")
_BREATH = re.compile(r"(?<=[:;])\s+")
_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
_MARKS = re.compile(r"\*\*?\S|(?<!\w)_\w[^_\n]*_(?!\w)|~~|^#+ |\.{4,}|\?\?|!!", re.MULTILINE)
_UNREAD = ("static", "cover")
"""Topics that are not read as a card: what stands on a platform, and what only pushes the screen up."""


def reading_findings(library: Library) -> Iterator[Finding]:
    """Yield what must not be said at all, and what shouts. These stop the service."""
    for card in _cards(library):
        yield from _never(library, card)
        yield from _loud(library, card)
        yield from _sizes(library, card, "most", "structure")


def style_findings(library: Library) -> list[Finding]:
    """Return what could be easier to read: told to editors, never a reason to stop."""
    found = [finding for card in _cards(library) for finding in _style(library, card)]
    return sorted(found)


def sentences(text: str) -> list[str]:
    """Cut a text at its full stops, question marks and lines."""
    return [part.strip() for part in _ENDS.split(text) if part.strip(' .”"')]


def _style(library: Library, card: Card) -> Iterator[Finding]:
    yield from _sizes(library, card, "aim", "style")
    for word, plain in _found(library.reading.hard.get(card.lang, {}), said_by(card)):
        yield _of(card, f'the card "{card.id}" ({card.lang}) says "{word}"', f"say it plainly: {plain}", "style")


def _sizes(library: Library, card: Card, bound: str, severity: Severity) -> Iterator[Finding]:
    if card.topic in _UNREAD:
        return
    reading, text = library.reading, as_shown(library, card)
    name = f'the card "{card.id}" ({card.lang})'
    most: int = getattr(reading.screen, bound)
    if len(text) > most and severity == "style":  # what no card may pass is told by the wording check
        yield _of(card, f"{name} has {len(text)} characters", f"aim at {most}: one thought a card", severity)
    read = sentences(text)
    many: int = getattr(reading.sentences, bound)
    if len(read) > many and "\n" in text and _plain(card):
        yield _of(card, f"{name} has {len(read)} sentences", f"at most {many}: split the card", severity)
    measure = reading.words.get(card.lang)
    for sentence in [part for whole in read for part in _BREATH.split(whole)] if measure is not None else ():
        count, limit = len(sentence.split()), getattr(measure, bound)
        if count > limit:
            yield _of(card, f'{name} has {count} words in "{sentence[:40]}…"', f"at most {limit}: cut it", severity)


def _never(library: Library, card: Card) -> Iterator[Finding]:
    for word, right in _found(library.reading.never.get(card.lang, {}), said_by(card)):
        yield _of(card, f'the card "{card.id}" ({card.lang}) says "{word}"', right, "structure")


def _loud(library: Library, card: Card) -> Iterator[Finding]:
    words = "" if card.topic in _UNREAD else f"{card.title} {card.text}"
    for match in _WORD.finditer(words):
        if match.group().isupper() and match.group() not in library.reading.capitals:
            message = f'the card "{card.id}" ({card.lang}) shouts "{match.group()}"'
            yield _of(card, message, "small letters, or add it to capitals in reading.yaml", "structure")
    for match in _MARKS.finditer(card.text):
        yield _of(card, f'the card "{card.id}" has the emphasis "{match.group()}"', "plain text only", "structure")


def _plain(card: Card) -> bool:
    """Say whether a card is prose; numbers and menus are lists."""
    return not card.choices and "lines" not in card.slots


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def _found(words: Mapping[str, str], said: str) -> Iterator[tuple[str, str]]:
    plain = {unicodedata.normalize("NFC", word).lower(): right for word, right in words.items()}
    for word in dict.fromkeys(_pattern(tuple(plain)).findall(said)):
        yield word, plain[word]


def _cards(library: Library) -> Iterator[Card]:
    for versions in library.cards.values():
        yield from versions.values()


def _of(card: Card, message: str, remedy: str, severity: Severity) -> Finding:
    return Finding(card.file, card.line, message, remedy, severity)
