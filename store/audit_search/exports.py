"""Exports of the audit: one member asks with a reason, another confirms, and both acts are in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, DateTime, Identity, Table, Text, Uuid, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from store.audit import AuditRecord, audit
from store.audit_search import search
from store.audit_search.search import AuditFilter
from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

ASKED, CONFIRMED, DECLINED = "asked", "confirmed", "declined"
GOOD_FOR = timedelta(hours=24)
"""How long a confirmed export can be fetched, and how long one waits for its second person."""
KEPT_FOR = timedelta(days=180)
SHORTEST, LONGEST = 10, 300
"""Characters of a reason."""
MOST_ROWS = 50_000

audit_export = Table(
    "audit_export",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("wanted", JSONB, nullable=False),
    Column("newest", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Uuid, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
)
"""`newest`: the last record there was when it was asked for; none that came later is in the file."""


class AuditExport(msgspec.Struct, frozen=True):
    """An export as it was asked for, and what became of it."""

    id: int
    asked_by: UUID
    asked_at: datetime
    reason: str
    wanted: dict[str, Any]
    newest: int
    state: str
    decided_by: UUID | None
    decided_at: datetime | None

    def filter(self) -> AuditFilter:
        """Which records it is of."""
        return msgspec.convert(self.wanted, AuditFilter)

    def waits(self, now: datetime) -> bool:
        """Whether it still waits for its second person."""
        return self.state == ASKED and now < self.asked_at + GOOD_FOR

    def ready(self, now: datetime) -> bool:
        """Whether it can be fetched."""
        return self.state == CONFIRMED and self.decided_at is not None and now < self.decided_at + GOOD_FOR


async def latest(conn: AsyncConnection, limit: int = 20) -> list[AuditExport]:
    """The exports that were asked for last."""
    return [AuditExport(**row._mapping) for row in await conn.execute(
        select(audit_export).order_by(audit_export.c.id.desc()).limit(limit))]  # fmt: skip


async def ask(work: UnitOfWork, wanted: AuditFilter, reason: str) -> None:
    """Ask for an export, with a reason that its second person reads. Raises Refused."""
    reason = reason.strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        raise Refused(Refusal.EXPORT_REASON, shortest=SHORTEST, longest=LONGEST)
    newest = (await work.conn.execute(select(func.max(audit.c.seq)))).scalar_one() or 0
    asked = {"asked_by": work.staff_id, "asked_at": work.now, "reason": reason, "state": ASKED, "newest": newest}
    values = asked | {"wanted": msgspec.to_builtins(wanted)}
    made = await work.conn.execute(insert(audit_export).values(values).returning(audit_export.c.id))
    work.record("audit.export_asked", made.scalar_one(), newest=newest)


async def decide(work: UnitOfWork, export_id: int, *, confirmed: bool) -> None:
    """Confirm or decline what another member asked for. Raises Refused."""
    export = await _load(work.conn, export_id)
    if export.asked_by == work.staff_id:
        raise Refused(Refusal.EXPORT_SECOND_PERSON)
    if not export.waits(work.now):
        raise Refused(Refusal.EXPORT_DECIDED)
    state = CONFIRMED if confirmed else DECLINED
    decided = {"state": state, "decided_by": work.staff_id, "decided_at": work.now}
    await work.conn.execute(update(audit_export).where(audit_export.c.id == export_id).values(decided))
    work.record(f"audit.export_{state}", export_id)


async def fetch(work: UnitOfWork, export_id: int) -> Sequence[AuditRecord]:
    """The records of a confirmed export, oldest first, for the two people of it; recorded. Raises Refused."""
    export = await _load(work.conn, export_id)
    if work.staff_id not in (export.asked_by, export.decided_by) or not export.ready(work.now):
        raise Refused(Refusal.EXPORT_NOT_READY)
    found = await search.find(work.conn, export.filter(), before=export.newest + 1, limit=MOST_ROWS)
    work.record("audit.exported", export_id, records=len(found))
    return found[::-1]


async def _load(conn: AsyncConnection, export_id: int) -> AuditExport:
    query = select(audit_export).where(audit_export.c.id == export_id).with_for_update()
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        raise Refused(Refusal.EXPORT_NOT_FOUND)
    return AuditExport(**row._mapping)
