"""Takes: what a case was like before somebody took it, so that a take can be undone as if it had not happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, ScalarSelect, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_file
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

UNDO_WITHIN = timedelta(seconds=10)
"""How long a take can be undone."""
ON_ITS_WAY = timedelta(seconds=5)
"""How long a press within that time may take to arrive."""

case_take = Table(
    "case_take",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("before_by", Uuid, nullable=True),
    Column("before_at", DateTime(timezone=True), nullable=True),
    Column("climb_id", BigInteger, nullable=True),
)
"""The last take of a case: by whom, who had it before and since when, and the escalation that it stopped."""


class Take(msgspec.Struct, frozen=True):
    """The last take of a case; times are aware, UTC."""

    case_id: UUID
    staff_id: UUID
    at: datetime
    before_by: UUID | None = None
    before_at: datetime | None = None
    climb_id: int | None = None


async def keep(work: UnitOfWork, take: Take) -> None:
    """Keep a take in place of the one before."""
    values = msgspec.structs.asdict(take)
    again = {name: value for name, value in values.items() if name != "case_id"}
    made = insert(case_take).values(values)
    await work.conn.execute(made.on_conflict_do_update(index_elements=["case_id"], set_=again))


async def last(conn: AsyncConnection, case_id: UUID, staff_id: UUID, at: datetime | None) -> Take | None:
    """The take by which a member has a case since `at`; None where she has it in another way."""
    hers = case_take.c.case_id == case_id, case_take.c.staff_id == staff_id, case_take.c.at == at
    row = (await conn.execute(select(case_take).where(*hers))).one_or_none()
    return None if row is None else Take(*row)


async def drop(work: UnitOfWork, case_id: UUID) -> None:
    """Forget the take of a case that nobody has any more."""
    await work.conn.execute(delete(case_take).where(case_take.c.case_id == case_id))


def taken_at(staff_id: UUID) -> ScalarSelect[Any]:
    """When a member took the case of a query that she still has by that; NULL where she has it in another way."""
    hers = case_take.c.staff_id == staff_id, case_file.c.acked_by == staff_id, case_take.c.at == case_file.c.acked_at
    query = select(case_take.c.at).where(case_take.c.case_id == case_file.c.id, *hers)
    return query.correlate(case_file).scalar_subquery()
