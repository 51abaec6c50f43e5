"""What her own words asked for, done after her answer: once, whole, and not at all for somebody who is forgotten."""

from __future__ import annotations

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select

from flows.model.effects import Later, NoteOnCase, OpenCase
from scheduler.jobs.deferred_effects import apply_deferred_once
from store.cases.models import case_file, case_line
from store.db.engine import Store, raw
from store.effects import apply, deferred
from store.effects.base import EffectRequest
from store.messages.hot_path.inbound import load_people
from store.people import models as people
from store.privacy import forgetting
from store.unit_of_work import BOT, unit_of_work
from tests.flows.standings import NOW
from tests.support.content import library
from tests.support.staff import TEST

DURESS = Later((OpenCase(3, "duress", "vn", ("duress",)), NoteOnCase("word", "duress")))
OWN = Later((NoteOnCase("word", "own"),))


async def somebody(store: Store) -> tuple[UUID, AESGCM, int]:
    """A person with a key, on an account."""
    async with raw(store.data) as conn, raw(store.keyring) as ring:
        account = await people.register_account(conn, "telegram", "telegram")
        await people.add(conn, ring, store.ring, [(account, b"index", "4711")], NOW)
        person = (await load_people(conn, [b"index"]))[b"index"].id
        return person, await store.ring.key_of(ring, person), account


async def said(store: Store, her: tuple[UUID, AESGCM, int], cause: int, effect: Later) -> None:
    """Let a step ask for it, as a transaction of the pipeline does."""
    person, key, account = her
    request = EffectRequest(cause, 0, person, key, account, NOW, effect, (), library())
    async with unit_of_work(store, NOW, BOT) as work:
        await apply.apply_effects(work, [request])


async def counted(store: Store, *tables: object) -> list[int]:
    """How many rows each table has."""
    async with store.data.connect() as conn:
        return [(await conn.execute(select(func.count()).select_from(table))).scalar_one() for table in tables]


async def test_a_duress_word_opens_one_case_with_one_note_however_often_it_is_stepped(store: Store) -> None:
    """The same event stepped twice leaves one row; the tick opens the case, notes the word, and leaves nothing."""
    her = await somebody(store)
    for _ in range(2):
        await said(store, her, 7, DURESS)
    assert await counted(store, deferred.later, case_file) == [1, 0]
    assert await apply_deferred_once(store, library(), NOW) == 1
    assert await counted(store, deferred.later, case_file, case_line) == [0, 1, 1]
    assert await apply_deferred_once(store, library(), NOW) == 0


async def test_her_own_word_without_a_case_leaves_a_row_of_the_same_size_and_nothing_comes_of_it(
    store: Store,
) -> None:
    """Whoever sees the rows sees the same row."""
    her = await somebody(store)
    await said(store, her, 7, DURESS)
    await said(store, her, 8, OWN)
    async with store.data.connect() as conn:
        sizes = (await conn.execute(select(func.length(deferred.later.c.sealed)))).scalars().all()
    assert len(sizes) == 2
    assert len(set(sizes)) == 1
    async with store.data.begin() as conn:
        await conn.execute(deferred.later.delete().where(deferred.later.c.cause == 7))
    assert await apply_deferred_once(store, library(), NOW) == 1
    assert await counted(store, deferred.later, case_file) == [0, 0]


@pytest.mark.parametrize("effect", [OWN, DURESS])
async def test_who_is_forgotten_meanwhile_leaves_nothing_behind(store: Store, effect: Later) -> None:
    """The row goes with the person."""
    her = await somebody(store)
    await said(store, her, 7, effect)
    await forgetting.forget(store, NOW, TEST, her[0])
    assert await apply_deferred_once(store, library(), NOW) == 0
    assert await counted(store, deferred.later, case_file) == [0, 0]
