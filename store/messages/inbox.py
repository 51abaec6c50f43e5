"""The inbox's quarantine: events that nobody could process, sealed as they came, counted for staff."""

from __future__ import annotations

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.messages.models import InboxState, inbox


async def quarantine(pg: asyncpg.Connection, inbox_id: int, reason: str, index: bytes | None = None) -> None:
    """Set one event aside, sealed as it came, where staff see that it exists.

    `index` is the blind index of who wrote it, where that is known, so that forgetting her reaches it.
    """
    await pg.execute(
        "UPDATE inbox SET state = $2, reason = $3, bidx = $5 WHERE id = $1 AND state = $4",
        inbox_id, InboxState.QUARANTINED, reason, InboxState.PENDING, index,
    )  # fmt: skip


async def set_aside(conn: AsyncConnection) -> int:
    """How many events lie in quarantine."""
    query = select(func.count()).select_from(inbox).where(inbox.c.state == InboxState.QUARANTINED)
    return int((await conn.execute(query)).scalar_one())
