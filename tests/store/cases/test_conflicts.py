"""What PostgreSQL undoes because of another transaction is known for what it is, however it is wrapped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from flows.model import effects
from store import audit
from store.cases.models import case_file
from store.db.engine import Store, is_conflict, is_outage, raw
from store.effects.apply import apply_effects
from store.effects.base import EffectRequest
from store.unit_of_work import BOT, unit_of_work
from tests.store.privacy.test_retention import add_people
from tests.support.stage import until

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LOCK = text("SELECT pg_advisory_xact_lock(:number)")


async def test_a_deadlock_is_a_conflict_and_no_outage(store: Store) -> None:
    """Two transactions that wait for one another: one is undone, and its error says that it may be done again."""
    async with store.data.connect() as one, store.data.connect() as two:
        await one.execute(LOCK, {"number": 1})
        await two.execute(LOCK, {"number": 2})
        waits = [(one, 2), (two, 1)]

        async def wait(conn, number: int) -> None:
            try:
                await conn.execute(LOCK, {"number": number})
            finally:
                await conn.rollback()

        outcomes = await asyncio.gather(*(wait(*pair) for pair in waits), return_exceptions=True)
    (error,) = [outcome for outcome in outcomes if isinstance(outcome, SQLAlchemyError)]
    assert is_conflict(error)
    assert not is_outage(error)


async def test_a_statement_that_is_simply_wrong_is_no_conflict(store: Store) -> None:
    """A division by nought would fail again: the row that causes it is set aside instead."""
    async with store.data.connect() as conn:
        with pytest.raises(SQLAlchemyError) as caught:
            await conn.execute(text("SELECT 1 / 0"))
    assert not is_conflict(caught.value)


async def test_what_she_says_and_what_a_counsellor_does_never_wait_for_each_other_in_a_ring(store: Store) -> None:
    """Somebody holds her case and waits to record; a batch that opened another case waits for hers: both go through."""
    her, other = await add_people(store, 2, NOW)
    async with raw(store.keyring) as ring:
        keys = {one: await store.ring.key_of(ring, one) for one in (her, other)}

    def act(n: int, one: UUID, effect: effects.Effect) -> EffectRequest:
        return EffectRequest(n, n, one, keys[one], 1, NOW, effect, (), None)  # type: ignore[arg-type]  # no card is looked up

    async def batch(*acts_: EffectRequest) -> None:
        async with unit_of_work(store, NOW, BOT) as work:
            await apply_effects(work, acts_)

    await batch(act(1, her, effects.OpenCase(3, "entry")))
    async with store.data.begin() as desk:
        await desk.execute(select(case_file.c.id).where(case_file.c.person_id == her).with_for_update())
        waiting = asyncio.create_task(
            batch(act(2, other, effects.OpenCase(3, "entry")), act(3, her, effects.AddToCase("em đây")))
        )
        await until(lambda: _waits(store), 10)
        await audit.record(desk, NOW, store.keys.audit, [audit.AuditEvent("desk", "case.answered", "hers", {})])
    await waiting
    async with store.data.connect() as conn:
        assert [entry.action for entry in await audit.page(conn)] == ["case.opened", "case.answered", "case.opened"]


async def _waits(store: Store) -> bool:
    """Whether a transaction waits for the row of another."""
    async with store.data.connect() as conn:
        return bool(await conn.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
