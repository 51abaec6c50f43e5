"""A world with a server in front of it, a client that speaks to it over the wire, and a webhook that listens."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import uvicorn
from aiohttp import web
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.app import create
from simulator.world import World

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 10:00 in Viet Nam


def free_port() -> socket.socket:
    """Return a socket listening on a free loopback port; early callers wait for the server to accept."""
    # The protocol is named because asyncio turns off Nagle's delay (40 ms a request) only then.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    bound.listen()
    return bound


class RemoteSimulator:
    """Speaks to a world over HTTP, as a bot and as the hand that moves the people."""

    def __init__(self, world: World, base: str, web: aiohttp.ClientSession) -> None:
        self.world, self.base, self.web = world, base, web
        self.access = ""

    async def get(self, path: str) -> Any:
        async with self.web.get(self.base + path) as answer:
            return await answer.json()

    async def post(self, path: str, body: Any = None) -> Any:
        async with self.web.post(self.base + path, json={} if body is None else body) as answer:
            return await answer.json()

    async def status(self, path: str, body: Any = None) -> tuple[int, Any]:
        async with self.web.post(self.base + path, json=body or {}) as answer:
            return answer.status, await answer.json()

    async def eventually(self, look: Callable[[], Awaitable[Any]], right: Callable[[Any], bool]) -> Any:
        """Return what `look` finds once it is `right`; fails after 10 s."""
        async with asyncio.timeout(10):
            while True:
                if right(found := await look()):
                    return found
                await asyncio.sleep(0.01)

    async def act(self, channel: str, user: str, act: str, **given: Any) -> str:
        return (await self.post(f"/__sim/{channel}/{user}/{act}", given))["message_id"]

    async def inbox(self, channel: str, user: str, everything: bool = False) -> list[dict[str, Any]]:
        return (await self.get(f"/__sim/{channel}/{user}/inbox?all={int(everything)}"))["messages"]

    async def faults(self, *faults: dict[str, Any]) -> None:
        await self.post("/__sim/faults", list(faults))

    async def advance(self, **spans: float) -> None:
        await self.post("/__sim/clock", {"advance": timedelta(**spans).total_seconds()})

    async def log(self, **wanted: str) -> list[dict[str, Any]]:
        query = "&".join(f"{k}={v}" for k, v in wanted.items())
        return (await self.get(f"/__sim/log?{query}"))["log"]

    async def telegram(self, method: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        url = f"{self.base}/sim/telegram/bot{self.world.telegram.token}/{method}"
        async with self.web.post(url, json=parameters) as answer:
            return answer.status, await answer.json()

    async def zalo(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        sent = {"access_token": self.access, **headers}
        async with self.web.post(f"{self.base}/sim/zalo/{path}", json=body or {}, headers=sent) as answer:
            assert answer.status == 200
            return await answer.json()

    async def zalo_get(self, path: str, data: Any = None) -> dict[str, Any]:
        query = {"data": json.dumps(data)} if data is not None else {}
        sent = {"access_token": self.access}
        async with self.web.get(f"{self.base}/sim/zalo/{path}", params=query, headers=sent) as answer:
            return await answer.json()

    async def consult(self, user: str, text: str = "Chào chị", **message: Any) -> dict[str, Any]:
        address = self.world.phone("zalo_oa", user).address
        body = {"recipient": {"user_id": address}, "message": {"text": text, **message}}
        return await self.zalo("openapi/v3.0/oa/message/cs", body)


class WebhookListener:
    """A webhook that keeps what it was sent and answers as told."""

    def __init__(self) -> None:
        self.url = ""
        self._news = asyncio.Condition()
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[dict[str, Any]], Awaitable[web.Response]] | None = None

    async def handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        async with self._news:
            self.seen.append(({k.lower(): v for k, v in request.headers.items()}, raw))
            self._news.notify_all()
        return await self.answer(json.loads(raw or b"{}")) if self.answer else web.Response()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(raw) for _, raw in self.seen]

    async def wait(self, count: int) -> None:
        """Return when `count` requests have come; fails after 10 s."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: len(self.seen) >= count)


@pytest.fixture
async def hook() -> AsyncIterator[WebhookListener]:
    listening = WebhookListener()
    app = web.Application()
    app.router.add_post("/hook", listening.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    with free_port() as port:
        await web.SockSite(runner, port).start()
        listening.url = f"http://127.0.0.1:{port.getsockname()[1]}/hook"
        yield listening
        await runner.cleanup()


class StoppedClock:
    """A source of time that stands still, so that only /__sim/clock moves the world."""

    def __call__(self) -> datetime:
        return START


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[tuple[str, dict[str, ASGIApp]]]:
    """Return the address of one server and a box that holds the world it serves just now."""
    box: dict[str, ASGIApp] = {}

    async def current(scope: Scope, receive: Receive, send: Send) -> None:
        await box["app"](scope, receive, send)

    with free_port() as port:
        config = uvicorn.Config(current, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[port]))
        yield f"http://127.0.0.1:{port.getsockname()[1]}", box
        server.should_exit = True
        await serving


@pytest.fixture
async def far(stage: tuple[str, dict[str, ASGIApp]]) -> AsyncIterator[RemoteSimulator]:
    """Return the client of a fresh world whose source of time stands still."""
    base, box = stage
    world = World(seed=7, clock=StoppedClock())
    box["app"] = create(world)
    async with aiohttp.ClientSession() as client:
        there = RemoteSimulator(world, base, client)
        there.access = world.zalo.tokens.issue()["access_token"]
        yield there
    await world.close()
