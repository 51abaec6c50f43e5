"""Telegram's side of a webhook: a fixed number of keep-alive connections that post updates and hear the answer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

import httptools

Done = Callable[[int], None]


class WebhookClient:
    """Posts bodies to one URL over at most `connections` connections; waiting posts keep their order.

    Source: max_connections of setWebhook is 1-100, default 40; core.telegram.org/bots/api#setwebhook (2026-11-22).
    """

    def __init__(self, url: str, secret: str, connections: int) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.connections = connections
        self._head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
        ).encode()
        self._idle: list[_ClientConnection] = []
        self._waiting: deque[tuple[bytes, Done]] = deque()

    async def open(self) -> None:
        """Open every connection."""
        loop = asyncio.get_running_loop()
        for _ in range(self.connections):
            _, connection = await loop.create_connection(lambda: _ClientConnection(self), self.host, self.port)
            self._idle.append(connection)

    def close(self) -> None:
        """Close the connections that are idle; the others close with the process."""
        for connection in self._idle:
            connection.done = None
            connection.transport.close()
        self._idle.clear()

    def post(self, body: bytes, done: Done) -> None:
        """Post one update; `done(status)` follows, with status 0 when the connection broke."""
        request = b"%s%d\r\n\r\n%s" % (self._head, len(body), body)
        if self._idle:
            self._idle.pop().send(request, done)
        else:
            self._waiting.append((request, done))

    def free(self, connection: _ClientConnection) -> None:
        """Give a connection its next post, or rest it."""
        if self._waiting:
            connection.send(*self._waiting.popleft())
        else:
            self._idle.append(connection)

    def reopen(self) -> None:
        """Replace a connection the bot closed."""
        loop = asyncio.get_running_loop()
        self._opening = loop.create_task(self._open_one())

    async def _open_one(self) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: _ClientConnection(self), self.host, self.port)
        self.free(connection)


class _ClientConnection(asyncio.Protocol):
    def __init__(self, client: WebhookClient) -> None:
        self.client = client
        self.done: Done | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.parser = httptools.HttpResponseParser(self)

    def send(self, request: bytes, done: Done) -> None:
        self.done = done
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        done, self.done = self.done, None
        status, keep = self.parser.get_status_code(), self.parser.should_keep_alive()
        self.parser = httptools.HttpResponseParser(self)
        if keep:
            self.client.free(self)
        else:
            self.transport.close()
        if done:
            done(status)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self.client._idle:
            self.client._idle.remove(self)
        if self.done or not self.client._idle:
            self.client.reopen()
        if self.done:
            self.done(0)
