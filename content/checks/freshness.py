"""Check of freshness: overdue and unverified facts, reported to staff and to `check`, never a reason to stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from content.cards.templates import FACT
from content.checks.recordings import audio_age
from content.findings import Finding
from content.review_gates import is_overdue, law_gates, service_gates

if TYPE_CHECKING:
    from content.library import Library

UNCALLED = {
    "unread": "no public source was read for the number of {}",
    "uncalled": "nobody has recorded a test call to {}",
    "stale": "the last test call to {} is too old",
}
"""What is said of a service at each gate that a call closes."""


def age_findings(library: Library, today: date) -> list[Finding]:
    """Return what is overdue or unverified on `today`, oldest files first by name."""
    facts = [*_cards(library, today), *_services(library, today), *_law(library, today), *_cries(library)]
    return sorted([*facts, *audio_age(library)])


def _cards(library: Library, today: date) -> list[Finding]:
    found = []
    for versions in library.cards.values():
        for card in versions.values():
            if is_overdue(card, today):
                found.append(
                    _aged(card.file, card.line, f'the card "{card.id}" was to be reviewed by {card.review_by}')
                )
    return found


def _services(library: Library, today: date) -> list[Finding]:
    found = []
    for service in library.services.values():
        name = f'the service "{service.id}"'
        for gate in service_gates(service, today):
            if gate == "overdue":
                found.append(_aged(service.file, service.line, f"{name} was to be reviewed by {service.review_by}"))
            else:
                found.append(_uncalled(service.file, service.line, UNCALLED[gate].format(name)))
    return found


def _law(library: Library, today: date) -> list[Finding]:
    """Law has no test call: a source that was read is what verifies it."""
    found = []
    shown = {name for versions in library.cards.values() for name in _named(versions["vi"].text)}
    for fact in library.law.values():
        gates = set(law_gates(fact, today))
        if "overdue" in gates:
            message = f'the fact of law "{fact.id}" was to be reviewed by {fact.review_by}'
            found.append(_aged(fact.file, fact.line, message))
        if "unread" in gates and fact.id in shown:
            message = f'cards show the fact of law "{fact.id}", for which no public source was read'
            found.append(Finding(fact.file, fact.line, message, "read one, or let the cards say: ask", "age"))
    return found


def _cries(library: Library) -> Iterator[Finding]:
    """Phrases of neighbour languages that no native reader has checked; they are recognised all the same."""
    for one in library.lexicon.cries:
        if one.status == "needs native review":
            message = f'{len(one.phrases)} cries in "{one.lang}" await a native reader'
            yield Finding(one.file, one.line, message, "let one check them: status: reviewed, reviewed_by: …", "age")


def _named(text: str) -> list[str]:
    return [name for kind, name in FACT.findall(text) if kind == "law"]


def _aged(file: str, line: int, message: str) -> Finding:
    return Finding(file, line, message, "review it and set a new review_by", "age")


def _uncalled(file: str, line: int, message: str) -> Finding:
    return Finding(file, line, message, "call it, then set verified_by and verified_on", "age")
