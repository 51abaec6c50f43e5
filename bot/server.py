"""The HTTP server: the channels' endpoints, the console and, in the demo, the stand-ins, on one port."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_GRACE = 2
"""Seconds open requests (live pages above all) get when the application closes."""


HEAD_WITHIN = 10.0
"""Seconds a request's line and headers may take to arrive."""
HEAD_MOST = 64 * 1024
"""Bytes they may have."""
KEEP_ALIVE = 75
"""Seconds a connection may rest between two requests: longer than a client keeps it (nginx 60, our own 60).

The client must be the one who lets go. Where the server closes first, a request may be on its way meanwhile, is lost,
and a platform brings it again only after half a minute.
"""


class PathRouter:
    """Send each request to the room its path names; a path nobody answers for gets an empty 404."""

    def __init__(self, rooms: dict[str, ASGIApp], otherwise: ASGIApp | None = None) -> None:
        self._rooms = sorted(rooms.items(), key=lambda room: -len(room[0]))
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        for prefix, app in self._rooms:
            if path == prefix or path.startswith(f"{prefix}/"):
                await app(scope, receive, send)
                return
        await (self._otherwise or _nobody)(scope, receive, send)


async def _nobody(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class BoundedHead(HttpToolsProtocol):
    """uvicorn's protocol, which waits for ever for a request's head and reads one of any length; this one does not."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._in_head = 0
        self._impatient: asyncio.TimerHandle | None = None
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Pass on what arrives, as long as no head grows too long."""
        if self._impatient is not None:
            self._in_head += len(data)
        super().data_received(data)
        if self._impatient is not None and self._in_head > HEAD_MOST:
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of this request's head."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """Stop waiting: the body has a clock of its own."""
        self._be_patient()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._be_patient()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._impatient is None:
            self._in_head = 0
            self._impatient = self.loop.call_later(HEAD_WITHIN, self.transport.close)

    def _be_patient(self) -> None:
        if self._impatient is not None:
            self._impatient.cancel()
            self._impatient = None


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the application decides when to close."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def server(app: ASGIApp, host: str, port: int) -> Server:
    """Build the server: uvloop, httptools, no access log (paths and addresses are nobody's business)."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedHead,
        lifespan="off",
        proxy_headers=False,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=KEEP_ALIVE,
        h11_max_incomplete_event_size=32 * 1024,
        backlog=2048,
    )
    return Server(config)


def allow_many_connections() -> None:
    """Take as many open files as the system grants: a thousand silent connections must not lock everybody out."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else max(soft, 65_536), hard)
        )


@contextlib.asynccontextmanager
async def listening(running: Server) -> AsyncIterator[None]:
    """Serve until the block ends. Raises OSError with one sentence when the port is taken."""
    allow_many_connections()
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
