"""The hold: while it stands nothing leaves the service; what comes in is taken, stepped and kept.

A restored backup begins on hold (safety rule 15). The hold is a row, so every process sees the same one.
"""

from __future__ import annotations

import re
from datetime import datetime

import asyncpg
import msgspec
from sqlalchemy import CheckConstraint, Column, DateTime, SmallInteger, Table, Text, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

RESTORING, RESTORED = "restoring", "restored"
"""The reasons a restore gives: while its work is under way, and when it is done."""

hold = Table(
    "hold",
    metadata,
    Column("n", SmallInteger, primary_key=True, autoincrement=False, server_default=text("1")),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("n = 1", name="one"),
)
_CODE = re.compile(r"[a-z_]{1,32}")


class Hold(msgspec.Struct, frozen=True):
    """Since when (aware, UTC) and why nothing leaves; `reason` is a code."""

    since: datetime
    reason: str


async def find(conn: AsyncConnection) -> Hold | None:
    """The hold of this service, or None when messages may leave."""
    row = (await conn.execute(select(hold.c.since, hold.c.reason))).one_or_none()
    return None if row is None else Hold(row.since, row.reason)


async def is_on_hold(pg: asyncpg.Connection) -> bool:
    """Whether nothing may leave now."""
    answer: bool = await pg.fetchval("SELECT EXISTS (SELECT 1 FROM hold)")
    return answer


async def begin(work: UnitOfWork, reason: str) -> None:
    """Put the service on hold; one that is on hold already stays so since then, for the newer reason.

    Raises ValueError for a reason that is not a code.
    """
    if not _CODE.fullmatch(reason):
        raise ValueError("the reason of a hold is a code: small letters and _, at most 32")
    placed = insert(hold).values(since=work.now, reason=reason)
    await work.conn.execute(placed.on_conflict_do_update(index_elements=[hold.c.n], set_={"reason": reason}))


def placed(now: datetime, reason: str) -> str:
    """The statement that begins a hold, for a script that cannot pass values. Raises ValueError as `begin` does."""
    if not _CODE.fullmatch(reason):
        raise ValueError("the reason of a hold is a code: small letters and _, at most 32")
    return f"INSERT INTO public.hold (since, reason) VALUES ('{now.isoformat()}', '{reason}');\n"  # noqa: S608


async def release(work: UnitOfWork) -> Hold:
    """Let messages leave again, by the law of the gate. Returns the hold that ended.

    Raises Refused when the service is not on hold, or when a restore has not come to its end.
    """
    found = await find(work.conn)
    if found is None:
        raise Refused(Refusal.NOT_ON_HOLD)
    if found.reason == RESTORING:
        raise Refused(Refusal.RESTORE_UNFINISHED)
    await work.conn.execute(delete(hold))
    work.record("house.released", "house")
    return found
