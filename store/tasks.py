"""What only a human can do now: opened by the house, done by a member of staff, never by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
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
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.errors import Refused
from store.schema import metadata

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


class Task(msgspec.Struct, frozen=True):
    """Something to do: about whom (an alias), what kind, why. No word of anybody's."""

    id: int
    kind: str
    alias: str
    reason: str
    opened_at: datetime


async def open_task(
    conn: AsyncConnection, now: datetime, *, kind: str, subject: str, person_id: UUID | None, alias: str, reason: str
) -> bool:
    """Hand something to a human; the same thing twice is one task. True when it is new."""
    values = {
        "kind": kind, "subject": subject, "person_id": person_id, "alias": alias, "reason": reason, "opened_at": now,
    }  # fmt: skip
    query = pg_insert(task).values(values).on_conflict_do_nothing().returning(task.c.id)
    return (await conn.execute(query)).scalar_one_or_none() is not None


async def open_tasks(conn: AsyncConnection) -> list[Task]:
    """List what waits for a human, the oldest first."""
    query = select(task).where(task.c.done_at.is_(None)).order_by(task.c.opened_at, task.c.id)
    return [Task(row.id, row.kind, row.alias, row.reason, row.opened_at) for row in (await conn.execute(query)).all()]


async def finish(conn: AsyncConnection, now: datetime, key: bytes, *, staff_id: UUID, task_id: int) -> None:
    """Say that a task is done. Raises Refused when somebody else was first. `key` is the audit key."""
    query = (
        update(task)
        .where(task.c.id == task_id, task.c.done_at.is_(None))
        .values(done_at=now, done_by=staff_id)
        .returning(task.c.kind)
    )
    kind: Any = (await conn.execute(query)).scalar_one_or_none()
    if kind is None:
        raise Refused("this task is done already")
    await audit.record(
        conn, now, key, actor=str(staff_id), action="task.done", object=str(task_id), meta={"kind": kind}
    )


async def finish_all(conn: AsyncConnection, now: datetime, *, kind: str, staff_id: UUID) -> None:
    """Close what is open of one kind, when the last thing it stood for was done; the caller records that."""
    await conn.execute(
        update(task).where(task.c.kind == kind, task.c.done_at.is_(None)).values(done_at=now, done_by=staff_id)
    )
