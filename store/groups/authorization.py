"""Authorisation on groups: a member acts for the groups of the area she works for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import Refused
from store.groups.models import village_group
from store.refusals import Refusal
from store.staff.authorization import require


async def require_group(conn: AsyncConnection, staff_id: UUID | None, group_id: int) -> None:
    """Let a member act for a group; without `staff_id` the service itself does. Raises Refused, OutOfScope."""
    where = select(village_group.c.area).where(village_group.c.id == group_id)
    area_code = (await conn.execute(where)).scalar_one_or_none()
    if area_code is None:
        raise Refused(Refusal.GROUP_NOT_FOUND)
    if staff_id is not None:
        await require(conn, staff_id, area_code)
