"""A pooled connection that died is never handed out, and one in use is not asked each time whether it lives."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import text

from store.db import pool
from store.db.engine import Store, driver_of, raw, uri_of
from tests.support.stage import until


async def test_a_connection_that_the_server_ended_is_replaced(store: Store) -> None:
    """Whoever asks next gets another one and sees no error."""
    async with store.data.connect() as conn:
        pid, driver = (await conn.execute(text("SELECT pg_backend_pid()"))).scalar_one(), driver_of(conn)
    admin = await asyncpg.connect(uri_of(store.data))
    await admin.execute("SELECT pg_terminate_backend($1)", pid)
    await admin.close()

    async def closed() -> bool:
        return bool(driver.is_closed())

    await until(closed, 5)
    async with store.data.connect() as conn:
        assert (await conn.execute(text("SELECT pg_backend_pid()"))).scalar_one() != pid


@pytest.mark.parametrize(("rested", "asked"), [(pool.RESTED, False), (-1.0, True)])
async def test_only_one_that_lay_for_long_is_tried_first(
    store: Store, monkeypatch: pytest.MonkeyPatch, rested: float, asked: bool
) -> None:
    """The last thing the server heard on it is what its last user said, or the question whether it lives."""
    monkeypatch.setattr(pool, "RESTED", rested)
    async with raw(store.data) as driver:
        pid = await driver.fetchval("SELECT pg_backend_pid() AS hers")
    admin = await asyncpg.connect(uri_of(store.data))
    async with store.data.connect():
        said = await admin.fetchval("SELECT query FROM pg_stat_activity WHERE pid = $1", pid)
    await admin.close()
    assert ("AS hers" in said) is not asked
