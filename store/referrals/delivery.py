"""Delivery of referrals by signed request: claimed with a lease, tried again, ended by a receipt or by a human."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select, update

from store.cases.lines import NewLine, add_line
from store.cases.models import case_file
from store.cases.service import load_case
from store.db.notify import NotifyChannel
from store.jobs.human_tasks import NewTask, open_task
from store.messages.models import Cause
from store.referrals.models import HANDED, TASK, note_report, referral
from store.unit_of_work import UnitOfWork

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


async def claim(work: UnitOfWork, most: int) -> list[OutgoingReferral]:
    """Take what may leave now; of a closed case, or of a woman who took her yes back, nothing leaves."""
    ready = (
        select(referral.c.id)
        .join(case_file, case_file.c.id == referral.c.case_id)
        .where(referral.c.state == HANDED, referral.c.body_ct.is_not(None), referral.c.not_before <= work.now)
        .where(referral.c.withdrawn_at.is_(None), case_file.c.closed_at.is_(None))
        .order_by(referral.c.id)
        .limit(most)
        .with_for_update(of=referral, skip_locked=True)
    )
    values = {"not_before": work.now + LEASE, "tries": referral.c.tries + 1}
    returned = (referral.c.id, referral.c.key, referral.c.service, referral.c.body_ct, referral.c.tries)
    claimed = update(referral).where(referral.c.id.in_(ready)).values(values).returning(*returned)
    return [OutgoingReferral(*row) for row in await work.conn.execute(claimed)]


async def received(work: UnitOfWork, outgoing: OutgoingReferral) -> None:
    """The service answered with its signature that it took it; once, however often it answers."""
    of = select(referral.c.case_id).where(referral.c.id == outgoing.id)
    case_id = (await work.conn.execute(of)).scalar_one()
    await load_case(work.conn, case_id, lock=True)  # case first, as whoever hands over
    first = referral.c.id == outgoing.id, referral.c.receipt_at.is_(None)
    values = {"receipt_at": work.now, "receipt_by": None, "body_ct": None}
    if not (await work.conn.execute(update(referral).where(*first).values(values))).rowcount:
        return
    await add_line(work, case_id, NewLine("note", "receipt=signed", Cause.REFERRAL, f"{outgoing.id}.signed"))
    await note_report(work, case_id, outgoing.service)
    work.record("referral.receipt", case_id, service=outgoing.service, by="service")
    work.notify(NotifyChannel.CASE, case_id)


async def arrived(work: UnitOfWork, outgoing: OutgoingReferral) -> None:
    """The service took the request without signing a receipt: nothing is sent again, and a receipt is asked for."""
    await _change(work, outgoing, body_ct=None)


async def failed(work: UnitOfWork, outgoing: OutgoingReferral, *, for_good: bool) -> None:
    """It did not arrive: again a little later, or a human hears of it."""
    if not for_good and outgoing.tries <= len(PATIENCE):
        await _change(work, outgoing, not_before=work.now + timedelta(seconds=PATIENCE[outgoing.tries - 1]))
        return
    await _change(work, outgoing, body_ct=None)
    await _to_a_human(work, [outgoing.id], "not_arrived")


async def _change(work: UnitOfWork, outgoing: OutgoingReferral, **values: object) -> None:
    await work.conn.execute(update(referral).where(referral.c.id == outgoing.id).values(values))


async def overdue(work: UnitOfWork, referral_id: int) -> None:
    """Ask a human for a receipt that has not come, of what was handed over."""
    query = select(referral.c.id).where(
        referral.c.id == referral_id, referral.c.state == HANDED, referral.c.receipt_at.is_(None)
    )
    await _to_a_human(work, (await work.conn.execute(query)).scalars().all(), "no_receipt")


async def _to_a_human(work: UnitOfWork, ids: Sequence[int], reason: str) -> None:
    """Make a task of referrals, under the aliases of their cases."""
    query = (
        select(referral.c.id, case_file.c.person_id, case_file.c.alias)
        .join(case_file, case_file.c.id == referral.c.case_id)
        .where(referral.c.id.in_(ids))
    )
    for referral_id, person_id, alias in (await work.conn.execute(query)).all():
        await open_task(work, NewTask(TASK, f"{referral_id}.{reason}", reason, person_id, alias))
