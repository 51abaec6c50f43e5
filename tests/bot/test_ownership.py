"""Lanes and accounts are owned fairly, taken over quickly, and never by two."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from bot.ownership import Ownership
from store.db.engine import Store, connect
from store.messages.lanes import LANES

ACCOUNTS = (1, 2, 3, 4)


async def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until a condition holds; fail after a deadline."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def member(uri: str) -> AsyncIterator[tuple[Ownership, asyncio.Task[None]]]:
    """Run one process's ownership."""
    ownership = Ownership(lambda: connect(uri), ACCOUNTS)
    task = asyncio.create_task(ownership.run())
    try:
        yield ownership, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await ownership.close()


@pytest.mark.usefixtures("store")
async def test_one_process_owns_everything(databases: tuple[str, str]) -> None:
    """Alone in the service, a process owns every lane and every account."""
    async with member(databases[0]) as (only, _):
        await until(lambda: len(only.lanes) == LANES and len(only.accounts) == len(ACCOUNTS))


@pytest.mark.usefixtures("store")
async def test_two_processes_share_fairly_and_never_own_the_same(databases: tuple[str, str]) -> None:
    """Two processes own eight lanes and two accounts each, and nothing twice."""
    async with member(databases[0]) as (one, _), member(databases[0]) as (two, _):
        await until(lambda: len(one.lanes) == len(two.lanes) == LANES // 2)
        await until(lambda: len(one.accounts) == len(two.accounts) == 2)
        assert not one.lanes.keys() & two.lanes.keys()


@pytest.mark.usefixtures("store")
async def test_a_dead_process_is_followed_in_a_newer_epoch(databases: tuple[str, str]) -> None:
    """What a dead process owned is taken over, and its epoch is left behind."""
    async with member(databases[0]) as (one, _):
        async with member(databases[0]) as (two, task):
            await until(lambda: len(one.lanes) == len(two.lanes) == LANES // 2)
            epochs = dict(two.lanes)
            task.cancel()
            assert two._pg is not None
            two._pg.terminate()
            await until(lambda: len(one.lanes) == LANES)
        assert all(one.lanes[lane] > epoch for lane, epoch in epochs.items())


async def test_a_frozen_process_is_put_out(databases: tuple[str, str], store: Store) -> None:
    """A holder that stopped beating loses its connection, and its lanes find a new owner."""
    async with member(databases[0]) as (one, _), member(databases[0]) as (two, task):
        await until(lambda: len(one.lanes) == len(two.lanes) == LANES // 2)
        frozen = two._pg
        assert frozen is not None
        task.cancel()  # no more beats, but the connection and its locks stay
        await until(lambda: len(one.lanes) == LANES)
        assert frozen.is_closed()
