"""Apply what a step asked for, beyond saying something: the pipeline's way into the operations of the features."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit, effects
from store.db.engine import Store
from store.effects.base import Batch, EffectRequest
from store.effects.registry import handler_of
from store.messages.models import LedgerEntry

for _module in iter_modules(effects.__path__, f"{effects.__name__}."):
    if _module.name != __name__:
        import_module(_module.name)  # whoever applies an effect registers its handler by being imported


async def apply_effects(
    conn: AsyncConnection, now: datetime, store: Store, requests: Sequence[EffectRequest]
) -> tuple[list[LedgerEntry], list[audit.AuditEvent]]:
    """Apply every effect in order in the caller's transaction; returns ledger entries they led to, and what to record.

    The caller records last of all: whoever holds the turn of the audit must not wait for a row whose holder waits
    for that turn. Raises NoHandler for an effect that nobody applies.
    """
    await conn.execute(text("SELECT 1"))  # begins the transaction underneath, for the hot statements too
    batch = Batch(conn, now, store)
    for request in requests:
        handler = handler_of(request.effect)
        await handler.apply(batch, request, request.effect)
        if not handler.keeps_case:
            batch.open_cases.pop(request.person_id, None)  # it may be another case now, or the same one changed
    return batch.entries, batch.records
