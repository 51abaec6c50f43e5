"""What shall happen later: rows that survive every restart, looked at by a tick, done in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    SmallInteger,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.metadata import metadata


class Due(IntEnum):
    """What kind of thing falls due; `subject` is the id of the row it is about."""

    CHECK_IN = 1
    CHECK_IN_SENT = 2
    CHECK_IN_ANSWER = 3
    KEPT_ANSWER = 4
    RUNG = 5
    DRILL = 6
    TELL_HER = 7
    RECEIPT = 8


due_item = Table(
    "due_item",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", SmallInteger, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("not_after", DateTime(timezone=True), nullable=False),
    Column("done_at", DateTime(timezone=True), nullable=True),
    UniqueConstraint("kind", "subject"),
)
Index("ix_due_item_open", due_item.c.due_at, postgresql_where=text("done_at IS NULL"))


async def plan(conn: AsyncConnection, kind: Due, subject: int, due_at: datetime, not_after: datetime) -> None:
    """Let something fall due once; planning it twice changes nothing."""
    values = {"kind": kind, "subject": subject, "due_at": due_at, "not_after": not_after}
    await conn.execute(pg_insert(due_item).values(values).on_conflict_do_nothing())


async def plan_many(conn: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Plan many new things at once."""
    if rows:
        await conn.execute(insert(due_item), list(rows))


_OLDEST = "SELECT due_at FROM due_item WHERE done_at IS NULL ORDER BY due_at LIMIT 1"
CALLING = (Due.RUNG, Due.DRILL)
"""What belongs to the ladder: looked at by a tick of its own, so that nothing else can hold it up."""


async def claim(conn: AsyncConnection, now: datetime, most: int, *, calling: bool = False) -> Sequence[Any]:
    """Lock what has fallen due, the oldest first; what another process holds is left to it.

    `calling`: what belongs to the ladder, and nothing else.
    """
    kinds = due_item.c.kind.in_(CALLING) if calling else due_item.c.kind.not_in(CALLING)
    query = (
        select(due_item)
        .where(due_item.c.done_at.is_(None), due_item.c.due_at <= now, kinds)
        .order_by(due_item.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return (await conn.execute(query)).all()


async def done(conn: AsyncConnection, now: datetime, ids: Sequence[int]) -> None:
    """Mark things done, in the transaction that did them."""
    if ids:
        await conn.execute(update(due_item).where(due_item.c.id.in_(ids)).values(done_at=now))


async def withdraw(conn: AsyncConnection, kinds: Sequence[Due], subjects: Sequence[int]) -> None:
    """Take away what shall not happen any more."""
    if subjects:
        await conn.execute(
            delete(due_item).where(
                due_item.c.kind.in_(kinds), due_item.c.subject.in_(subjects), due_item.c.done_at.is_(None)
            )
        )


async def oldest(conn: asyncpg.Connection) -> datetime | None:
    """The moment the first open thing falls due, or fell due, if any is open."""
    found: datetime | None = await conn.fetchval(_OLDEST)
    return found
