"""The first shift: who has gone through the practice case, and when. Nothing of what was answered in it is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Table, Uuid, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.metadata import metadata
from store.staff.models import READING, staff
from store.unit_of_work import UnitOfWork

first_shift = Table(
    "first_shift",
    metadata,
    Column("staff_id", Uuid, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("finished_at", DateTime(timezone=True), nullable=False),
)


async def finish(work: UnitOfWork) -> None:
    """Note that the member at work has gone through the practice case; the first time counts."""
    row = insert(first_shift).values(staff_id=work.staff_id, finished_at=work.now)
    if (await work.conn.execute(row.on_conflict_do_nothing())).rowcount:
        work.record("first_shift.finished", work.staff_id)


async def finished_at(conn: AsyncConnection, staff_id: UUID) -> datetime | None:
    """When somebody went through it; None for not yet."""
    query = select(first_shift.c.finished_at).where(first_shift.c.staff_id == staff_id)
    found: datetime | None = await conn.scalar(query)
    return found


async def unfinished(conn: AsyncConnection) -> list[str]:
    """The aliases of active staff who read cases and have not gone through it, in their order."""
    readers = select(staff.c.alias).where(staff.c.active, staff.c.roles.overlap(list(READING)))
    query = readers.where(staff.c.id.not_in(select(first_shift.c.staff_id))).order_by(staff.c.alias)
    return list(await conn.scalars(query))
