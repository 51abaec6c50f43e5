"""Check of law: whether the facts hold together, and whether a card may show one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from content.cards.law import LawFact
from content.findings import Finding
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library


def law_findings(library: Library) -> Iterator[Finding]:
    """Yield facts without their act, acts without a number, and sources nobody knows."""
    for fact in library.law.values():
        if not fact.act and not fact.number:
            yield _of(fact, f'the fact "{fact.id}" names no act', 'name it: act: "act.trafficking" and article: "17"')
        if fact.act and not library.law.get(fact.act, fact).number:
            yield _of(fact, f'"{fact.act}" of "{fact.id}" is no act with a number', "add the act to law.yaml")
        if fact.status == "verified" and any(library.sources[key].reading != "read" for key in known(library, fact)):
            yield _of(fact, f'the fact "{fact.id}" is verified without a source that was read', "status: unverified")


def known(library: Library, fact: LawFact) -> list[str]:
    """Return the sources of a fact that sources.yaml knows; the others are told elsewhere."""
    return [key for key in fact.source if key in library.sources]


def card_findings(facts: Mapping[str, LawFact], card: Card, name: str) -> Iterator[Finding]:
    """Yield why a card may not show a fact: unknown, without words, not to be seen by a lawyer."""
    fact = facts.get(name)
    if fact is None:
        yield _of(card, f'the card "{card.id}" names an unknown fact of law "{name}"', "use an id of law.yaml")
        return
    if card.lang not in fact.says or fact.status == "retired":
        message = f'the card "{card.id}" shows "{name}", which has no words in {card.lang}'
        yield _of(card, message, "let the card say: ask, and name a service")
    if card.status != "approved" and "legal" not in card.needs_review:
        yield _of(card, f'the card "{card.id}" shows law but asks for no legal review', "add legal to needs_review")


def _of(thing: LawFact | Card, message: str, remedy: str) -> Finding:
    return Finding(thing.file, thing.line, message, remedy)
