"""Steps of the protocol that are done in a case: which, by whom and when. No word of anybody's is in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, DateTime, ForeignKey, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.protocol import protocol
from store.cases.changes import readable_case
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.staff.models import staff
from store.unit_of_work import UnitOfWork

protocol_step = Table(
    "protocol_step",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("done_by", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("done_at", DateTime(timezone=True), nullable=False),
)


class StepDone(msgspec.Struct, frozen=True):
    """Who did a step, by her alias, and when (aware)."""

    alias: str
    at: datetime


async def steps_done(conn: AsyncConnection, case_id: UUID) -> Mapping[str, StepDone]:
    """The steps of a case that are done, by their ids."""
    query = (
        select(protocol_step.c.step, staff.c.alias, protocol_step.c.done_at)
        .join(staff, staff.c.id == protocol_step.c.done_by)
        .where(protocol_step.c.case_id == case_id)
    )
    return {row.step: StepDone(row.alias, row.done_at) for row in await conn.execute(query)}


async def mark_step(work: UnitOfWork, case_id: UUID, step: str, *, done: bool) -> None:
    """Tick a step off, or take the tick back; a tick that stands is left as it is. Raises Refused."""
    if step not in protocol().ids:
        raise Refused(Refusal.PROTOCOL_STEP)
    case = await readable_case(work, case_id)
    if done:
        values = {"case_id": case.id, "step": step, "done_by": work.staff_id, "done_at": work.now}
        changed = await work.conn.execute(insert(protocol_step).values(values).on_conflict_do_nothing())
    else:
        which = protocol_step.c.case_id == case.id, protocol_step.c.step == step
        changed = await work.conn.execute(delete(protocol_step).where(*which))
    if changed.rowcount:
        work.record("protocol.done" if done else "protocol.undone", case_id, step=step)
        work.notify(NotifyChannel.CASE, case_id)
