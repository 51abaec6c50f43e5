"""Delivery status of a case's answers: the ledger's word on each line, without opening any text."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.models import case_line
from store.messages.models import Cause, Status, ledger

UNDER_WAY = frozenset({"ready", "sending"})
"""The statuses that change by themselves within seconds."""


def status_name(status: ColumnElement[int], reason: ColumnElement[str | None]) -> ColumnElement[str]:
    """The name of a status as staff are shown it: `sent`, `deferred:kept`, `withheld:too_late` …"""
    name = case({one.value: one.name.lower() for one in Status}, value=status)
    return case((reason.is_(None) | (status == Status.SENT), name), else_=name + ":" + reason)


async def statuses(conn: AsyncConnection, case_id: UUID) -> dict[int, str]:
    """Map each answered line's seq to its ledger status, with the reason after a colon unless it was sent.

    An answer cut into several messages stands where its least finished part stands.
    """
    query = (
        select(case_line.c.id, status_name(func.max(ledger.c.status), func.max(ledger.c.reason)))
        .join(ledger, (ledger.c.cause_kind == Cause.CASE) & (ledger.c.cause == case_line.c.id))
        .where(case_line.c.case_id == case_id, case_line.c.direction == "out")
        .group_by(case_line.c.id)
    )
    return {line: status for line, status in await conn.execute(query)}
