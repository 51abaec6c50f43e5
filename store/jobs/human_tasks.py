"""Tasks for people: what only a human can do now, opened by any part, done by a member of staff, never by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.metadata import metadata
from store.unit_of_work import UnitOfWork

task = Table(
    "task",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("alias", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("done_at", DateTime(timezone=True), nullable=True),
    Column("done_by", Uuid, nullable=True),
)
Index("uq_task_open", task.c.kind, task.c.subject, unique=True, postgresql_where=text("done_at IS NULL"))


CHECK_IN = "check_in"


async def open_task(
    conn: AsyncConnection, now: datetime, *, kind: str, subject: str, person_id: UUID | None, alias: str, reason: str
) -> bool:
    """Hand something to a human; the same thing twice is one task. True when it is new."""
    values = {
        "kind": kind, "subject": subject, "person_id": person_id, "alias": alias, "reason": reason, "opened_at": now,
    }  # fmt: skip
    query = pg_insert(task).values(values).on_conflict_do_nothing().returning(task.c.id)
    return (await conn.execute(query)).scalar_one_or_none() is not None


async def finish_all(work: UnitOfWork, kind: str) -> None:
    """Close what is open of one kind, when the last thing it stood for was done; the caller records that."""
    done = {"done_at": work.now, "done_by": work.staff_id}
    await work.conn.execute(update(task).where(task.c.kind == kind, task.c.done_at.is_(None)).values(done))
