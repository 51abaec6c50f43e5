"""Commands on the open databases: open them, do one thing, close them, end with an exit code."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bot.cli.bootstrap import open_databases
from bot.cli.serve import run_until_told
from bot.config.settings import read_settings
from scheduler.clock import Clock
from store.db.engine import Store
from store.staff import authorization
from store.unit_of_work import COMMAND, UnitOfWork, unit_of_work

Act = Callable[[Store], Awaitable[None]]


def with_store(settings_file: Path | None, act: Act) -> int:
    """Do something with the open databases; returns the exit code."""

    async def main() -> None:
        store, _ = await open_databases(read_settings(settings_file))
        try:
            await act(store)
        finally:
            await store.close()

    return run_until_told(main)


def with_staff(settings_file: Path | None, act: Act) -> int:
    """Do something about staff, and say whose scope names no area; returns the exit code."""

    async def act_and_look(store: Store) -> None:
        await act(store)
        async with store.data.connect() as conn:
            for sentence in await authorization.stray(conn):
                print(sentence, file=sys.stderr)

    return with_store(settings_file, act_and_look)


def command_work(store: Store) -> AbstractAsyncContextManager[UnitOfWork]:
    """Begin the transaction of what a command does."""
    return unit_of_work(store, Clock().now(), COMMAND)
