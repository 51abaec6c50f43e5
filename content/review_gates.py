"""Review gates: what is still open before a card may be published or broadcast (safety rule 5).

One answer for `check`, the console and the store. An open gate blocks, marks and opens tasks; it never takes a card
away from somebody who asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from content.cards.law import LawFact
from content.cards.templates import ANY
from content.schema import Card, Service

if TYPE_CHECKING:
    from content.library import Library

CALL_AGAIN_DAYS = 180
"""How long a recorded test call stands."""
BINDING = frozenset({"overdue", "recalled"})
"""Gates that not even a trial passes, where everything else is a draft."""


class Gate(msgspec.Struct, frozen=True):
    """One open gate: its kind, the service or fact of law it is about ("" = the card itself), the texts it bars.

    `kind`: a review of `needs_review` (safety, legal, language, fact, audio); `draft`; `overdue` (its day of review has
    passed); `unread` (no public source was read); `uncalled`, `stale` (no test call was recorded, or too long ago);
    `recalled` (not to be shown at all). `langs` are language codes.
    """

    kind: str
    about: str = ""
    langs: tuple[str, ...] = ()

    def __str__(self) -> str:
        of = f" of {self.about}" if self.about else ""
        return f"{self.kind}{of} ({', '.join(self.langs)})"


def open_gates(library: Library, card_id: str, today: date) -> tuple[Gate, ...]:
    """Return every gate that is open for a card on `today` (Asia/Ho_Chi_Minh), in any language it is read in."""
    if not library.has(card_id):
        return (Gate("recalled"),)
    found: dict[tuple[str, str], list[str]] = {}
    for lang in library.languages_of(card_id):
        for gate in dict.fromkeys(_of_text(library, library.cards[card_id][lang], today)):
            found.setdefault(gate, []).append(lang)
    return tuple(Gate(kind, about, tuple(langs)) for (kind, about), langs in found.items())


def barring(gates: Sequence[Gate], *, drafts: bool) -> tuple[Gate, ...]:
    """Return the gates that forbid a broadcast; with `drafts`, in a trial, only those that nothing passes."""
    return tuple(gate for gate in gates if not drafts or gate.kind in BINDING)


def _of_text(library: Library, card: Card, today: date) -> Iterator[tuple[str, str]]:
    yield from ((kind, "") for kind in card.needs_review)
    if card.status == "draft" and not card.needs_review:
        yield "draft", ""
    if is_overdue(card, today):
        yield "overdue", ""
    if any(library.sources[key].reading == "unread" for key in card.source if key in library.sources):
        yield "unread", ""
    for kind, name, _ in ANY.findall(card.text):
        if kind == "law":
            yield from ((gate, name) for gate in law_gates(library.law[name], today))
        elif kind:
            yield from ((gate, name) for gate in service_gates(library.services[name], today))


def service_gates(service: Service, today: date) -> Iterator[str]:
    """Yield the gates that are open for a service; what has no number to show waits for no call."""
    if is_overdue(service, today):
        yield "overdue"
    if not service.numbers or service.status == "retired":
        return
    if service.status == "unverified":
        yield "unread"
    if not service.verified_on:
        yield "uncalled"
    elif (today - date.fromisoformat(service.verified_on)).days > CALL_AGAIN_DAYS:
        yield "stale"


def law_gates(fact: LawFact, today: date) -> Iterator[str]:
    """Yield the gates that are open for a fact of law: it has no test call, a source that was read verifies it."""
    if is_overdue(fact, today):
        yield "overdue"
    if fact.status != "verified":
        yield "unread"


def is_overdue(fact: Card | Service | LawFact, today: date) -> bool:
    """Whether the day by which something was to be reviewed has passed."""
    return date.fromisoformat(fact.review_by) < today
