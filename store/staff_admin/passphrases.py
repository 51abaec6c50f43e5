"""Change of a passphrase: with the present one her key stays, without it she gets a new key pair.

Argon2 takes a third of a second: a vault is made before the transaction that puts it in place.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import rekey
from store.cases.keys import case_key_copy
from store.casework.drafts import case_draft
from store.db.notify import NotifyChannel
from store.errors import Refused, Sealed
from store.refusals import Refusal
from store.staff import models as staff
from store.staff import vault
from store.staff.models import StaffRow, staff_session
from store.staff_admin.offboarding import SESSION
from store.unit_of_work import UnitOfWork


class NewVault(msgspec.Struct, frozen=True):
    """A vault under a new passphrase; `public_key` is b"" when it holds the key of before."""

    vault: bytes
    public_key: bytes = b""

    def __repr__(self) -> str:
        """Nothing of it."""
        return "NewVault()"


async def lock_anew(who: StaffRow, old: str, new: str) -> NewVault:
    """Lock her key under a new passphrase. Raises Refused when the old one is not right, or the new one is too weak."""
    staff.check_passphrase(who.login, new)
    try:
        private = await staff.stretched(vault.unlock, who.vault, old)
    except Sealed:
        raise Refused(Refusal.PASSPHRASE_WRONG) from None
    return NewVault(await staff.stretched(vault.lock, private, new))


async def new_key(who: StaffRow, new: str) -> NewVault:
    """Make her a new key pair under a new passphrase. Raises Refused when it is too weak."""
    staff.check_passphrase(who.login, new)
    public, locked = await staff.stretched(vault.create, new)
    return NewVault(locked, public)


async def change(work: UnitOfWork, keyring_conn: AsyncConnection, who: StaffRow, made: NewVault) -> None:
    """Put the vault of `lock_anew` in place. Her sessions end, and no device of hers is known any more."""
    await _put(work, keyring_conn, who, {"vault": made.vault})
    work.record("staff.passphrase", who.id, key="kept")


async def renew(
    work: UnitOfWork, keyring_conn: AsyncConnection, who: StaffRow, made: NewVault, *, leave_unread: bool = False
) -> None:
    """Put the vault of `new_key` in place, for who has forgotten her passphrase; the old one is gone for good.

    What was sealed to the old key opens for her when a colleague who reads it opens it; `rekey.follow_roster` is the
    caller's next step. Raises Refused when an open case would be left with nobody who reads what is in it, unless
    `leave_unread`.
    """
    conn, now = work.conn, work.now
    await rekey.hold_roster(conn)  # no epoch begins meanwhile with the key of before
    before = set() if leave_unread else await rekey.unreadable(conn, now)
    await _put(work, keyring_conn, who, {"vault": made.vault, "public_key": made.public_key})
    await conn.execute(delete(case_key_copy).where(case_key_copy.c.reader_id == who.id))
    await conn.execute(delete(case_draft).where(case_draft.c.staff_id == who.id))
    if not leave_unread:
        rekey.refuse_loss(before, await rekey.unreadable(conn, now))
    work.record("staff.passphrase", who.id, key="new")


async def _put(work: UnitOfWork, keyring_conn: AsyncConnection, who: StaffRow, values: dict[str, bytes]) -> None:
    """Change her vault, unless somebody has changed it meanwhile, and end her sessions."""
    mine = staff.staff.c.id == who.id, staff.staff.c.vault == who.vault
    changed = update(staff.staff).where(*mine).values(values).returning(staff.staff.c.id)
    if (await work.conn.execute(changed)).scalar_one_or_none() is None:
        raise Refused(Refusal.PASSPHRASE_MOVED)
    await keyring_conn.execute(delete(staff_session).where(staff_session.c.staff_id == who.id))
    work.notify(NotifyChannel.CASE, SESSION)
