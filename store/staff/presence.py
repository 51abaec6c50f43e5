"""Presence at the console: when whoever is signed in was last there. Real time, never the clock the demo may move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.staff.models import staff_session
from store.staff.sign_in import ABSOLUTE, IDLE


async def seen_at(keyring_conn: AsyncConnection, now: datetime) -> Mapping[UUID, datetime]:
    """When each member with a session that still stands last did something; who has none is left out."""
    of = staff_session.c
    query = select(of.staff_id, func.max(of.last_seen_at)).where(of.created_at > now - ABSOLUTE)
    rows = await keyring_conn.execute(query.where(of.last_seen_at > now - IDLE).group_by(of.staff_id))
    return {staff_id: at for staff_id, at in rows}
