"""Check of situations: each names only what exists, and takes no number away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.languages import BASE
from content.directory.situations import FILE, Situation, cards_of
from content.findings import Finding

if TYPE_CHECKING:
    from content.library import Library


def situation_findings(library: Library) -> Iterator[Finding]:
    """Yield rules, services and cards that a situation names and nobody wrote."""
    rules = [rule.id for rule in library.lexicon.rules]
    for name, one in library.situations.items():
        for pattern in one.rules:
            if not any(Situation((pattern,), ()).is_heard(rule) for rule in rules):
                yield _of(name, f'names an unknown rule "{pattern}"', "use ids of content/lexicon")
        for service in one.first:
            if service not in library.services:
                yield _of(name, f'names an unknown service "{service}"', "use ids of content/data/services")
        for card in cards_of(name, one):
            if BASE not in library.cards.get(card, {}):
                yield _of(name, f'has no card "{card}"', f"add it to cards/{BASE} and cards/en")


def number_findings(library: Library, place: str, lang: str) -> Iterator[Finding]:
    """Yield situations that hide a number of the plain card, or do not begin with what fits."""
    plain = library.emergency(place, lang).phones
    for name, one in library.situations.items():
        phones = library.emergency(place, lang, name).phones
        where = f'for "{place or "unknown"}" ({lang})'
        if lost := sorted({*plain} - {*phones}):
            yield _of(name, f"{where} takes numbers away: {', '.join(lost)}", "name them in its card")
        fits = [number.number for service in one.first for number in library.services[service].numbers[:1]]
        reachable = [number for number in fits if number in phones]
        if reachable and phones[0] != reachable[0]:
            yield _of(name, f"{where} begins with {phones[0]}, not with {reachable[0]}", "let it stand first")


def _of(name: str, what: str, remedy: str) -> Finding:
    return Finding(FILE, 1, f'the situation "{name}" {what}', remedy)
