"""Offboarding: a member is suspended or comes back; while suspended she has no login, duty, page, case or new key."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.cases import rekey
from store.cases import service as cases
from store.cases.models import case_file
from store.casework import drafts
from store.db.engine import Store
from store.errors import Refused
from store.escalation import escalations, pages
from store.refusals import Refusal
from store.staff.contacts import staff_code, staff_contact
from store.staff.models import row_of, staff, staff_session
from store.staff.roster import roster

SESSION = "session"
"""What open pages are told on the channel `case` when each must look whether its session still stands."""


class Suspended(msgspec.Struct, frozen=True):
    """What a suspension did: numbers of the cases that went back to the queue; whether she had been out already."""

    released: tuple[str, ...]
    before: bool


async def suspend(store: Store, now: datetime, *, actor: str, login: str, leave_unread: bool = False) -> Suspended:
    """Shut a member out, hand her cases back to the queue and seal what is written from now on to others. Idempotent.

    Raises Refused when an open case, or every new one, would be left with nobody who reads it, unless `leave_unread`.
    """
    async with store.data.begin() as conn, store.keyring.begin() as keyring_conn:
        staff_id = (await row_of(conn, login)).id
        before = await rekey.unreadable(conn, now)
        done = await _shut_out(conn, keyring_conn, now, staff_id)
        if not leave_unread:
            rekey.refuse_loss(before, await rekey.unreadable(conn, now))
        if done:
            await _record(conn, now, store.keys.audit, actor, "staff.disabled", staff_id)
    released = await release_cases(store, now, actor=actor)
    await rekey.follow_roster(store, now)
    return Suspended(tuple(released), not done)


async def reinstate(store: Store, now: datetime, *, actor: str, login: str) -> None:
    """Let a suspended member in again: from the next epochs on she reads, and the past as colleagues hand it on.

    Raises Refused for somebody who is not suspended.
    """
    async with store.data.begin() as conn, store.keyring.begin() as keyring_conn:
        who = await row_of(conn, login)
        if who.active:
            raise Refused(Refusal.STAFF_NOT_SUSPENDED, login=who.login)
        await conn.execute(update(staff).where(staff.c.id == who.id).values(active=True))
        # one that began while she was being suspended would live again
        await keyring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == who.id))
        await _record(conn, now, store.keys.audit, actor, "staff.returned", who.id)
    await rekey.follow_roster(store, now)


async def disable(
    conn: AsyncConnection,
    keyring_conn: AsyncConnection,
    now: datetime,
    key: bytes,
    *,
    actor: str,
    staff_id: UUID,
) -> bool:
    """Shut a member out: no login, no duty, no page, every web session of hers ends. False when she was out already.

    Her cases go back to the queue by `release_cases`, and get a new key epoch by `rekey.follow_roster`: the caller's
    next steps, and a tick's.
    """
    done = await _shut_out(conn, keyring_conn, now, staff_id)
    if done:
        await _record(conn, now, key, actor, "staff.disabled", staff_id)
    return done


async def _shut_out(conn: AsyncConnection, keyring_conn: AsyncConnection, now: datetime, staff_id: UUID) -> bool:
    shut = update(staff).where(staff.c.id == staff_id, staff.c.active).values(active=False)
    done = (await conn.execute(shut.returning(staff.c.id))).scalar_one_or_none() is not None
    await conn.execute(delete(roster).where(roster.c.staff_id == staff_id, roster.c.ends_at > now))
    await pages.drop_for(conn, now, staff_id)
    await conn.execute(delete(staff_contact).where(staff_contact.c.staff_id == staff_id))
    await conn.execute(delete(staff_code).where(staff_code.c.staff_id == staff_id))
    await keyring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == staff_id))
    await conn.execute(select(func.pg_notify("case", SESSION)))
    return done


async def release_cases(store: Store, now: datetime, *, actor: str) -> list[str]:
    """Take open cases out of the hands of suspended members, and page others for them; returns their numbers.

    Idempotent: whatever was taken in the moment of a suspension is found the next time.
    """
    away = select(staff.c.id).where(~staff.c.active)
    query = select(case_file).where(case_file.c.closed_at.is_(None), case_file.c.acked_by.in_(away))
    async with store.data.begin() as conn:
        found = (await conn.execute(query.order_by(case_file.c.id).with_for_update())).all()
        for case in found:
            waits = func.coalesce(case_file.c.waiting_since, now)
            free = {"acked_by": None, "acked_at": None, "waiting_since": waits}
            await conn.execute(update(case_file).where(case_file.c.id == case.id).values(free))
            await drafts.drop(conn, case.id, case.acked_by)
            await escalations.supersede(conn, now, case.id, uncalled=True)
            await escalations.begin_for_case(conn, now, case)
            await cases.announce(conn, case.id)
        acts = [audit.AuditEvent(actor, "case.released", str(case.id), {"from": str(case.acked_by)}) for case in found]
        await audit.record_all(conn, now, store.keys.audit, acts)
    return [case.number for case in found]


async def _record(conn: AsyncConnection, now: datetime, key: bytes, actor: str, action: str, staff_id: UUID) -> None:
    await audit.record(conn, now, key, actor=actor, action=action, object=str(staff_id))
