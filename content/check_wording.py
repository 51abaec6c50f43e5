"""How cards are worded: short, without blame or promises, without typed numbers, neutral where they must be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.filling import SLOT
from content.finding import Finding
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library

LONGEST = 600
ALLOWED_SIGNS = frozenset("✅❌📞")
_PHONE = re.compile(r"\+?\d(?:[ .-]?\d){6,}")
_NUMBER = re.compile(r"(?<![\d+])\d{3,}(?!\d)")
_AMOUNT = re.compile(
    r"\s*(?:ngày|giờ|tuổi|triệu|nghìn|đồng|người|tháng|năm|lần|%|days?|hours?|years?|people|million|months?|times)\b"
)


def wording_findings(library: Library) -> Iterator[Finding]:
    """Yield what a reviewer would send back, card by card."""
    known = {number.number for service in library.services.values() for number in service.numbers}
    for versions in library.cards.values():
        for card in versions.values():
            yield from _length(library, card)
            yield from _banned(library, card)
            yield from _typed_numbers(card, known)
            yield from _signs(card)
            yield from _opening(library, card)
            yield from _retired(library, card)
    yield from _retired_services(library)


def _length(library: Library, card: Card) -> Iterator[Finding]:
    size = len(_without_slots(library, card))
    if size > LONGEST:
        yield _of(card, f'the card "{card.id}" has {size} characters', f"cut it to {LONGEST}, better 250")


def _without_slots(library: Library, card: Card) -> str:
    """Return the text with numbers filled in and other slots empty."""
    services = library.services

    def shown(match: re.Match[str]) -> str:
        service = services.get(match[2]) if match[1] else None
        return service.numbers[0].display if service is not None and service.numbers else ""

    return SLOT.sub(shown, card.text)


def _banned(library: Library, card: Card) -> Iterator[Finding]:
    words = " ".join([card.title, card.text, *(choice.label for choice in card.choices)])
    said = " ".join(unicodedata.normalize("NFC", words).lower().split())
    for word, instead in library.lexicon.banned.get(card.lang, {}).items():
        if re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", said):
            yield _of(card, f'the card "{card.id}" says "{word}"', instead)
    if "!" in words:
        yield _of(card, f'the card "{card.id}" has an exclamation mark', "end the sentence with a full stop")


def _typed_numbers(card: Card, known: set[str]) -> Iterator[Finding]:
    text = SLOT.sub(" ", card.text)
    for match in _PHONE.finditer(text):
        yield _of(card, f'the card "{card.id}" has the number {match.group()} typed in', TYPED)
    text = _PHONE.sub(" ", text)
    for match in _NUMBER.finditer(text):
        if match.group() in known and not _AMOUNT.match(text, match.end()):
            yield _of(card, f'the card "{card.id}" has the number {match.group()} typed in', TYPED)


TYPED = "name the service instead: {number:vn.111}"


def _signs(card: Card) -> Iterator[Finding]:
    for sign in sorted(set(card.text)):
        if unicodedata.category(sign) == "So" and sign not in ALLOWED_SIGNS:
            yield _of(card, f'the card "{card.id}" has the sign {sign}', "use words, or one of ✅ ❌ 📞")


def _opening(library: Library, card: Card) -> Iterator[Finding]:
    if card.neutral and not library.is_neutral(_without_slots(library, card)):
        message = f'the first 40 characters of the neutral card "{card.id}" hold a sensitive word'
        yield _of(card, message, "open with words that are safe on a lock screen (lexicon/wording.yaml)")


def _retired(library: Library, card: Card) -> Iterator[Finding]:
    text = card.text.lower()
    digits = re.sub(r"[^\d+]", "", card.text)
    for old in library.retired:
        if old.pattern.lower() in text or (old.pattern.lstrip("+").isdigit() and old.pattern in digits):
            yield _of(card, f'the card "{card.id}" still shows {old.pattern}', f"use {old.instead}")


def _retired_services(library: Library) -> Iterator[Finding]:
    for service in library.services.values():
        shown = {number.number for number in service.numbers} | set(service.channels)
        for old in library.retired:
            if old.pattern in shown and service.status != "retired":
                message = f'the service "{service.id}" still has {old.pattern}'
                yield Finding(service.file, service.line, message, f"use {old.instead}")


def _of(card: Card, message: str, remedy: str) -> Finding:
    return Finding(card.file, card.line, message, remedy)
