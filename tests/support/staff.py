"""Members of staff: hire them, shut them out, and do something as a test does it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

from store.db.engine import Store
from store.staff import models as staff_models
from store.staff import sign_in
from store.staff.models import NewMember, create_staff
from store.staff_admin import offboarding
from store.unit_of_work import Actor, UnitOfWork, unit_of_work

TEST = Actor("test")
PASSPHRASE = "cầu tre lắc lẻo gập ghềnh"


def work_of_test(store: Store, now: datetime) -> AbstractAsyncContextManager[UnitOfWork]:
    """Begin the transaction of what a test does."""
    return unit_of_work(store, now, TEST)


async def hire(store: Store, now: datetime, login: str, *roles: str, scope: str = "nation") -> UUID:
    """Add a member with the usual passphrase."""
    async with work_of_test(store, now) as work:
        return await create_staff(work, NewMember(login, "Hoa Ban", roles, scope), PASSPHRASE)


async def shut_out(store: Store, now: datetime, login: str) -> bool:
    """Suspend a member, whatever becomes unreadable; False when she was out already."""
    async with work_of_test(store, now) as work, store.keyring.begin() as keyring_conn:
        return await offboarding.suspend(work, keyring_conn, login, leave_unread=True)


async def signed_in_by(
    store: Store, now: datetime, token: str, agent: str, *, touch: bool = True
) -> sign_in.SignedIn | None:
    """Who is signed in by a session that stands; None also for a disabled member."""
    session = await sign_in.live_session(store, now, token, agent, touch=touch)
    if session is None:
        return None
    async with store.data.connect() as conn:
        who = await staff_models.member(conn, session.staff_id)
    return None if who is None else sign_in.signed_in(session, who)
