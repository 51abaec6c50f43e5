"""One port: the channels' doors, the console, and, in the demo, the stand-ins and their phones."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import uvicorn

App = Callable[[Any, Any, Any], Awaitable[None]]
_GRACE = 2
"""Seconds open requests (live pages above all) get when the house closes."""


class FrontDoor:
    """Send each request to the room its path names; a path nobody answers for gets an empty 404."""

    def __init__(self, rooms: dict[str, App], otherwise: App | None = None) -> None:
        self._rooms = sorted(rooms.items(), key=lambda room: -len(room[0]))
        self._otherwise = otherwise

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        for prefix, app in self._rooms:
            if path == prefix or path.startswith(f"{prefix}/"):
                await app(scope, receive, send)
                return
        await (self._otherwise or _nobody)(scope, receive, send)


async def _nobody(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the house decides when to close."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def server(app: App, host: str, port: int) -> Server:
    """Build the server: uvloop, httptools, no access log (paths and addresses are nobody's business)."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        proxy_headers=False,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=32 * 1024,
        backlog=2048,
    )
    return Server(config)


@contextlib.asynccontextmanager
async def listening(running: Server) -> Any:
    """Serve until the block ends. Raises OSError with one sentence when the port is taken."""
    task = asyncio.create_task(_serve(running))
    while not running.started:
        if task.done():
            await task
            break
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        running.should_exit = True
        await task


async def _serve(running: Server) -> None:
    try:
        await running.serve()
    except SystemExit:
        config = running.config
        raise OSError(f"port {config.port} on {config.host} is taken: choose another with --port") from None


async def until_told() -> None:
    """Wait for SIGINT or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()
