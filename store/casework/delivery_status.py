"""Delivery status of a case's answers: the ledger's word on each line, without opening any text."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_line
from store.messages.models import Cause, Status, ledger

UNDER_WAY = frozenset({"ready", "sending"})
"""The statuses that change by themselves within seconds."""


async def statuses(conn: AsyncConnection, case_id: UUID) -> dict[int, str]:
    """Map each answered line's seq to its ledger status, with the reason after a colon unless it was sent.

    An answer cut into several messages stands where its least finished part stands.
    """
    query = (
        select(case_line.c.id, func.max(ledger.c.status).label("status"), func.max(ledger.c.reason).label("reason"))
        .join(ledger, (ledger.c.cause_kind == Cause.CASE) & (ledger.c.cause == case_line.c.id))
        .where(case_line.c.case_id == case_id, case_line.c.direction == "out")
        .group_by(case_line.c.id)
    )
    return {row.id: named(row.status, row.reason) for row in await conn.execute(query)}


def named(status: int, reason: str | None) -> str:
    """Name a status as staff are shown it: `sent`, `deferred:kept`, `withheld:too_late` …"""
    name = Status(status).name.lower()
    return f"{name}:{reason}" if reason and status != Status.SENT else name
