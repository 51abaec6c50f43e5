"""Check of situations: each names only what exists, and takes no number away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.languages import BASE
from content.directory.numbers import known_place
from content.directory.situations import FILE, PLAIN, cards_of, is_among
from content.findings import Finding
from content.lexicon.patterns import PatternError, parse

if TYPE_CHECKING:
    from content.library import Library


def situation_findings(library: Library) -> Iterator[Finding]:
    """Yield rules, people, services and cards that a situation names and nobody wrote."""
    rules = [rule.id for rule in library.lexicon.rules]
    for name, one in library.situations.items():
        for pattern in (*one.rules, *one.holds):
            if not any(is_among(rule, (pattern,)) for rule in rules):
                yield _of(name, f'names an unknown rule "{pattern}"', "use ids of content/lexicon")
        for people in one.of:
            if people not in library.situation_table.people:
                yield _of(name, f'is of unknown people "{people}"', "use a name below `people:`")
        for service in one.first:
            if service not in library.services:
                yield _of(name, f'names an unknown service "{service}"', "use ids of content/data/services")
    for name in (PLAIN, *library.situations):
        for card in cards_of(name)[: 1 if name == PLAIN else None]:
            if BASE not in library.cards.get(card, {}):
                yield _of(name, f'has no card "{card}"', f"add it to cards/{BASE} and cards/en")
    yield from _pattern_findings(library)


def _pattern_findings(library: Library) -> Iterator[Finding]:
    """Yield patterns that cannot be read."""
    table = library.situation_table
    sets = frozenset((*library.lexicon.sets, *table.sets))
    told = [(name, row.says + row.unless) for name, row in table.rows.items()]
    told += [(name, phrases.says + phrases.unless) for name, phrases in table.people.items()]
    for name, patterns in told:
        for pattern in patterns:
            try:
                parse(pattern, sets)
            except PatternError as error:
                yield _of(name, str(error), "write it like the patterns of content/lexicon")


def number_findings(library: Library, place: str, lang: str) -> Iterator[Finding]:
    """Yield situations that hide a number of the plain card, or do not begin with what fits."""
    plain = library.emergency(place, lang).phones
    for name in library.situations:
        phones = library.emergency(place, lang, name).phones
        where = f'for "{place or "unknown"}" ({lang})'
        if lost := sorted({*plain} - {*phones}):
            yield _of(name, f"{where} takes numbers away: {', '.join(lost)}", "name them in its card")
        fitting = library.numbers_first(known_place(place, library.services), name, None)
        reachable = [number.number for one in fitting for number in library.services[one].numbers[:1]]
        if reachable and phones[0] != reachable[0]:
            yield _of(name, f"{where} begins with {phones[0]}, not with {reachable[0]}", "let it stand first")


def _of(name: str, what: str, remedy: str) -> Finding:
    return Finding(FILE, 1, f'the situation "{name}" {what}', remedy)
