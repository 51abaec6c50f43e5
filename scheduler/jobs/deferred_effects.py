"""Job of deferred effects: applies what her own words asked for after she has been answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from content.library import Library
from store.db.engine import Store, raw
from store.effects import apply, deferred
from store.effects.base import EffectRequest
from store.staff import roster
from store.staff.roster import CaseReader
from store.unit_of_work import BOT, unit_of_work

EVERY = 2
"""Seconds between two looks: a human is paged so much later at most, and no answer shares its second with the page."""
_FIRST_N = 500
"""The place of deferred effects in the numbering of an event's effects: after all of them."""


async def apply_deferred_once(store: Store, library: Library, now: datetime) -> int:
    """Do what waits, in one transaction; returns for how many events. Who was forgotten meanwhile has no row."""
    async with unit_of_work(store, now, BOT) as work:
        rows = await deferred.waiting(work.conn)
        if not rows:
            return 0
        async with raw(store.keyring) as ring:
            keys = await store.ring.load(ring, list({row.person_id for row in rows}))
        readers = tuple(await roster.new_case_readers(work.conn, now))
        does = [request for row in rows if row.person_id in keys for request in _requests(row, keys, readers, library)]
        await apply.apply_effects(work, does)
        await deferred.done(work.conn, rows)
    return len(rows)


def _requests(
    row: Any, keys: dict[UUID, AESGCM], readers: Sequence[CaseReader], library: Library
) -> list[EffectRequest]:
    key = keys[row.person_id]
    return [
        EffectRequest(row.cause, _FIRST_N + n, row.person_id, key, row.account, row.at, effect, tuple(readers), library)
        for n, effect in enumerate(deferred.opened(row, key))
    ]
