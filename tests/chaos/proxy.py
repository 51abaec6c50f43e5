"""A wire between a service and its PostgreSQL that can be cut, or left hanging in silence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class ProxyConnection:
    """TCP on loopback in front of the server's Unix socket."""

    def __init__(self, socket: str) -> None:
        self.port = 0
        self._socket = socket
        self._open = True
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of the service."""
        if not self._open:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._writers -= both

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        writer.close()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._open = False
        for writer in self._writers:
            writer.transport.abort()

    def hang(self) -> None:
        """Carry nothing more and say nothing about it."""
        self._flows.clear()

    def mend(self) -> None:
        """Let everything through again; what hung is dead."""
        for writer in self._writers:
            if not self._flows.is_set():
                writer.transport.abort()
        self._open = True
        self._flows.set()


@contextlib.asynccontextmanager
async def wire(socket: str) -> AsyncIterator[ProxyConnection]:
    """Lay a wire to the server that listens on this Unix socket."""
    laid = ProxyConnection(socket)
    server = await asyncio.start_server(laid.carry, "127.0.0.1", 0)
    laid.port = server.sockets[0].getsockname()[1]
    try:
        yield laid
    finally:
        laid.cut()
        server.close()
