"""Paging through a gateway: one signed request to the configured address, never redirected.

The body is JSON: `id` (the same at every repetition), `to` (the number or name she gave), `text`, `drill`. The header
`X-Nhipcau-Signature` is `v1=` and the hex HMAC-SHA256, under the shared secret, of the time in `X-Nhipcau-Timestamp`
(seconds since 1970), a full stop, and the raw body. A receiver refuses what is older than five minutes, compares in
constant time, and does the same `id` once.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable

import aiohttp

from bot.config.paging import WebhookSettings
from bot.http import aiohttp_session
from bot.paging.base import WITHIN, Notice, NotPaged

TIMESTAMP, SIGNATURE = "X-Nhipcau-Timestamp", "X-Nhipcau-Signature"
FOR_GOOD = frozenset({400, 404, 410, 413, 422})
"""Answers that say: this request will never be taken. A refused signature is a human's mistake and is tried again."""


class WebhookTransport:
    """One gateway. `clock` gives seconds since 1970, of the real clock: the other side has no other."""

    name = "hook"

    def __init__(self, settings: WebhookSettings, clock: Callable[[], float]) -> None:
        self._url = settings.url
        self._secret = settings.secret.get_secret_value().encode()
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def call(self, notice: Notice) -> None:
        """Post one notice. Raises NotCalled."""
        said = {"id": notice.id, "to": notice.to, "text": notice.text, "drill": notice.drill}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        if self._session is None:
            self._session = aiohttp_session(8, read=WITHIN)
        try:
            async with self._session.post(
                self._url, data=body, headers=signed(self._secret, self._clock(), body), allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise NotPaged(type(error).__name__) from None
        if not 200 <= status < 300:
            raise NotPaged(f"http_{status}", for_good=status in FOR_GOOD)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def signed(secret: bytes, now: float, body: bytes) -> dict[str, str]:
    """Return the headers of a signed request; `now` in seconds since 1970."""
    at = str(int(now))
    return {"Content-Type": "application/json; charset=utf-8", TIMESTAMP: at, SIGNATURE: sign(secret, at, body)}


def sign(secret: bytes, at: str, body: bytes) -> str:
    """Sign a body for a time (seconds since 1970, as text): what a receiver computes to compare."""
    return "v1=" + hmac.new(secret, at.encode() + b"." + body, "sha256").hexdigest()
