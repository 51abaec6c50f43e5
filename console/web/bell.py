"""The bell in the frame of every page: who waits, what sounds, who is on duty, which danger nobody took."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from console.web.due_times import URGENT, due
from store.cases.impartiality import Neighbourhood
from store.casework import queue
from store.casework.queue import QueueRow
from store.staff import roster
from store.staff.roster import DutyNames

WORST = 4
"""The level that is shown over every page until somebody has taken it."""


class Bell(msgspec.Struct, frozen=True):
    """What one reader of cases must hear of, wherever she is.

    `waiting` counts what can be taken; `urgent` names what rings until somebody takes it, `worst` what of it is of
    level 4; `lines` names the newest line of each case of hers that waits for her answer, so that every further line
    is a new name, and rings once; and a report of a child that is late with her.
    """

    waiting: int
    urgent: tuple[str, ...]
    worst: tuple[str, ...]
    lines: tuple[str, ...]
    calls: int
    """How many cases the names stand for together: the number in the title."""
    strip: QueueRow | None
    """The level 4 that came last of those nobody has taken; a drill only where there is no case."""
    duty: DutyNames
    reports: tuple[QueueRow, ...] = ()
    """Cases of children of whom nobody has told the line in time, the longest late first."""


async def queue_and_bell(
    conn: AsyncConnection, now: datetime, staff_id: UUID, around: Neighbourhood | None = None
) -> tuple[list[QueueRow], Bell]:
    """Open cases and drills in the order they need this reader, and her bell. `now` is aware."""
    rows = [*await queue.queue(conn, staff_id, around), *await queue.drills(conn)]
    rows.sort(key=lambda row: _need(row, staff_id))
    urgent = [row for row in rows if row.level >= URGENT and row.free]
    worst = [row for row in urgent if row.level >= WORST]
    mine = [row for row in rows if row.waits_for(staff_id)]
    reports = sorted((row for row in rows if is_late(row, now)), key=lambda row: row.report_due or now)
    hers = [row for row in reports if row.acked_by == staff_id]
    bell = Bell(
        waiting=sum(row.free and row.acked_by != staff_id for row in rows),
        urgent=tuple(row.ring for row in urgent),
        worst=tuple(row.ring for row in worst),
        lines=(*(f"{row.id}/{row.newest or 0}" for row in mine), *(f"{row.id}/report" for row in hers)),
        calls=len({row.id for row in (*urgent, *mine, *hers)}),
        strip=max(worst, key=lambda row: (row.drill is None, row.waiting_since or row.opened_at), default=None),
        duty=await roster.duty_names(conn, now),
        reports=tuple(reports),
    )
    return rows, bell


def is_late(row: QueueRow, now: datetime) -> bool:
    """Whether nobody has told the line of this child in time."""
    return row.report_due is not None and row.report_due < now


def _need(row: QueueRow, staff_id: UUID) -> tuple[bool, int, bool, float]:
    """What sorts the queue: who waits first; by level; whoever waits for this reader; by deadline."""
    hers = row.waits_for(staff_id)
    return not (row.free or hers), -row.level, not hers, due(row.level, row.waiting_since or row.opened_at).timestamp()
