"""The bell in the head of every page: how many wait for somebody, how many for the reader, what makes it sound."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from console.web.due_times import URGENT, due
from store.cases.impartiality import Neighbourhood
from store.casework import queue
from store.casework.queue import QueueRow


class Bell(msgspec.Struct, frozen=True):
    """What one reader of cases must hear of, wherever she is.

    `waiting` counts what can be taken; `urgent` names what rings until somebody takes it; `lines` names the newest
    line of each case of hers that waits for her answer, so that every further line is a new name, and rings once.
    """

    waiting: int
    urgent: tuple[str, ...]
    lines: tuple[str, ...]
    calls: int
    """How many cases the two name together: the number in the title."""


async def queue_and_bell(
    conn: AsyncConnection, staff_id: UUID, around: Neighbourhood | None = None
) -> tuple[list[QueueRow], Bell]:
    """Open cases and drills in the order they need this reader, and her bell."""
    rows = [*await queue.queue(conn, staff_id, around), *await queue.drills(conn)]
    rows.sort(key=lambda row: _need(row, staff_id))
    urgent = [row for row in rows if row.level >= URGENT and row.free]
    mine = [row for row in rows if row.waits_for(staff_id)]
    bell = Bell(
        waiting=sum(row.free for row in rows),
        urgent=tuple(row.ring for row in urgent),
        lines=tuple(f"{row.id}/{row.newest or 0}" for row in mine),
        calls=len({row.id for row in (*urgent, *mine)}),
    )
    return rows, bell


def _need(row: QueueRow, staff_id: UUID) -> tuple[bool, int, bool, float]:
    """What sorts the queue: who waits first; by level; whoever waits for this reader; by deadline."""
    hers = row.waits_for(staff_id)
    return not (row.free or hers), -row.level, not hers, due(row.level, row.waiting_since or row.opened_at).timestamp()
