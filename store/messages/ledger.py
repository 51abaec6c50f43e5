"""The ledger of outgoing messages: answers that wait for a person's silence to end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from store.messages.models import Status, ledger


async def release_kept(conn: AsyncConnection, now: datetime, person_id: UUID) -> None:
    """She is there again: answers kept for her silence may leave now (safety rule 6)."""
    await conn.execute(
        ledger.update()
        .where(ledger.c.person_id == person_id, ledger.c.status == Status.DEFERRED, ledger.c.reason == "kept")
        .values(not_before=now)
    )
