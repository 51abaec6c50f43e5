"""Requests to lower a grave level: a second person confirms one in time, or the level stays (safety rule 3)."""

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
    SmallInteger,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from store.jobs import scheduled
from store.jobs.scheduled import due_kind
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

LEVEL_REQUEST_DUE = due_kind(10, "level_request")
"""Nobody has confirmed in time that a level is lower."""
ASKED, CONFIRMED, DECLINED, OVER = "asked", "confirmed", "declined", "over"

level_request = Table(
    "level_request",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("to_level", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'asked'")),
    Column("decided_by", Uuid, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
)
"""`level` is the level it was asked at; `due_at`: until when a second person can confirm it."""
Index("uq_level_request_asked", level_request.c.case_id, unique=True, postgresql_where=text("state = 'asked'"))
Index("ix_level_request_case", level_request.c.case_id)


class LevelRequest(msgspec.Struct, frozen=True):
    """A request that waits, or how it ended; times are aware, UTC."""

    id: int
    case_id: UUID
    level: int
    to_level: int
    reason: str
    asked_by: UUID
    asked_at: datetime
    due_at: datetime
    state: str


class NewLevelRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a level lower than today's, why (a code), and until when it can be confirmed."""

    case_id: UUID
    level: int
    to_level: int
    reason: str
    due_at: datetime


_COLUMNS = [level_request.c[name] for name in LevelRequest.__struct_fields__]


async def waiting(conn: AsyncConnection, case_id: UUID) -> LevelRequest | None:
    """The request of a case that waits for a second person."""
    query = select(*_COLUMNS).where(level_request.c.case_id == case_id, level_request.c.state == ASKED)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else LevelRequest(*row)


async def found(conn: AsyncConnection, request_id: int) -> LevelRequest | None:
    """A request by its id."""
    query = select(*_COLUMNS).where(level_request.c.id == request_id)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else LevelRequest(*row)


async def ask(work: UnitOfWork, new: NewLevelRequest) -> int:
    """Note what is asked, and let it end by itself."""
    values = msgspec.structs.asdict(new) | {"asked_by": work.staff_id, "asked_at": work.now}
    query = insert(level_request).values(values).returning(level_request.c.id)
    made: int = (await work.conn.execute(query)).scalar_one()
    await scheduled.plan(work.conn, LEVEL_REQUEST_DUE, made, new.due_at)
    return made


async def settle(work: UnitOfWork, request_id: int, state: str) -> bool:
    """End a request that waits; False when it has ended."""
    waits = level_request.c.id == request_id, level_request.c.state == ASKED
    values = {"state": state, "decided_by": work.actor.staff_id, "decided_at": work.now}
    return bool((await work.conn.execute(update(level_request).where(*waits).values(values))).rowcount)
