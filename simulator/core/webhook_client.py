"""Carries events to a bot's webhook over real HTTP."""

from __future__ import annotations

import asyncio
from collections import Counter

import aiohttp


class WebhookClient:
    """One HTTP client for every webhook of a world; opened on first use, closed with the world.

    `counted` learns what each delivery weighed, there and back.
    """

    def __init__(self, counted: Counter[str]) -> None:
        self._counted = counted
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, bytes]:
        """Post `body` and return status and answer; status 0 when nobody answered within `timeout` seconds."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, limit_per_host=100)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        limit = aiohttp.ClientTimeout(total=timeout)
        sent = {"Content-Type": "application/json", **headers}
        try:
            async with self._session.post(url, data=body, headers=sent, timeout=limit, allow_redirects=False) as answer:
                payload = await answer.read()
                heads = (*answer.request_info.headers.items(), *answer.headers.items())
                lines = sum(len(name) + len(value) + 4 for name, value in heads)
                self._counted[url] += len(url) + len(body) + lines + len(payload)
                return answer.status, payload
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError):
            return 0, b""

    async def close(self) -> None:
        """Close the client."""
        if self._session is not None:
            await self._session.close()
            self._session = None
