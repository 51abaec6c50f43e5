"""Check of shelves: every card stands on one, its name fits, and something leads there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from content.cards.languages import BASE
from content.cards.shelves import FILE
from content.findings import Finding
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library

NAME_MAX = 40
"""Characters of a line that a button can carry on every channel."""


def shelf_findings(library: Library) -> Iterator[Finding]:
    """Yield cards nobody could find or tell apart in a list, and shelves that are empty, nameless or led to twice."""
    for name, versions in library.cards.items():
        card = versions[BASE]
        known = library.shelves if card.also else {card.topic: None, **library.shelves}
        for shelf in (card.topic, *card.also):
            if shelf not in known:
                yield _of(card, f'the card "{name}" stands on an unknown shelf "{shelf}"', "use an id of shelves.yaml")
        if card.topic in library.shelves:
            yield from _titles(versions.values())
    yield from _shelves(library)
    yield from _alike(library)
    yield from _rooms(library)


def _rooms(library: Library) -> Iterator[Finding]:
    """The card of a room must offer its shelves under their own names."""
    for room in library.rooms:
        for lang in ("vi", "en"):
            card = library.cards.get(f"room_{room}", {}).get(lang)
            if card is None:
                yield Finding(FILE, 1, f'the room "{room}" has no card ({lang})', f"write the card room_{room}")
                continue
            offered = {choice.value: choice.label for choice in card.choices}
            for shelf in library.shelves.values():
                if shelf.room == room and offered.get(shelf.id) != shelf.label.get(lang):
                    message = f'the card "{card.id}" ({lang}) does not offer "{shelf.label.get(lang)}"'
                    yield _of(card, message, f"add the choice {shelf.id} under the shelf's own name")


def _titles(versions: Iterable[Card]) -> Iterator[Finding]:
    for card in versions:
        if not 0 < len(card.title) <= NAME_MAX:
            message = f'the title of "{card.id}" ({card.lang}) has {len(card.title)} characters'
            yield _of(card, message, f"1 to {NAME_MAX}: it is listed by it")


def _shelves(library: Library) -> Iterator[Finding]:
    led: dict[str, str] = {}
    for shelf in library.shelves.values():
        if not library.shelf(shelf.id):
            yield Finding(FILE, shelf.line, f'the shelf "{shelf.id}" is empty', f"write cards with topic: {shelf.id}")
        for lang in ("vi", "en"):
            label = shelf.label.get(lang, "")
            if not 0 < len(label) <= NAME_MAX:
                message = f'the label of "{shelf.id}" ({lang}) has {len(label)} characters'
                yield Finding(FILE, shelf.line, message, f"1 to {NAME_MAX}")
        for topic, card in shelf.opens.items():
            if card not in library.shelf(shelf.id):
                message = f'"{topic}" opens the card "{card}", which is not on "{shelf.id}"'
                yield Finding(FILE, shelf.line, message, "name a card of this shelf")
        for topic in (*shelf.typed, *shelf.opens):
            if topic in led:
                message = f'"{topic}" leads to "{led[topic]}" and to "{shelf.id}"'
                yield Finding(FILE, shelf.line, message, "let it lead to one shelf")
            led[topic] = shelf.id


def _alike(library: Library) -> Iterator[Finding]:
    """Two titles on one shelf that read the same cannot be chosen between."""
    for shelf in library.shelves:
        for lang in ("vi", "en"):
            seen: dict[str, str] = {}
            for name in library.shelf(shelf):
                card = library.card(name, lang)
                title = " ".join(card.title.lower().split())
                if title and title in seen:
                    yield _of(card, f'"{name}" and "{seen[title]}" have the same title on "{shelf}"', "rename one")
                seen[title] = name


def _of(card: Card, message: str, remedy: str) -> Finding:
    return Finding(card.file, card.line, message, remedy)
