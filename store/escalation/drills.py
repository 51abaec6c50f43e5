"""Drills: escalations without a case, by which everybody learns whether pages arrive."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.escalation.escalations import climb
from store.unit_of_work import UnitOfWork


async def give_up_drill(work: UnitOfWork, climb_id: int) -> None:
    """End a drill that nobody took. A case is never given up."""
    a_drill = climb.c.id == climb_id, climb.c.case_id.is_(None), climb.c.ended_at.is_(None)
    await work.conn.execute(update(climb).where(*a_drill).values(ended_at=work.now))


class Drill(msgspec.Struct, frozen=True):
    """A drill: the last step done, -1 for none; ended by nobody when nobody took it."""

    id: int
    code: str
    level: int
    since: datetime
    reached: int
    ended_at: datetime | None
    ended_by: UUID | None


_DRILLS = select(
    climb.c.id, climb.c.code, climb.c.level, climb.c.since, climb.c.reached, climb.c.ended_at, climb.c.ended_by
).where(climb.c.case_id.is_(None))


async def past_drills(conn: AsyncConnection, most: int) -> list[Drill]:
    """The newest drills that are over, the last first."""
    query = _DRILLS.where(climb.c.ended_at.is_not(None)).order_by(climb.c.id.desc()).limit(most)
    return [Drill(*row) for row in await conn.execute(query)]


async def open_drills(conn: AsyncConnection) -> list[Drill]:
    """Drills that nobody has taken, oldest first."""
    query = _DRILLS.where(climb.c.ended_at.is_(None)).order_by(climb.c.id)
    return [Drill(*row) for row in await conn.execute(query)]


def drill_code() -> str:
    """A code for a drill: a letter no case has, and four digits."""
    return f"T{secrets.randbelow(9000) + 1000}"
