"""Change of a passphrase: with the present one her key stays, without it she gets a new key pair."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.cases import rekey
from store.cases.keys import case_key_copy
from store.casework.drafts import case_draft
from store.db.engine import Store
from store.errors import Refused, Sealed
from store.refusals import Refusal
from store.staff import models as staff
from store.staff import vault
from store.staff.models import row_of, staff_session
from store.staff_admin.offboarding import SESSION


async def change(store: Store, now: datetime, *, actor: str, login: str, old: str, new: str) -> None:
    """Lock her key under a new passphrase. Her sessions end, and no device of hers is known any more.

    Raises Refused when the old passphrase is not right, or the new one is too weak.
    """
    async with store.data.connect() as conn:
        who = await row_of(conn, login)
    staff.check_passphrase(who.login, new)
    try:
        private = await staff.stretched(vault.unlock, who.vault, old)
    except Sealed:
        raise Refused(Refusal.PASSPHRASE_WRONG) from None
    locked = await staff.stretched(vault.lock, private, new)
    async with store.data.begin() as conn, store.keyring.begin() as keyring_conn:
        await _put(conn, keyring_conn, who, {"vault": locked})
        await _record(store, conn, now, actor, who, kept=True)


async def renew(store: Store, now: datetime, *, actor: str, login: str, new: str, leave_unread: bool = False) -> None:
    """Give somebody who has forgotten her passphrase a new key pair under a new one; the old vault is gone for good.

    What was sealed to the old key opens for her when a colleague who reads it opens it. Raises Refused when an open
    case would be left with nobody who reads what is in it, unless `leave_unread`.
    """
    async with store.data.connect() as conn:
        who = await row_of(conn, login)
    staff.check_passphrase(who.login, new)
    public, locked = await staff.stretched(vault.create, new)
    async with store.data.begin() as conn, store.keyring.begin() as keyring_conn:
        await rekey.hold_roster(conn)  # no epoch begins meanwhile with the key of before
        before = await rekey.unreadable(conn, now)
        await _put(conn, keyring_conn, who, {"vault": locked, "public_key": public})
        await conn.execute(delete(case_key_copy).where(case_key_copy.c.reader_id == who.id))
        await conn.execute(delete(case_draft).where(case_draft.c.staff_id == who.id))
        if not leave_unread:
            rekey.refuse_loss(before, await rekey.unreadable(conn, now))
        await _record(store, conn, now, actor, who, kept=False)
    await rekey.follow_roster(store, now)


async def _put(conn: AsyncConnection, keyring_conn: AsyncConnection, who: Any, values: dict[str, bytes]) -> None:
    """Change her vault, unless somebody has changed it meanwhile, and end her sessions."""
    mine = staff.staff.c.id == who.id, staff.staff.c.vault == who.vault
    changed = update(staff.staff).where(*mine).values(values).returning(staff.staff.c.id)
    if (await conn.execute(changed)).scalar_one_or_none() is None:
        raise Refused(Refusal.PASSPHRASE_MOVED)
    await keyring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == who.id))
    await conn.execute(select(func.pg_notify("case", SESSION)))


async def _record(store: Store, conn: AsyncConnection, now: datetime, actor: str, who: Any, *, kept: bool) -> None:
    key, meta = store.keys.audit, {"key": "kept" if kept else "new"}
    await audit.record(conn, now, key, actor=actor, action="staff.passphrase", object=str(who.id), meta=meta)
