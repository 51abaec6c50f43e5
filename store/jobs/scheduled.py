"""Due items: what shall happen later, as rows that survive every restart, done by jobs in one transaction.

Whoever plans a kind of thing declares it with `due_kind`; its job is registered in `scheduler/jobs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg
import msgspec
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


class DueKind(msgspec.Struct, frozen=True):
    """A kind of thing that falls due; `number` is what rows keep and never changes."""

    number: int
    name: str


KINDS: dict[int, DueKind] = {}


def due_kind(number: int, name: str) -> DueKind:
    """Declare a kind. Raises ValueError when another one has this number."""
    if number in KINDS:
        raise ValueError(f"{KINDS[number].name} and {name} have one number, {number}: give the new one another")
    kind = KINDS[number] = DueKind(number, name)
    return kind


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


class DueItem(msgspec.Struct, frozen=True):
    """One thing that has fallen due: its kind, the id of the row it is about, and from when to when it may be done."""

    id: int
    kind: int
    subject: int
    due_at: datetime
    not_after: datetime


async def plan(
    conn: AsyncConnection, kind: DueKind, subject: int, due_at: datetime, not_after: datetime | None = None
) -> None:
    """Let something fall due once, about the row whose id is `subject`; planning it twice changes nothing.

    `not_after` is for a job that asks whether it is too late.
    """
    values = {"kind": kind.number, "subject": subject, "due_at": due_at, "not_after": not_after or due_at}
    await conn.execute(pg_insert(due_item).values(values).on_conflict_do_nothing())


async def plan_many(conn: AsyncConnection, kind: DueKind, rows: Sequence[Mapping[str, object]]) -> None:
    """Plan many new things of one kind at once (subject, due_at, not_after)."""
    if rows:
        await conn.execute(insert(due_item), [{"kind": kind.number, **row} for row in rows])


_OLDEST = "SELECT due_at FROM due_item WHERE done_at IS NULL ORDER BY due_at LIMIT 1"


async def claim(
    conn: AsyncConnection, now: datetime, most: int, kinds: Sequence[DueKind], *, others: bool = False
) -> list[DueItem]:
    """Lock what has fallen due of these kinds, the oldest first; what another process holds is left to it.

    `others`: of every kind but these.
    """
    numbers = [kind.number for kind in kinds]
    wanted = due_item.c.kind.not_in(numbers) if others else due_item.c.kind.in_(numbers)
    query = (
        select(due_item.c.id, due_item.c.kind, due_item.c.subject, due_item.c.due_at, due_item.c.not_after)
        .where(due_item.c.done_at.is_(None), due_item.c.due_at <= now, wanted)
        .order_by(due_item.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [DueItem(*row) for row in await conn.execute(query)]


async def done(conn: AsyncConnection, now: datetime, ids: Sequence[int]) -> None:
    """Mark things done, in the transaction that did them."""
    if ids:
        await conn.execute(update(due_item).where(due_item.c.id.in_(ids)).values(done_at=now))


async def withdraw(conn: AsyncConnection, kinds: Sequence[DueKind], subjects: Sequence[int]) -> None:
    """Take away what shall not happen any more."""
    if subjects:
        await conn.execute(
            delete(due_item).where(
                due_item.c.kind.in_([kind.number for kind in kinds]),
                due_item.c.subject.in_(subjects),
                due_item.c.done_at.is_(None),
            )
        )


async def oldest(pg: asyncpg.Connection) -> datetime | None:
    """The moment the first open thing falls due, or fell due, if any is open."""
    found: datetime | None = await pg.fetchval(_OLDEST)
    return found
