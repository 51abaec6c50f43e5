"""Fetch what somebody sent on Zalo: from its own hosts only, never further, never more than is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.contract import Permanent, Retry
from bot.http import bounded

if TYPE_CHECKING:
    import httpx

HOSTS = (".zdn.vn", ".zadn.vn", ".zaloapp.com")
"""Endings of the names under which Zalo keeps media. Source: captured traffic (talk.zdn.vn), 2026-08.

The names are checked, not the addresses behind them: Zalo's own name servers are believed.
"""


async def fetched(http: httpx.AsyncClient, url: str, own_base: str, most: int) -> bytes:
    """Return the bytes behind an address that came in an event.

    `own_base` is the API this account speaks with: a stand-in keeps its media itself. Raises Permanent, Retry.
    """
    if not allowed(url, own_base):
        raise Permanent("the address is not one of Zalo's", code="host")
    failure: Permanent | Retry
    try:
        async with http.stream("GET", url) as answer:
            if answer.status_code == 200:
                payload = await bounded(answer.aiter_bytes(), most)
                if payload is not None:
                    return payload
                failure = Permanent("the file is too large", code="large")
            elif answer.status_code >= 500 or answer.status_code == 429:
                failure = Retry("the file could not be fetched now", after=5.0, code=str(answer.status_code))
            else:
                failure = Permanent("the file is not to be had", code=str(answer.status_code))
    except Exception:  # whatever it is, it must not leave with the address
        failure = Retry("the file could not be fetched now", after=5.0, code="connect")
    raise failure


def allowed(url: str, own_base: str) -> bool:
    """Whether an address may be asked: Zalo's media by https, or the host this account speaks with anyway."""
    try:
        asked, own = urlsplit(url), urlsplit(own_base)
        if asked.username or asked.password:
            return False
        if (asked.scheme, asked.hostname, asked.port) == (own.scheme, own.hostname, own.port):
            return True
        return asked.scheme == "https" and asked.port in (None, 443) and f".{asked.hostname or ''}".endswith(HOSTS)
    except ValueError:
        return False
