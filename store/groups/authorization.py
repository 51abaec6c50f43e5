"""Authorisation on groups: staff act for the groups of the area they work for, members for the groups they are in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from store.errors import Refused
from store.groups.models import membership, village_group
from store.refusals import Refusal
from store.staff.authorization import require
from store.unit_of_work import UnitOfWork


async def require_group(work: UnitOfWork, group_id: int) -> None:
    """Let staff act for a group of their area, and the service for any group. Raises Refused."""
    where = select(village_group.c.area).where(village_group.c.id == group_id)
    area_code = (await work.conn.execute(where)).scalar_one_or_none()
    if area_code is None:
        raise Refused(Refusal.GROUP_NOT_FOUND)
    if work.actor.staff_id is not None:
        await require(work.conn, work.actor.staff_id, area_code)


async def require_member(work: UnitOfWork, group_id: int, person_id: UUID) -> None:
    """Let a member of a group act for it. Raises Refused."""
    hers = (membership.c.person_id == person_id) & (membership.c.group_id == group_id)
    if (await work.conn.execute(select(membership.c.person_id).where(hers))).first() is None:
        raise Refused(Refusal.BROADCAST_NOT_MEMBER)
