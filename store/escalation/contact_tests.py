"""Contacts that were tested: by which of her contacts a page, or that of a drill, has arrived since she gave it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.escalation.pages import PageState, call
from store.messages.models import Cause, Status, ledger
from store.staff.contacts import staff_contact


class ContactTest(msgspec.Struct, frozen=True):
    """A contact of somebody, and when a page last arrived by it; None: not yet."""

    staff_id: UUID
    way: str
    arrived_at: datetime | None


async def contact_tests(conn: AsyncConnection, people: Sequence[UUID]) -> list[ContactTest]:
    """Every contact of these members."""
    hers = (call.c.staff_id == staff_contact.c.staff_id) & (call.c.way == staff_contact.c.way)
    by_chat = (ledger.c.cause_kind == Cause.CALL) & (ledger.c.cause == call.c.id) & (ledger.c.status == Status.SENT)
    left = (call.c.fate == PageState.SENT) | (
        (call.c.fate == PageState.HANDED) & select(ledger.c.id).where(by_chat).correlate(call).exists()
    )
    arrived = select(func.max(call.c.changed_at)).where(hers, call.c.changed_at >= staff_contact.c.bound_at, left)
    columns = staff_contact.c.staff_id, staff_contact.c.way, arrived.correlate(staff_contact).scalar_subquery()
    query = select(*columns).where(staff_contact.c.staff_id.in_(people))
    return [
        ContactTest(*row) for row in await conn.execute(query.order_by(staff_contact.c.staff_id, staff_contact.c.way))
    ]
