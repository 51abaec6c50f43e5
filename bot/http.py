"""HTTP clients: the one place that makes them, with limits, timeouts and no tokens in errors."""

from __future__ import annotations

import functools
import ipaddress
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

if TYPE_CHECKING:
    import httpx

CONNECT, READ, UPLOAD = 5.0, 20.0, 60.0
"""Seconds. Zalo's own SDKs wait 2 and 15. Source: zaloplatform/zalo-java-sdk (2024-10)."""

KEEP_ALIVE = 60.0
"""Seconds one of our clients keeps a connection that rests; a server should keep it longer (nginx: 75 by default)."""
_HUSHED = ("httpx", "httpcore", "httpx_aiohttp", "aiohttp", "aiosmtplib")


def hush(*platform: str) -> None:
    """Let no HTTP library, and none of a platform, log a word: their lines carry URLs with tokens, and whole bodies.

    Their errors reach us as exceptions, which are translated before anyone prints them.
    """
    for name in (*_HUSHED, *platform):
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL)


def aiohttp_session(connections: int, *, read: float = READ, public_only: bool = False) -> aiohttp.ClientSession:
    """Open a session that keeps no cookie, follows the system's proxy settings never, and times out.

    `public_only`: it connects to no address of this machine or its networks, whatever a name server says.
    """
    hush()
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=connections, keepalive_timeout=KEEP_ALIVE, resolver=PublicResolver() if public_only else None
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=read + CONNECT, connect=CONNECT, sock_read=read),
        trust_env=False,
    )


def httpx_client(connections: int, *, proxy: str | None = None, public_only: bool = False) -> httpx.AsyncClient:
    """Open an httpx client that works through aiohttp, at a ninth of the processor time of its own transport.

    No cookie is kept and no redirect followed: the tokens travel in headers and must not reach another host.
    """
    import httpx  # start time: only who has an account on Zalo speaks through it
    from httpx_aiohttp import AiohttpTransport  # start time: it loads httpx

    return httpx.AsyncClient(
        transport=AiohttpTransport(
            verify=_trusted(),
            client=lambda: aiohttp_session(connections, public_only=public_only),
            proxy=httpx.Proxy(proxy) if proxy else None,
        ),
        timeout=httpx.Timeout(READ, connect=CONNECT),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


class PublicResolver(AbstractResolver):
    """A resolver that knows public addresses alone; a name with only others is not found.

    The check lies where the connection is made, so that a name that changes its address meanwhile gains nothing.
    """

    def __init__(self) -> None:
        self._known = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Look up the public addresses of a name. Raises OSError when it has none."""
        found = await self._known.resolve(host, port, family)
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            raise OSError("the name leads to no public address")
        return public

    async def close(self) -> None:
        """Close what looks names up."""
        await self._known.close()


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whom we trust, read once: every reading of the authorities costs a twentieth of a second."""
    import httpx  # start time: see httpx_client

    return httpx.create_ssl_context(trust_env=False)


async def bounded(chunks: AsyncIterator[bytes], most: int) -> bytes | None:
    """Collect a body; None as soon as it is larger than `most` bytes."""
    parts, size = [], 0
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            return None
        parts.append(chunk)
    return b"".join(parts)


def surely_not_sent(error: BaseException) -> bool:
    """Say whether a failed request cannot have reached the other side.

    Looks at aiohttp's own error, also underneath httpx: httpx-aiohttp 0.2 calls a connection that broke
    *after* the bytes left a `ConnectTimeout`, which would be read as "not sent" and be sent twice.
    """
    cause = error if isinstance(error, aiohttp.ClientError) else error.__cause__
    return isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL)
