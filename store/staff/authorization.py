"""Authorisation by area: every change to a group, its codes, a broadcast or a tip asks here whether she may."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.areas.scopes import covers, parse_scope, unknown
from store.errors import Refused
from store.refusals import Refusal
from store.staff.models import login_name, staff
from store.unit_of_work import UnitOfWork


async def require(conn: AsyncConnection, staff_id: UUID, area_code: str) -> None:
    """Let a member act in an area. Raises Refused, also for who left or whose scope names no area."""
    mine = select(staff.c.scope).where(staff.c.id == staff_id, staff.c.active)
    scope = (await conn.execute(mine)).scalar_one_or_none()
    if scope is None or not covers(scope, area_code):
        raise Refused(Refusal.OUT_OF_SCOPE)


async def assign(work: UnitOfWork, login: str, scope: str) -> str:
    """Give a member another scope, and return it as it is stored. Raises Refused."""
    found = await parse_scope(work.conn, scope)
    hers = (staff.c.login == login_name(login)) & staff.c.active
    changed = update(staff).where(hers).values(scope=found).returning(staff.c.id)
    member = (await work.conn.execute(changed)).scalar_one_or_none()
    if member is None:
        raise Refused(Refusal.LOGIN_UNKNOWN, login=login_name(login))
    work.record("staff.scope", member, scope=found)
    return found


async def stray(conn: AsyncConnection) -> list[str]:
    """Return a sentence for each active member whose scope names no area, so that she may act nowhere."""
    query = select(staff.c.login, staff.c.scope).where(staff.c.active).order_by(staff.c.login)
    rows = (await conn.execute(query)).all()
    lost = await unknown(conn, {row.scope for row in rows})
    return [
        f'the scope "{row.scope}" of {row.login} names no area, so she may act nowhere, and cases of people whose '
        f"commune is known are kept from her: give her one with `nhipcau admin scope {row.login} SCOPE`"
        for row in rows
        if row.scope in lost
    ]
