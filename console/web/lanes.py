"""Lanes of the desk: open cases and drills grouped by who has to act, for one reader."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec
from markupsafe import Markup

from console.labels import casework as labels
from console.web.due_times import due
from store.casework.queue import QueueRow
from store.casework.unanswered import Unanswered, UnansweredList


class Lane(msgspec.Struct, frozen=True):
    """One group of rows. `label` is a message id; `folded` lanes open by a click."""

    key: str
    label: str
    rows: tuple[QueueRow | Unanswered, ...]
    folded: bool = False
    more: int = 0
    """How many there are besides, of whom no row is shown."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows) + self.more


class Lanes(msgspec.Struct, frozen=True):
    """The lanes as they are drawn: `rows` by their id; `mark` tells whether a page has them already."""

    lanes: tuple[Lane, ...]
    rows: dict[str, Markup]

    @property
    def order(self) -> dict[str, list[str]]:
        """The keys of each lane's rows, in order."""
        return {lane.key: [row.key for row in lane.rows] for lane in self.lanes}

    @property
    def mark(self) -> str:
        """A digest of all that is shown."""
        return hashlib.sha256(json.dumps([self.order, self.rows]).encode()).hexdigest()[:12]


class _Kind(msgspec.Struct, frozen=True):
    key: str
    holds: Callable[[QueueRow, UUID], bool]
    folded: bool = False


def _held(row: QueueRow, reader: UUID) -> bool:
    return row.acked_by == reader


def _free_at(*levels: int) -> Callable[[QueueRow, UUID], bool]:
    return lambda row, _: row.free and row.level in levels and row.drill is None


_KINDS = (
    _Kind("mine", _held),
    _Kind("level-4", _free_at(4)),
    _Kind("level-3", _free_at(3)),
    _Kind("level-2", _free_at(2, 1)),
    _Kind("drills", lambda row, _: row.drill is not None),
    _Kind("colleagues", lambda row, _: not row.free, folded=True),
)
"""Lanes in the order they stand in; a row stands in the first that holds it."""


def lanes(rows: Iterable[QueueRow], silent: UnansweredList, reader: UUID) -> list[Lane]:
    """Put rows into lanes; her own first by who waits longest, the others by their deadline, the silent ones last."""
    found: dict[str, list[QueueRow]] = {kind.key: [] for kind in _KINDS}
    for row in sorted(rows, key=_urgency):
        found[next(kind for kind in _KINDS if kind.holds(row, reader)).key].append(row)
    made = [Lane(kind.key, labels.LANES[kind.key], tuple(found[kind.key]), kind.folded) for kind in _KINDS]
    return [*made, Lane("unanswered", labels.LANES["unanswered"], silent.rows, folded=True, more=silent.more)]


def _urgency(row: QueueRow) -> tuple[bool, bool, float]:
    """Real cases before drills, who waits before whom was answered, then by deadline."""
    answered = bool(row.acked_by) and row.waiting_since is None
    return row.drill is not None, answered, due(row.level, row.waiting_since or row.opened_at).timestamp()
