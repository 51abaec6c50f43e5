"""Skills: what a member is trained for, such as children; she is paged first where a case asks for it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from store.errors import Refused
from store.refusals import Refusal
from store.staff.models import READING, login_name, staff
from store.staff.roster import holder_trained
from store.unit_of_work import UnitOfWork


async def give(work: UnitOfWork, login: str, skills: Collection[str]) -> None:
    """Name what a member is trained for from now on, in place of what was named before. Raises Refused."""
    known = escalation_policy().skills
    if strange := sorted({*skills} - {*known}):
        raise Refused(Refusal.SKILL_UNKNOWN, skill=strange[0], skills=known)
    mine = (staff.c.login == login_name(login)) & staff.c.active
    named = update(staff).where(mine).values(skills=sorted({*skills})).returning(staff.c.id)
    found = (await work.conn.execute(named)).scalar_one_or_none()
    if found is None:
        raise Refused(Refusal.LOGIN_UNKNOWN, login=login_name(login))
    work.record("staff.skills", found, **dict.fromkeys(sorted({*skills}) or ["nothing"], True))


async def trained(conn: AsyncConnection, skill: str) -> list[str]:
    """The aliases of active members who read cases and are trained for something."""
    reads = staff.c.active, staff.c.roles.overlap(READING), holder_trained(staff.c.id, skill)
    return list((await conn.execute(select(staff.c.alias).where(*reads).order_by(staff.c.alias))).scalars())
