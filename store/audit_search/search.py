"""Search of the audit: by member, case, action and day, and who read the cases of one member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.zone import VIETNAM
from store.audit import AuditRecord, audit
from store.cases.models import case_file

READINGS = ("case.read", "case.attachment_read", "case.place_read")
"""Acts by which somebody sees what a case holds."""


class AuditFilter(msgspec.Struct, frozen=True):
    """Which records are wanted; what is empty asks for all. `case` is the number of a case, `day` one in Viet Nam."""

    staff_id: UUID | None = None
    case: str = ""
    action: str = ""
    day: date | None = None


async def find(
    conn: AsyncConnection, wanted: AuditFilter, *, before: int | None = None, limit: int = 50
) -> list[AuditRecord]:
    """Records that are wanted, newest first, older than seq `before`."""
    return await _records(conn, await _conditions(conn, wanted), before, limit)


async def _conditions(conn: AsyncConnection, wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.staff_id is not None:
        found.append(audit.c.actor == str(wanted.staff_id))
    if wanted.case:
        number = select(case_file.c.id).where(case_file.c.number == wanted.case)
        found.append(audit.c.object == str((await conn.execute(number)).scalar_one_or_none()))
    if wanted.action:
        found.append(audit.c.action == wanted.action)
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(), VIETNAM)
        found += [audit.c.at >= begins, audit.c.at < begins + timedelta(days=1)]
    return found


async def readings_of(
    conn: AsyncConnection, staff_id: UUID, *, before: int | None = None, limit: int = 50
) -> list[AuditRecord]:
    """Who else read the cases that a member has or had when they were closed, newest first."""
    hers = select(cast(case_file.c.id, Text)).where(case_file.c.acked_by == staff_id)
    others = audit.c.action.in_(READINGS), audit.c.object.in_(hers), audit.c.actor != str(staff_id)
    return await _records(conn, others, before, limit)


async def _records(
    conn: AsyncConnection, which: Sequence[ColumnElement[bool]], before: int | None, limit: int
) -> list[AuditRecord]:
    query = select(*(audit.c[name] for name in AuditRecord.__struct_fields__)).where(*which)
    if before is not None:
        query = query.where(audit.c.seq < before)
    rows = await conn.execute(query.order_by(audit.c.seq.desc()).limit(limit))
    return [AuditRecord(**row._mapping) for row in rows]
