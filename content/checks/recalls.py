"""Check of recalls: whether one leaves a hole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.languages import BASE
from content.cards.recalls import needed
from content.findings import Finding
from content.schema import Card

if TYPE_CHECKING:
    from content.library import Library

RECALL = 'write recalled: {since: "2026-11-25", because: "the fee changed", instead: "other.card"}'


def recall_findings(library: Library) -> Iterator[Finding]:
    """Yield recalls that would leave a hole: of what the service needs, or towards a card that cannot be shown."""
    for name, versions in library.cards.items():
        card = versions[BASE]
        if card.status != "recalled" and card.recalled is None:
            continue
        if needed(name):
            yield _of(card, f'the card "{name}" is recalled', "the service cannot do without it: write a new version")
        if card.status == "recalled" and card.recalled is None:
            yield _of(card, f'the recall of "{name}" has no day and no reason', RECALL)
        instead = card.recalled.instead if card.recalled is not None else ""
        if instead and not library.has(instead):
            yield _of(card, f'"{instead}", shown instead of "{name}", cannot be shown', "name a card that can")


def _of(card: Card, message: str, remedy: str) -> Finding:
    return Finding(card.file, card.line, message, remedy)
