"""A whole service in this process: real PostgreSQL, real HTTP, the stand-ins on one loopback port."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from sqlalchemy import select

from bot.app import Application
from bot.cli.bootstrap import build_application
from bot.cli.demo_data import LOGINS, seed
from bot.cli.serve import serving
from bot.config.settings import read_settings
from scheduler.clock import MovableClock
from simulator.app import create
from simulator.world import World
from store.casework import queue
from store.staff import vault
from store.staff.models import staff
from tests.support.content import reviewed
from tests.support.stage import accounts_of, client, free_port, until


class System:
    """The service, the world outside it, and hands to use both."""

    def __init__(self, application: Application, world: World, http: aiohttp.ClientSession, base: str) -> None:
        self.application = application
        self.runtime = application.runtime
        self.world = world
        self.http = http
        self.base = base
        self.store = application.runtime.store

    async def do(self, channel: str, user: str, act: str, **what: Any) -> None:
        """Use a phone: say, press, voice, follow, block …"""
        async with self.http.post(f"{self.base}/__sim/{channel}/{user}/{act}", json=what) as answer:
            answer.raise_for_status()

    async def inbox(self, channel: str, user: str) -> list[dict[str, Any]]:
        """What a phone shows of ours."""
        async with self.http.get(f"{self.base}/__sim/{channel}/{user}/inbox") as answer:
            messages = (await answer.json())["messages"]
        return [message for message in messages if message.get("from", "bot") == "bot"]

    async def talk(self, channel: str, user: str, text: str, *, seconds: float = 10) -> list[dict[str, Any]]:
        """Say something and return what came back, once something has and nothing is on its way."""
        before = {message["id"] for message in await self.inbox(channel, user)}
        await self.do(channel, user, "say", text=text)

        async def fresh() -> list[dict[str, Any]]:
            return [m for m in await self.inbox(channel, user) if m["id"] not in before]

        await until(fresh, seconds)
        await self.quiet()
        return await fresh()

    async def quiet(self) -> None:
        """Wait until nothing is pending, ready or flying."""

        async def done() -> bool:
            world = self.world
            if world.telegram.updates.pending or world.zalo.webhook.carrying or world.zalo_bot.updates.carrying:
                return False
            async with self.store.data.connect() as conn:
                left = await conn.exec_driver_sql(
                    "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + "
                    "(SELECT count(*) FROM ledger WHERE status IN (0, 1))"
                )
                return not left.scalar_one()

        await until(done, 15)

    async def counsellor(self, login: str = "hoaban") -> tuple[UUID, bytes]:
        """A staff member's id and private key, opened with her passphrase."""
        async with self.store.data.connect() as conn:
            row = (await conn.execute(select(staff.c.id, staff.c.vault).where(staff.c.login == login))).one()
        passphrase = next(given for name, given, _ in LOGINS if name == login)
        return row.id, await asyncio.to_thread(vault.unlock, row.vault, passphrase)

    async def cases(self) -> list[queue.QueueRow]:
        """The queue."""
        async with self.store.data.connect() as conn:
            return await queue.queue(conn)

    async def count(self, query: str) -> int:
        """One number from the data."""
        async with self.store.data.connect() as conn:
            number: int = (await conn.exec_driver_sql(query)).scalar_one()
            return number

    async def advance(self, seconds: float) -> None:
        """Move every clock."""
        await self.world.advance(seconds)


@contextlib.asynccontextmanager
async def built(
    uris: tuple[str, str],
    folder: Path,
    staffed: bool = True,
    clock: MovableClock | None = None,
    *,
    polled: bool = False,
    probe: Callable[[str], None] | None = None,
    **more: Any,
) -> AsyncIterator[System]:
    """Build and run a service on databases; `polled` asks for updates where it can; `more` are further settings."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    world = World()
    accounts = accounts_of(world, base)
    if polled:
        accounts = [account | ({} if account["channel"] == "zalo_oa" else {"mode": "poll"}) for account in accounts]
    settings = read_settings(
        data_dir=folder / "data",
        keys_dir=folder / "keys",
        database_url=uris[0],
        keyring_url=uris[1],
        port=port,
        public_url=base,
        secure_cookies=False,
        accounts=accounts,
        demo=polled,
        **more,
    )
    world.zalo.webhook.url = f"{base}/hooks/zalo"
    clock = clock or MovableClock()
    application = await build_application(settings, clock, conversation=reviewed(), probe=probe)

    async def follow(seconds: float) -> None:
        clock.advance(seconds)
        await application.clock_moved()

    world.on_advance.append(follow)
    if staffed:
        await seed(application.runtime.store, clock.now(), application.runtime.library)
    async with client() as http, serving(application, {}, create(world)):
        yield System(application, world, http, base)
        await world.close()


@pytest.fixture
async def system(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[System]:
    """A service with staff on duty."""
    async with built(databases, tmp_path) as made:
        yield made


@pytest.fixture
async def unstaffed_system(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[System]:
    """A service with nobody on the roster."""
    async with built(databases, tmp_path, staffed=False) as made:
        yield made
