"""Job of deferred effects: applies what her own words asked for after she has been answered."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from content.library import Library
from store.db.engine import Store, raw
from store.effects import apply, deferred
from store.effects.base import EffectRequest
from store.effects.deferred import DeferredEffects
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
        async with raw(store.keyring) as keyring_pg:
            keys = await store.ring.load(keyring_pg, list({row.person_id for row in rows}))
        readers = tuple(await roster.new_case_readers(work.conn, now))
        known = [(row, key) for row in rows if (key := keys.get(row.person_id)) is not None]
        does = [request for row, key in known for request in _requests(row, key, readers, library)]
        await apply.apply_effects(work, does)
        await deferred.done(work.conn, rows)
    return len(rows)


def _requests(
    row: DeferredEffects, key: AESGCM, readers: tuple[CaseReader, ...], library: Library
) -> list[EffectRequest]:
    return [
        EffectRequest(row.cause, _FIRST_N + n, row.person_id, key, row.account, row.at, effect, readers, library)
        for n, effect in enumerate(deferred.opened(row, key))
    ]
