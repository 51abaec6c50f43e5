"""Delivery of referrals by signed request: claimed with a lease, tried again, ended by a receipt or by a human."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.cases import service as cases
from store.cases.models import case_file
from store.db.engine import Store
from store.jobs import human_tasks
from store.referrals.models import HANDED, TASK, note, referral

LEASE = timedelta(seconds=40)
"""After this long a request that was claimed and not settled is made again: its process died."""
PATIENCE = (5, 30, 120, 600, 1800)
"""Seconds until a request that failed is made again; after the last a human hears of it."""


class OutgoingReferral(msgspec.Struct, frozen=True):
    """A request about to be made: which service, under which key, and what it carries, encrypted to that service."""

    id: int
    key: UUID
    service: str
    body: bytes
    tries: int


async def claim(conn: AsyncConnection, now: datetime, most: int) -> list[OutgoingReferral]:
    """Take what may leave now; of a closed case, or of a woman who took her yes back, nothing leaves."""
    ready = (
        select(referral.c.id)
        .join(case_file, case_file.c.id == referral.c.case_id)
        .where(referral.c.state == HANDED, referral.c.body_ct.is_not(None), referral.c.not_before <= now)
        .where(referral.c.withdrawn_at.is_(None), case_file.c.closed_at.is_(None))
        .order_by(referral.c.id)
        .limit(most)
        .with_for_update(of=referral, skip_locked=True)
    )
    values = {"not_before": now + LEASE, "tries": referral.c.tries + 1}
    returned = (referral.c.id, referral.c.key, referral.c.service, referral.c.body_ct, referral.c.tries)
    claimed = update(referral).where(referral.c.id.in_(ready)).values(values).returning(*returned)
    return [OutgoingReferral(*row) for row in await conn.execute(claimed)]


async def received(store: Store, now: datetime, outgoing: OutgoingReferral) -> None:
    """The service answered with its signature that it took it; once, however often it answers."""
    async with store.data.begin() as conn:
        of = select(referral.c.case_id).where(referral.c.id == outgoing.id)
        await cases.found(conn, (await conn.execute(of)).scalar_one(), lock=True)  # case first, as whoever hands over
        first = referral.c.id == outgoing.id, referral.c.receipt_at.is_(None)
        values = {"receipt_at": now, "receipt_by": None, "body_ct": None}
        query = update(referral).where(*first).values(values).returning(referral.c.case_id)
        case_id = (await conn.execute(query)).scalar_one_or_none()
        if case_id is None:
            return
        await note(conn, now, case_id, "receipt=signed", f"{outgoing.id}.signed")
        key, meta = store.keys.audit, {"service": outgoing.service, "by": "service"}
        await audit.record(conn, now, key, actor="clock", action="referral.receipt", object=str(case_id), meta=meta)
        await cases.announce(conn, case_id)


async def arrived(conn: AsyncConnection, outgoing: OutgoingReferral) -> None:
    """The service took the request without signing a receipt: nothing is sent again, and a receipt is asked for."""
    await conn.execute(update(referral).where(referral.c.id == outgoing.id).values(body_ct=None))


async def failed(conn: AsyncConnection, now: datetime, outgoing: OutgoingReferral, *, for_good: bool) -> None:
    """It did not arrive: again a little later, or a human hears of it."""
    if not for_good and outgoing.tries <= len(PATIENCE):
        later = now + timedelta(seconds=PATIENCE[outgoing.tries - 1])
        await conn.execute(update(referral).where(referral.c.id == outgoing.id).values(not_before=later))
        return
    await conn.execute(update(referral).where(referral.c.id == outgoing.id).values(body_ct=None))
    await to_a_human(conn, now, [outgoing.id], "not_arrived")


async def overdue(conn: AsyncConnection, now: datetime, referral_id: int) -> bool:
    """Ask a human for a receipt that has not come; False when it has, or when nothing was handed over."""
    query = select(referral.c.id).where(
        referral.c.id == referral_id, referral.c.state == HANDED, referral.c.receipt_at.is_(None)
    )
    found = (await conn.execute(query)).scalars().all()
    await to_a_human(conn, now, found, "no_receipt")
    return bool(found)


async def to_a_human(conn: AsyncConnection, now: datetime, ids: Sequence[int], reason: str) -> None:
    """Make a task of referrals, under the aliases of their cases."""
    query = (
        select(referral.c.id, case_file.c.person_id, case_file.c.alias)
        .join(case_file, case_file.c.id == referral.c.case_id)
        .where(referral.c.id.in_(ids))
    )
    for row in (await conn.execute(query)).all():
        about: dict[str, Any] = {"subject": f"{row.id}.{reason}", "person_id": row.person_id, "alias": row.alias}
        await human_tasks.open_task(conn, now, kind=TASK, reason=reason, **about)
