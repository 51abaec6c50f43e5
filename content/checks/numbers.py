"""Check of numbers (safety rules 4 and 5): they work where she is, and come from at least two bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.templates import SLOT, FilledTemplate, first_number
from content.checks.situations import number_findings
from content.directory.dialling import dialled as dialled_at
from content.directory.numbers import HOME, is_home, works_abroad
from content.findings import Finding
from content.schema import Card, Hours, Number, Service

if TYPE_CHECKING:
    from content.library import Library

LANGUAGES = ("vi", "en")
LEADS = "situation"
"""The topic of sentences that are never said alone: numbers of the place stand below them."""


def places(library: Library) -> list[str]:
    """Return every place the library tells apart, the unknown one included."""
    countries = {service.area for service in library.services.values() if service.area != HOME}
    return ["vn", "abroad", "", *(f"abroad:{country}" for country in sorted(countries))]


def provinces(library: Library) -> list[str]:
    """Return the provinces that have a service of their own, as places."""
    return sorted({f"vn:{service.province}" for service in library.services.values() if service.province})


def place_findings(library: Library) -> list[Finding]:
    """Return cards whose numbers do not work where they may be read, and emergency cards that lean on one body."""
    found = [finding for card in _cards(library) for finding in _reachable(library, card)]
    found += _clocks(library)
    for place in (*places(library), *provinces(library)):
        for lang in LANGUAGES:
            for situation in ("", *library.situations):
                found += _emergency(library, place, lang, situation)
            found += number_findings(library, place, lang)
    return found


def dialled(library: Library, filled: FilledTemplate, place: str) -> list[tuple[Service, Number]]:
    """Return whom the numbers of a filled card reach from a place: 113 is not the same body in every country."""
    reached = (HOME, place.partition(":")[2])
    return [
        (service, number)
        for service in library.services.values()
        for number in service.numbers
        if service.area in reached and _is_shown(number, filled, at_home=is_home(place))
    ]


def _is_shown(number: Number, filled: FilledTemplate, *, at_home: bool) -> bool:
    """Say whether a number can be read and dialled there."""
    read, called = (dialled_at(form, at_home=at_home) for form in (number.display, number.number))
    return called in filled.phones and read in filled.text


def _clocks(library: Library) -> Iterator[Finding]:
    """Hours of another country are on its own clock, or a closed line would be said to be open."""
    for service in library.services.values():
        ours = service.hours.zone == Hours(kind="office").zone
        if service.area != HOME and service.hours.kind == "office" and ours:
            message = f'the hours of the service "{service.id}" abroad have no clock of their own'
            yield Finding(service.file, service.line, message, "name its zone: Asia/Taipei")


def _cards(library: Library) -> Iterator[Card]:
    for versions in library.cards.values():
        yield from versions.values()


def _reachable(library: Library, card: Card) -> Iterator[Finding]:
    """Any card may be read abroad, so the numbers written in it must not all stop at the border."""
    if card.id.endswith(".vn") or "lines" in card.slots or card.topic == LEADS:
        return
    numbers = [first_number(library.services[name]) for number, name in SLOT.findall(card.text) if number]
    if numbers and not any(works_abroad(number) for number in numbers):
        message = f'the numbers of the card "{card.id}" do not work from abroad'
        yield Finding(card.file, card.line, message, "add {number:vn.consular}, with the words “other countries”")


def _emergency(library: Library, place: str, lang: str, situation: str) -> Iterator[Finding]:
    filled = library.emergency(place, lang, situation)
    card = library.card(filled.card, lang)
    where = f'the emergency card for "{place or "unknown"}" ({lang}){situation and f" of {situation}"}'
    shown = dialled(library, filled, place)
    bodies = {service.body for service, _ in shown}
    if len(bodies) < 2:
        remedy = "give `emergency:` to services of at least two bodies, or name one in the card"
        yield Finding(card.file, card.line, f"{where} has numbers of one body: {', '.join(sorted(bodies))}", remedy)
    if not is_home(place) and not any(works_abroad(number) for _, number in shown):
        yield Finding(card.file, card.line, f"{where} has no number that works from abroad", "show vn.consular")
    if not library.is_neutral(filled.text):
        yield Finding(card.file, card.line, f"{where} opens with a sensitive word", "open with neutral words")
