"""Tasks for people: what only a human can do now, opened by any part, done by a member of staff, never by itself."""

from __future__ import annotations

from datetime import datetime
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
from sqlalchemy.dialects.postgresql import insert
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
    Column("due_at", DateTime(timezone=True), nullable=True),
    Column("done_at", DateTime(timezone=True), nullable=True),
    Column("done_by", Uuid, nullable=True),
)
Index("uq_task_open", task.c.kind, task.c.subject, unique=True, postgresql_where=text("done_at IS NULL"))


CHECK_IN = "check_in"
WITHDRAWAL = "withdrawal"
"""The kind of task that asks a human to decide whether somebody is forgotten."""
NOTICE = "notice"
"""The kind of task that asks a human to tell her of help that was called without her yes; it is done at her case."""


class NewTask(msgspec.Struct, frozen=True):
    """What only a human can do: its kind, what it is about, why (codes), and whom it concerns, by her alias.

    `at`: since when it is open, where that may not be the moment of the work; `due_at`: until when it must be done,
    where that is set.
    """

    kind: str
    subject: str
    reason: str
    person_id: UUID | None = None
    alias: str = ""
    at: datetime | None = None
    due_at: datetime | None = None


async def open_task(work: UnitOfWork, new: NewTask, *, anew: bool = False) -> None:
    """Hand something to a human; the same thing twice is one task, which takes the new reason if it is `anew`."""
    values = {
        "kind": new.kind, "subject": new.subject, "reason": new.reason, "person_id": new.person_id, "alias": new.alias,
        "opened_at": new.at or work.now, "due_at": new.due_at,
    }  # fmt: skip
    query = insert(task).values(values)
    same, open_one = [task.c.kind, task.c.subject], task.c.done_at.is_(None)
    reason = query.on_conflict_do_update(index_elements=same, index_where=open_one, set_={"reason": new.reason})
    await work.conn.execute(reason if anew else query.on_conflict_do_nothing())


async def finish_all(work: UnitOfWork, kind: str) -> None:
    """Close what is open of one kind, when the last thing it stood for was done; the caller records that."""
    done = {"done_at": work.now, "done_by": work.staff_id}
    await work.conn.execute(update(task).where(task.c.kind == kind, task.c.done_at.is_(None)).values(done))


async def finish_one(work: UnitOfWork, kind: str, subject: str) -> None:
    """Close one task that was done where it stands; the caller records that."""
    done = {"done_at": work.now, "done_by": work.staff_id}
    which = task.c.kind == kind, task.c.subject == subject, task.c.done_at.is_(None)
    await work.conn.execute(update(task).where(*which).values(done))


async def is_open(conn: AsyncConnection, kind: str, person_id: UUID) -> bool:
    """Whether something of a kind waits for a human that is about a person."""
    query = select(task.c.id).where(task.c.kind == kind, task.c.person_id == person_id, task.c.done_at.is_(None))
    return (await conn.execute(query.limit(1))).first() is not None
