"""Situations: what she wrote, by the rule that heard it, and which numbers and sentences fit it (safety rule 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from content.cards.languages import BASE
from content.findings import Finding
from content.strict_yaml import Document
from content.validation import shape

if TYPE_CHECKING:
    from content.library import Library

FILE = "situations.yaml"
PLACES = ("vn", "abroad", "unknown")


class Situation(msgspec.Struct, frozen=True):
    """`rules`: ids of lexicon rules, or their beginning up to a dot; `first`: services in front of all others."""

    rules: tuple[str, ...]
    first: tuple[str, ...]

    def is_heard(self, rule: str) -> bool:
        """Say whether the rule that decided is one of this situation."""
        return any(rule == one or (one.endswith(".") and rule.startswith(one)) for one in self.rules)


def situation_of(situations: Mapping[str, Situation], rule: str) -> str:
    """Return the situation of the rule that decided; "" of any other."""
    return next((name for name, one in situations.items() if one.is_heard(rule)), "")


def cards_of(name: str, situation: Situation) -> tuple[str, ...]:
    """Return the cards that a situation needs."""
    own = tuple(f"emergency.{name}.{place}" for place in PLACES) if situation.first else ()
    return (*own, f"situation.{name}.asks", f"situation.{name}.say")


def read_situations(document: Document | None, findings: list[Finding]) -> dict[str, Situation]:
    """Return the situations in their order, and add what is wrong to `findings`."""
    if document is None:
        return {}
    given = document.value.get("situations") if isinstance(document.value, dict) else None
    if not isinstance(given, dict):
        findings.append(Finding(FILE, 1, "there are no situations", "write `situations:` with one entry for each"))
        return {}
    made = {name: shape(Situation, document, ("situations", name), one, findings) for name, one in given.items()}
    return {name: one for name, one in made.items() if one is not None}


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
