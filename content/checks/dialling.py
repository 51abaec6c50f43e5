"""Check of dialling forms: a card gives a number as it is dialled where she is, or from anywhere, and not both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.cards.templates import ANY
from content.findings import Finding

if TYPE_CHECKING:
    from content.library import Library


def dialling_findings(library: Library) -> Iterator[Finding]:
    """Yield cards in which one number would stand in two forms for one reader."""
    for versions in library.cards.values():
        for card in versions.values():
            named = {(kind, name) for kind, name, _ in ANY.findall(card.text)}
            for service in sorted(name for kind, name in named if kind == "dial" and ("number", name) in named):
                message = f'the card "{card.id}" gives the number of "{service}" in two forms'
                yield Finding(card.file, card.line, message, f"write {{dial:{service}}} or {{number:{service}}} alone")
