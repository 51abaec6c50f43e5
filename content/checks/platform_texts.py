"""Check of platform texts: within limits, neutral, numbers of two bodies, one that works from abroad."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.templates import SLOT, first_number
from content.directory.numbers import works_abroad
from content.findings import Finding
from content.platform_texts import LIMITS, with_numbers
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library


def static_findings(library: Library) -> Iterator[Finding]:
    """Yield what would be cut off by a platform, would lean on one body, or would fail somebody abroad."""
    helpful = with_numbers(library)
    for name in dict.fromkeys((*LIMITS, *helpful)):
        for card in library.cards[name].values():
            yield from _length(library, card)
            if name in helpful:
                yield from _numbers(library, card)


def _length(library: Library, card: Card) -> Iterator[Finding]:
    size = len(library.say(card.id, card.lang).text)
    most = LIMITS.get(card.id)
    if most is not None and size > most:
        yield _of(card, f'"{card.id}" ({card.lang}) has {size} characters on the platform', f"cut it to {most}")


def _numbers(library: Library, card: Card) -> Iterator[Finding]:
    services = [library.services[name] for number, name in SLOT.findall(card.text) if number]
    if len({service.body for service in services}) < 2:
        yield _of(card, f'"{card.id}" ({card.lang}) leans on one body', "name services of at least two bodies")
    if not any(works_abroad(first_number(service)) for service in services):
        yield _of(card, f'"{card.id}" ({card.lang}) has no number for abroad', "add {number:vn.consular}")


def _of(card: Card, message: str, remedy: str) -> Finding:
    return Finding(card.file, card.line, message, remedy)
