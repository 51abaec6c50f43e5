"""Check of wording: short, without blame or promises, without typed numbers, neutral where it must be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.templates import ANY
from content.findings import Finding
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
            yield from _typed_facts(library, card)
            yield from _signs(card)
            yield from _opening(library, card)
            yield from _retired(library, card)
    yield from _retired_services(library)


def _length(library: Library, card: Card) -> Iterator[Finding]:
    size = len(as_shown(library, card))
    if size > LONGEST:
        yield _of(card, f'the card "{card.id}" has {size} characters', f"cut it to {LONGEST}, better 250")


def as_shown(library: Library, card: Card) -> str:
    """Return the text with numbers and facts filled in and other slots empty, whatever is missing left out."""

    def shown(match: re.Match[str]) -> str:
        try:
            return library.fact(match[1], match[2], card.lang) if match[1] else ""
        except KeyError:  # another finding names what is missing
            return ""

    return ANY.sub(shown, card.text) if "{" in card.text else card.text


def said_by(card: Card) -> str:
    """Return everything a card says, in small letters and single spaces: title, text, earlier texts, answers."""
    words = [card.title, card.text, *(old.text for old in card.earlier), *(choice.label for choice in card.choices)]
    return " ".join(unicodedata.normalize("NFC", " ".join(words)).lower().split())


def _banned(library: Library, card: Card) -> Iterator[Finding]:
    said = said_by(card)
    for word, instead in library.lexicon.banned.get(card.lang, {}).items():
        if word.lower() in said and re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", said):
            yield _of(card, f'the card "{card.id}" says "{word}"', instead)
    if "!" in said:
        yield _of(card, f'the card "{card.id}" has an exclamation mark', "end the sentence with a full stop")


def _typed_numbers(card: Card, known: set[str]) -> Iterator[Finding]:
    text = ANY.sub(" ", card.text)
    for match in _PHONE.finditer(text):
        yield _of(card, f'the card "{card.id}" has the number {match.group()} typed in', TYPED)
    text = _PHONE.sub(" ", text)
    for match in _NUMBER.finditer(text):
        if match.group() in known and not _AMOUNT.match(text, match.end()):
            yield _of(card, f'the card "{card.id}" has the number {match.group()} typed in', TYPED)


TYPED = "name the service instead: {number:vn.111}"
MONEY = re.compile(
    r"\d[\d.,]*\s*(?:triệu|nghìn|ngàn|tỷ|đồng|đ\b|vnđ|vnd|usd|đô|%|million|thousand|dong|dollars?)|[$€£]\s*\d",
    re.IGNORECASE,
)
LAW = re.compile(
    r"(?:\b(?:điều|khoản|nghị định|thông tư|luật số|bộ luật|article|decree|circular|law no\.?)\s+(?:số\s+)?\d)"
    r"|\b\d+/\d{4}(?:/|\b)",
    re.IGNORECASE,
)
FIGURE = re.compile(r"(?<![\w+])\d{2,}(?!\w)")
MEANT = frozenset({"88"})
"""Figures that mean something else: what she may send to be asked quietly."""


def _typed_facts(library: Library, card: Card) -> Iterator[Finding]:
    """Yield amounts, articles of law and, on the shelves, any other figure that a card holds by itself."""
    for text in (card.title, card.text, *(old.text for old in card.earlier)):
        bare = ANY.sub(" ", text)
        for pattern, what in ((MONEY, "amount"), (LAW, "article of law")):
            for match in pattern.finditer(bare):
                yield _of(card, f'the card "{card.id}" has the {what} "{match.group()}" typed in', FACT_REMEDY)
        for match in FIGURE.finditer(bare if card.topic in library.shelves else ""):
            if match.group() not in MEANT:
                yield _of(card, f'the card "{card.id}" has the figure {match.group()} typed in', FACT_REMEDY)


FACT_REMEDY = "put it into law.yaml with its source and name it: {law:shelter.days}"


def _signs(card: Card) -> Iterator[Finding]:
    for sign in sorted(set(card.text)):
        if unicodedata.category(sign) == "So" and sign not in ALLOWED_SIGNS:
            yield _of(card, f'the card "{card.id}" has the sign {sign}', "use words, or one of ✅ ❌ 📞")


def _opening(library: Library, card: Card) -> Iterator[Finding]:
    if card.neutral and not library.is_neutral(as_shown(library, card)):
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
