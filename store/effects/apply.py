"""Apply what a step asked for, beyond saying something: the pipeline's way into the operations of the features."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import text

from store import effects
from store.effects.base import Batch, EffectRequest
from store.effects.registry import handler_of
from store.unit_of_work import UnitOfWork

for _module in iter_modules(effects.__path__, f"{effects.__name__}."):
    if _module.name != __name__:
        import_module(_module.name)  # whoever applies an effect registers its handler by being imported


async def apply_effects(work: UnitOfWork, requests: Sequence[EffectRequest]) -> None:
    """Apply every effect in order. Raises NoHandler for an effect that nobody applies."""
    await work.conn.execute(text("SELECT 1"))  # begins the transaction underneath, for the hot statements too
    batch = Batch(work)
    for request in requests:
        handler = handler_of(request.effect)
        await handler.apply(batch, request, request.effect)
        if not handler.keeps_case:
            batch.open_cases.pop(request.person_id, None)  # it may be another case now, or the same one changed
