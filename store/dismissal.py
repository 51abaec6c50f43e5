"""A member leaves: no login, no duty, no call reaches her, from this moment on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.contacts import staff_contact
from store.roster import roster
from store.staff import staff, staff_session


async def disable(
    conn: AsyncConnection,
    ring_conn: AsyncConnection,
    now: datetime,
    key: bytes,
    *,
    actor: str,
    staff_id: UUID,
) -> bool:
    """Shut a member out: no login, no duty, no call, every web session of hers ends. False when she was out already.

    Cases she could read must get a new key epoch; that is the caller's next act.
    """
    shut = update(staff).where(staff.c.id == staff_id, staff.c.active).values(active=False)
    done = (await conn.execute(shut.returning(staff.c.id))).scalar_one_or_none() is not None
    await conn.execute(delete(roster).where(roster.c.staff_id == staff_id, roster.c.ends_at > now))
    await conn.execute(delete(staff_contact).where(staff_contact.c.staff_id == staff_id))
    await ring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == staff_id))
    if done:
        target = str(staff_id)
        await audit.record(conn, now, key, actor=actor, action="staff.disabled", object=target)
    return done
