"""The stand-ins on a loopback port, and an endpoint that keeps what they deliver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn

from simulator.app import create
from simulator.world import World


@dataclass
class WebhookReceiver:
    """Every request a platform sent to our webhook: lower-case headers and raw bytes."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, scope, receive, send) -> None:
        """Keep one request and answer 200."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        self.got.append(({k.decode(): v.decode() for k, v in scope["headers"]}, body))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def wait(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """Return the first `count` requests once they have arrived."""
        await until(lambda: len(self.got) >= count)
        return self.got[:count]


@dataclass
class StandIn:
    """One simulated world and where it listens."""

    world: World
    url: str

    def events(self, kind: str, **wanted: str) -> list[dict[str, object]]:
        """Entries of the world's log."""
        return self.world.log.select(0, kind=kind, **wanted)


async def until(fact: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return as soon as `fact` is true; fail after a deadline."""
    async with asyncio.timeout(seconds):
        while not fact():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def serving(app) -> AsyncIterator[str]:
    """Serve an ASGI application on a free loopback port for as long as the block lasts."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    """A fresh world that speaks Telegram's and Zalo's protocols."""
    world = World(seed=7)
    async with serving(create(world)) as url:
        yield StandIn(world, url)
        await world.close()


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    """A webhook of ours that keeps everything."""
    kept = WebhookReceiver()
    async with serving(kept) as url:
        kept.url = f"{url}/hooks/test"
        yield kept


@pytest.fixture
def serving_status():
    """Serve one fixed status and body to every request."""

    def fixed(status: int, body: bytes):
        async def app(scope, receive, send) -> None:
            if scope["type"] == "http":
                while (await receive()).get("more_body"):
                    continue
                await send({"type": "http.response.start", "status": status, "headers": []})
                await send({"type": "http.response.body", "body": body})

        return serving(app)

    return fixed


@pytest.fixture(name="until")
def until_fixture():
    """Wait for a fact with a deadline."""
    return until
