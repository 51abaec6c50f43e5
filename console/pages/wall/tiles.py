"""Tiles of the wall: how many wait at each level, who is due first, and how many were answered in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from console.labels import children as children_labels
from console.labels import wall as labels
from console.web.due_times import due
from store.casework.first_answers import FirstAnswer
from store.casework.queue import QueueRow

WORST = 4


class Tile(msgspec.Struct, frozen=True):
    """A number of cases; `until` is when the first of them must be answered, None where there is none."""

    label: str
    count: int
    until: datetime | None
    red: bool = False


class AnsweredToday(msgspec.Struct, frozen=True):
    """Of the cases of today that are answered or due: how many in time, how many late."""

    in_time: int
    late: int

    @property
    def due(self) -> int:
        """All of them."""
        return self.in_time + self.late


def level_tiles(cases: Iterable[QueueRow]) -> list[Tile]:
    """What nobody has taken, level by level, and where somebody waits for an answer of whoever has taken it."""
    rows = list(cases)
    free = [(level, [row for row in rows if row.free and row.level in levels]) for level, levels in _LEVELS]
    made = [_tile(labels.FREE[level], found, red=level == WORST) for level, found in free]
    return [*made, _tile(labels.UNANSWERED, [row for row in rows if not row.free and row.waiting_since])]


def report_tile(cases: Iterable[QueueRow], now: datetime) -> list[Tile]:
    """How many children somebody must still be told of, where there are any; red once the first of them is late."""
    waits = [row.report_due for row in cases if row.report_due is not None]
    return [Tile(children_labels.MISSING, len(waits), min(waits), red=min(waits) < now)] if waits else []


_LEVELS = ((4, (4,)), (3, (3,)), (2, (2, 1)))


def _tile(label: str, rows: Sequence[QueueRow], *, red: bool = False) -> Tile:
    until = min((due(row.level, row.waiting_since or row.opened_at) for row in rows), default=None)
    return Tile(label, len(rows), until, red and bool(rows))


def answered_today(cases: Iterable[FirstAnswer], now: datetime) -> AnsweredToday:
    """Count cases by whether their first answer came in time; one that is neither answered nor due is not counted."""
    known = [(one.answered_at, due(one.level, one.opened_at)) for one in cases]
    late = sum((at or now) > until for at, until in known)
    return AnsweredToday(sum(at is not None and at <= until for at, until in known), late)
