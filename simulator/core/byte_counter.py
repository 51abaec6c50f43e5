"""Counts what passes the wire between a bot and the platforms: heads and bodies, both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CALLS = {"/sim/telegram/": "telegram", "/sim/zalo/": "zalo_oa", "/sim/zalo_bot/": "zalo_bot"}
_LINES = 12 + 17
"""Bytes of the two first lines beside method and path: " HTTP/1.1\\r\\n" and "HTTP/1.1 200 OK\\r\\n"."""


class ByteCounter:
    """Middleware around the platforms' paths; adds what each call weighed to `counted`, by platform."""

    def __init__(self, app: ASGIApp, counted: Counter[str]) -> None:
        self._app = app
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and count it; `receive` is passed on as it is, for faults look at what lies behind it."""
        platform = next((name for path, name in CALLS.items() if scope.get("path", "").startswith(path)), "")
        if scope["type"] != "http" or not platform:
            await self._app(scope, receive, send)
            return
        body = next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
        self._counted[platform] += len(scope["method"]) + len(scope["path"]) + _LINES + head(scope["headers"]) + body

        async def counting(message: Message) -> None:
            self._counted[platform] += head(message.get("headers", ())) + len(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, counting)


def head(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """How long a head is: each line with its colon, space and line end, and the empty line after them."""
    return sum(len(name) + len(value) + 4 for name, value in headers) + 2
