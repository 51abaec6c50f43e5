"""What PostgreSQL undoes because of another transaction is known for what it is, however it is wrapped."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from store.database import Store, is_conflict, is_outage

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
