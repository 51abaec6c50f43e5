"""Check of tone: questions ask, labels speak for her, no word is unknown, openings are safe on a lock screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from content.cards.patterns import whole_words
from content.checks.readability import sentences
from content.checks.wording import as_shown, said_by
from content.findings import Finding
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library

_APART = ("static", "call", "relay_lines")
"""Topics that she does not read as an answer: platform pages, lines of staff."""


def tone_findings(library: Library) -> Iterator[Finding]:
    """Yield what breaks the tone, card by card. These stop the service."""
    for versions in library.cards.values():
        for card in versions.values():
            if card.topic not in _APART:
                yield from _labels(library, card)
                yield from _words(library, card)
            yield from _questions(library, card)


def _questions(library: Library, card: Card) -> Iterator[Finding]:
    rules = library.tone.questions.get(card.lang)
    if rules is None:
        return
    for sentence in _asked(library, card):
        if whole_words(rules.asking).search(sentence):
            continue
        if whole_words(rules.advice).search(sentence):
            yield _of(card, f'the question "{sentence}" of "{card.id}" reads as advice', "ask “có nên … không?”")
        else:
            yield _of(card, f'"{sentence}" of "{card.id}" asks nothing', "end it with không, chưa or phải không")


def _asked(library: Library, card: Card) -> list[str]:
    """Return the questions of a card; on a shelf an opening ("Phone shared?") leads into the card and asks nothing."""
    said = sentences(unicodedata.normalize("NFC", as_shown(library, card)))
    waiting = said if card.topic not in library.shelves else said[-1:]
    return [sentence for sentence in waiting if sentence.endswith("?")]


def _labels(library: Library, card: Card) -> Iterator[Finding]:
    words = library.tone.labels.get(card.lang, {})
    for label in (card.title, *(choice.label for choice in card.choices)):
        for word in _found(words, label):
            if words[word]:
                yield _of(card, f'the label "{label}" of "{card.id}" says "{word}"', f"write {words[word]}")


def _words(library: Library, card: Card) -> Iterator[Finding]:
    words = library.tone.words.get(card.lang, {})
    for word in _found(words, said_by(card)):
        yield _of(card, f'the card "{card.id}" says "{word}"', f"say “{words[word]}”")


def _found(words: Mapping[str, str], text: str) -> Iterator[str]:
    said = unicodedata.normalize("NFC", text).lower()
    yield from dict.fromkeys(found.lower() for found in whole_words(tuple(words)).findall(said))


def _of(card: Card, message: str, remedy: str) -> Finding:
    return Finding(card.file, card.line, message, remedy)
