"""HTTP endpoints of health, readiness and metrics: in full on a port of their own, a bare yes or no in public."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.monitoring.health import HealthMonitor
from bot.monitoring.measured import Measured
from bot.server import listening, server

_JSON = b"application/json"
_TEXT = b"text/plain; version=0.0.4; charset=utf-8"
Answer = tuple[int, bytes, bytes]


class HealthEndpoint:
    """`/livez` and `/readyz` on the main port: 204 or 503 and not a byte more, for anybody may ask."""

    def __init__(self, health: HealthMonitor) -> None:
        self._health = health

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, (405, b"", b""))
        elif scope["path"] == "/livez":
            await _answer(send, (204, b"", b""))
        elif scope["path"] == "/readyz":
            ready = all(check.ok for check in await self._health.ready())
            await _answer(send, (204 if ready else 503, b"", b""))
        else:
            await _answer(send, (404, b"", b""))


class MonitoringEndpoint:
    """The whole of it, for a port that only operators and their Prometheus reach."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        asked = {"/livez": self._live, "/readyz": self._ready, "/metrics": self._metrics}.get(scope["path"])
        if asked is None:
            await _answer(send, (404, b"", b""))
        elif scope["method"] != "GET":
            await _answer(send, (405, b"", b""))
        else:
            await _answer(send, await asked())

    async def _live(self) -> Answer:
        return 200, b'{"alive":true}', _JSON

    async def _ready(self) -> Answer:
        checks = await self._measured.health.ready()
        ready = all(check.ok for check in checks)
        told = {
            check.name: {"state": "ok" if check.ok else "late", "seconds": _rounded(check.seconds)} for check in checks
        }
        return 200 if ready else 503, msgspec.json.encode({"ready": ready, "checks": told}), _JSON

    async def _metrics(self) -> Answer:
        from bot.monitoring.metrics import scraped  # start time: only who is scraped needs the library

        return 200, await scraped(self._measured), _TEXT


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


async def _answer(send: Send, answer: Answer) -> None:
    status, body, kind = answer
    headers = [(b"cache-control", b"no-store")]
    if status != 204:
        headers.append((b"content-length", str(len(body)).encode()))
    if kind:
        headers.append((b"content-type", kind))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def health_endpoints(health: HealthMonitor) -> dict[str, ASGIApp]:
    """The two paths of the main port."""
    endpoint = HealthEndpoint(health)
    return {"/livez": endpoint, "/readyz": endpoint}


@contextlib.asynccontextmanager
async def monitoring_open(measured: Measured) -> AsyncIterator[None]:
    """Listen on the port of health and metrics while the block runs, if the settings name one."""
    settings = measured.runtime.settings
    async with contextlib.AsyncExitStack() as stack:
        if settings.vitals_port is not None:
            endpoint = server(MonitoringEndpoint(measured), settings.vitals_host, settings.vitals_port)
            await stack.enter_async_context(listening(endpoint))
        yield
