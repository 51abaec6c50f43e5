"""Offboarding: a member is suspended or comes back; while suspended she has no login, duty, page, case or new key."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import rekey
from store.cases.models import case_file, case_row
from store.casework import drafts
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations, pages
from store.refusals import Refusal
from store.staff.contacts import staff_code, staff_contact
from store.staff.models import row_of, staff, staff_session
from store.staff.roster import roster
from store.unit_of_work import UnitOfWork

SESSION = "session"
"""What open pages are told on the channel `case` when each must look whether its session still stands."""


async def suspend(work: UnitOfWork, keyring_conn: AsyncConnection, login: str, *, leave_unread: bool = False) -> bool:
    """Shut a member out: no login, duty or page, and every web session of hers ends. False when she was out already.

    Her cases go back to the queue by `release_cases`, and what is written from now on is sealed to others by
    `rekey.follow_roster`: the caller's next steps, and a tick's.
    Raises Refused when an open case, or every new one, would be left with nobody who reads it, unless `leave_unread`.
    """
    conn, now, staff_id = work.conn, work.now, (await row_of(work.conn, login)).id
    before = set() if leave_unread else await rekey.unreadable(conn, now)
    shut = update(staff).where(staff.c.id == staff_id, staff.c.active).values(active=False)
    done = (await conn.execute(shut.returning(staff.c.id))).scalar_one_or_none() is not None
    await conn.execute(delete(roster).where(roster.c.staff_id == staff_id, roster.c.ends_at > now))
    await pages.drop_for(work, staff_id)
    await conn.execute(delete(staff_contact).where(staff_contact.c.staff_id == staff_id))
    await conn.execute(delete(staff_code).where(staff_code.c.staff_id == staff_id))
    await keyring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == staff_id))
    if not leave_unread:
        rekey.refuse_loss(before, await rekey.unreadable(conn, now))
    work.notify(NotifyChannel.CASE, SESSION)
    if done:
        work.record("staff.disabled", staff_id)
    return done


async def reinstate(work: UnitOfWork, keyring_conn: AsyncConnection, login: str) -> None:
    """Let a suspended member in again: from the next epochs on she reads, and the past as colleagues hand it on.

    The next epochs begin by `rekey.follow_roster`. Raises Refused for somebody who is not suspended.
    """
    who = await row_of(work.conn, login)
    if who.active:
        raise Refused(Refusal.STAFF_NOT_SUSPENDED, login=who.login)
    await work.conn.execute(update(staff).where(staff.c.id == who.id).values(active=True))
    # one that began while she was being suspended would live again
    await keyring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == who.id))
    work.record("staff.returned", who.id)


async def release_cases(work: UnitOfWork) -> list[str]:
    """Take open cases out of the hands of suspended members, and page others for them; returns their numbers.

    Idempotent: whatever was taken in the moment of a suspension is found the next time.
    """
    away = select(staff.c.id).where(~staff.c.active)
    query = select(case_file).where(case_file.c.closed_at.is_(None), case_file.c.acked_by.in_(away))
    found = await work.conn.execute(query.order_by(case_file.c.id).with_for_update())
    cases = [case_row(row) for row in found]
    for case in cases:
        waits = func.coalesce(case_file.c.waiting_since, work.now)
        free = {"acked_by": None, "acked_at": None, "waiting_since": waits}
        await work.conn.execute(update(case_file).where(case_file.c.id == case.id).values(free))
        await drafts.drop(work.conn, case.id, case.acked_by)
        await escalations.supersede(work, case.id, uncalled=True)
        await escalations.begin_for_case(work, work.now, case)
        work.notify(NotifyChannel.CASE, case.id)
        work.record("case.released", case.id, **{"from": str(case.acked_by)})
    return [case.number for case in cases]
