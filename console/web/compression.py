"""Gzip for pages and live streams, padded by a random length so that sizes do not tell what a page holds.

A page may hold words that somebody else chose beside words that must stay secret; without the padding whoever watches
the wire could guess from sizes (BREACH). As in Django, the padding is a file name of random length in the gzip header.
Source: docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.gzip (2026-12). Each event of a stream is
compressed by itself, with nothing remembered of the one before.
"""

from __future__ import annotations

import secrets
import struct
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_PADDING = 100
"""Bytes of the longest random file name; Django's value."""
SMALLEST = 500
"""Bytes below which nothing is gained."""
_PAGE, _STREAM = "text/html", "text/event-stream"


class Gzip:
    """One gzip stream; every piece can be read as soon as it has arrived, and is compressed by itself.

    `window`: the base-2 logarithm of how many bytes it looks back. A stream is open for hours and takes little memory;
    a page is soon gone, and its rows are alike over tens of kilobytes.
    """

    def __init__(self, window: int = 13) -> None:
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -window, window - 7)
        self._crc = zlib.crc32(b"")
        self._size = 0
        self._begun = False

    def pack(self, piece: bytes, *, last: bool) -> bytes:
        """Compress the next piece; the first begins with the header and its padding, the last ends the stream."""
        head = b"" if self._begun else _header()
        self._begun = True
        self._crc, self._size = zlib.crc32(piece, self._crc), self._size + len(piece)
        packed = self._deflate.compress(piece)
        if not last:
            return head + packed + self._deflate.flush(zlib.Z_FULL_FLUSH)
        return head + packed + self._deflate.flush() + struct.pack("<LL", self._crc, self._size & 0xFFFFFFFF)


def _header() -> bytes:
    name = b"a" * secrets.randbelow(LONGEST_PADDING + 1)
    return b"\x1f\x8b\x08\x08" + bytes(4) + b"\x00\xff" + name + b"\x00"


class GzipMiddleware:
    """Middleware: compress pages and live streams for browsers that take it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, _Compressed(send))
        else:
            await self.app(scope, receive, send)


class _Compressed:
    """What sends a response, compressed where it is a page or a stream."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._body: Gzip | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begin(message)
        elif message["type"] == "http.response.body" and self._body is not None:
            last = not message.get("more_body", False)
            message = {**message, "body": self._body.pack(message.get("body", b""), last=last)}
        await self._send(message)

    def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        kind = headers.get("content-type", "").partition(";")[0]
        small = int(headers.get("content-length", SMALLEST)) < SMALLEST
        if "content-encoding" in headers or kind not in (_PAGE, _STREAM) or small:
            return
        self._body = Gzip(window=15) if kind == _PAGE else Gzip()
        del headers["content-length"]
        headers["content-encoding"] = "gzip"
        headers.add_vary_header("accept-encoding")
