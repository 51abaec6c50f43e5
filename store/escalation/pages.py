"""Pages: one row for each member, transport and step; its outcome, and which transport has stopped working.

A page by chat leaves through the ledger; e-mail and gateway have no conversation, and leave from here: claimed with a
lease, at least once, until it is sent, taken, or too old.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum
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
    UniqueConstraint,
    Uuid,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from store.escalation.escalations import climb, rung
from store.messages.models import Cause, Status, ledger
from store.metadata import metadata
from store.staff.contacts import staff_contact
from store.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=40)
"""After this long a page that was claimed and not settled is claimed again: its process died."""
TOO_OLD = timedelta(minutes=30)
"""A page that has not left by then is not sent any more: later steps have paged others."""
PATIENCE = (2, 5, 10, 20, 30)
"""Seconds until a page that failed is tried again; the last for all later tries."""
DEAD_AFTER = 3
"""Tries of one page without success, nothing having been sent since, after which a transport counts as dead."""


class PageState(IntEnum):
    """Where a page stands. HANDED: a row of the ledger, which knows the rest. DROPPED: somebody took the case first."""

    READY = 0
    CLAIMED = 1
    SENT = 2
    FAILED = 3
    DROPPED = 4
    HANDED = 5


call = Table(
    "call",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("rung_id", BigInteger, ForeignKey("rung.id", ondelete="CASCADE"), nullable=False),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("way", Text, nullable=False),
    Column("fate", SmallInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("not_after", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("rung_id", "staff_id", "way"),
)
Index("ix_call_open", call.c.way, call.c.not_before, postgresql_where=text("fate IN (0, 1)"))


class Page(msgspec.Struct, frozen=True):
    """A page about to be sent: to whom, and nothing of the case but its code."""

    id: int
    staff_id: UUID
    way: str
    tries: int
    not_after: datetime
    code: str
    drill: bool
    address_ct: bytes | None


async def add(work: UnitOfWork, made: Sequence[tuple[int, UUID, str, PageState]]) -> list[int]:
    """Insert pages (step, member, transport, state); returns their ids in this order."""
    if not made:
        return []
    rows = [
        {"rung_id": rung_id, "staff_id": staff_id, "way": way, "fate": fate} | {"not_before": work.now}
        | {"not_after": work.now + TOO_OLD, "changed_at": work.now}
        for rung_id, staff_id, way, fate in made
    ]  # fmt: skip
    query = insert(call).returning(call.c.id, sort_by_parameter_order=True)
    return list((await work.conn.execute(query, rows)).scalars())


async def claim(work: UnitOfWork, way: str, most: int) -> list[Page]:
    """Take what may leave by one transport now; what somebody took meanwhile, or grew too old, never leaves."""
    conn, now = work.conn, work.now
    await _drop(conn, now, way)
    open_now = (
        select(call.c.id)
        .where(call.c.way == way, call.c.fate.in_((PageState.READY, PageState.CLAIMED)), call.c.not_before <= now)
        .order_by(call.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    values = {"fate": PageState.CLAIMED, "tries": call.c.tries + 1, "not_before": now + LEASE, "changed_at": now}
    claimed = update(call).where(call.c.id.in_(open_now)).values(values).returning(call.c.id)
    ids = (await conn.execute(claimed)).scalars().all()
    query = (
        select(call.c.id, call.c.staff_id, call.c.way, call.c.tries, call.c.not_after, climb.c.code)
        .add_columns(climb.c.case_id.is_(None).label("drill"), staff_contact.c.address_ct)
        .join(rung, rung.c.id == call.c.rung_id)
        .join(climb, climb.c.id == rung.c.climb_id)
        .outerjoin(staff_contact, (staff_contact.c.staff_id == call.c.staff_id) & (staff_contact.c.way == call.c.way))
        .where(call.c.id.in_(ids))
        .order_by(call.c.id)
    )
    return [Page(*row) for row in await conn.execute(query)]


async def _drop(conn: AsyncConnection, now: datetime, way: str) -> None:
    """Let go of what nobody needs any more."""
    waits = call.c.way == way, call.c.fate.in_((PageState.READY, PageState.CLAIMED)), call.c.not_before <= now
    taken = select(rung.c.id).join(climb).where(climb.c.ended_at.is_not(None))
    ended = {"fate": PageState.DROPPED, "changed_at": now}
    await conn.execute(update(call).where(*waits, call.c.rung_id.in_(taken)).values(ended))
    late = {"fate": PageState.FAILED, "reason": func.coalesce(call.c.reason, "too_late"), "changed_at": now}
    await conn.execute(update(call).where(*waits, call.c.not_after < now).values(late))


async def drop_for(work: UnitOfWork, staff_id: UUID) -> None:
    """Drop every page to a member that has not left, also of those on their way through the ledger."""
    conn, now = work.conn, work.now
    hers = select(call.c.id).where(call.c.staff_id == staff_id, call.c.fate == PageState.HANDED)
    letters = ledger.c.cause_kind == Cause.CALL, ledger.c.status.in_((Status.READY, Status.DEFERRED))
    withheld = {"status": Status.WITHHELD, "reason": "suspended", "body_ct": None, "changed_at": now}
    await conn.execute(update(ledger).where(*letters, ledger.c.cause.in_(hers)).values(withheld))
    waits = call.c.staff_id == staff_id, call.c.fate.in_((PageState.READY, PageState.CLAIMED))
    await conn.execute(update(call).where(*waits).values(fate=PageState.DROPPED, changed_at=now))


async def sent(work: UnitOfWork, call_id: int) -> None:
    """It left."""
    await _settle(work, call_id, {"fate": PageState.SENT, "reason": None})


async def failed(work: UnitOfWork, one: Page, reason: str, *, for_good: bool) -> None:
    """It did not leave: try again a little later, or never when no try can succeed. `reason` is a code."""
    wait = timedelta(seconds=PATIENCE[min(one.tries, len(PATIENCE)) - 1])
    fate = PageState.FAILED if for_good else PageState.READY
    await _settle(work, one.id, {"fate": fate, "reason": reason, "not_before": work.now + wait})


async def _settle(work: UnitOfWork, call_id: int, values: dict[str, object]) -> None:
    claimed = update(call).where(call.c.id == call_id, call.c.fate == PageState.CLAIMED)
    await work.conn.execute(claimed.values(values | {"changed_at": work.now}))


async def dead_transports(conn: AsyncConnection, now: datetime, ways: Sequence[str]) -> set[str]:
    """The transports by which pages fail again and again, nothing having been sent since, within the last day."""
    lately = call.c.changed_at > now - timedelta(days=1)
    ok = (
        select(call.c.way, func.max(call.c.id).label("id"))
        .where(call.c.fate == PageState.SENT, lately)
        .group_by(call.c.way)
    )
    last = ok.subquery()
    gave_up = ((call.c.fate == PageState.FAILED) & (call.c.tries > 0)) | (
        (call.c.fate != PageState.SENT) & (call.c.tries >= DEAD_AFTER)
    )
    query = (
        select(call.c.way)
        .outerjoin(last, last.c.way == call.c.way)
        .where(call.c.way.in_(ways), lately, gave_up, call.c.id > func.coalesce(last.c.id, 0))
        .distinct()
    )
    found = set((await conn.execute(query)).scalars())
    return found | (await _silent_chat(conn, now))


async def _silent_chat(conn: AsyncConnection, now: datetime) -> set[str]:
    """Whether pages by chat died or wait, none having arrived since."""
    lately = (ledger.c.cause_kind == Cause.CALL) & (ledger.c.created_at > now - timedelta(days=1))
    arrived = select(func.max(ledger.c.id)).where(lately, ledger.c.status == Status.SENT).scalar_subquery()
    stuck = (ledger.c.status == Status.DEAD) | (
        ledger.c.status.in_((Status.READY, Status.DEFERRED, Status.UNKNOWN)) & (ledger.c.created_at < now - LEASE)
    )
    query = select(ledger.c.id).where(lately, stuck, ledger.c.id > func.coalesce(arrived, 0)).limit(1)
    return {"chat"} if (await conn.execute(query)).first() is not None else set()
