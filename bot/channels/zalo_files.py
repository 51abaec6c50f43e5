"""Download of what somebody sent on Zalo: from its own hosts only, no redirects, limited in size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.base import Permanent, Retry
from bot.http import bounded, httpx_client

if TYPE_CHECKING:
    import httpx

_CONNECTIONS = 4


class Fetcher:
    """Fetches what came in events. `hosts` are the names of Zalo's media as the content lists them.

    `own` talks to `own_base`, the API this account speaks with: a stand-in keeps its media itself. Every other host is
    asked through a client that connects to public addresses alone, whatever a name server says.
    """

    def __init__(self, own: httpx.AsyncClient, own_base: str, hosts: Sequence[str]) -> None:
        self._own = own
        self._base = own_base
        self._hosts = tuple(hosts)
        self._public: httpx.AsyncClient | None = None

    async def fetched(self, url: str, most: int) -> bytes:
        """Return the bytes behind an address, at most `most`; no redirect is followed. Raises Permanent, Retry."""
        if not allowed(url, self._base, self._hosts):
            raise Permanent("the address is not one of Zalo's", code="host")
        failure: Permanent | Retry
        try:
            async with self._client(url).stream("GET", url) as answer:
                if answer.status_code == 200:
                    payload = await bounded(answer.aiter_bytes(), most)
                    if payload is not None:
                        return payload
                    failure = Permanent("the file is too large", code="large")
                else:
                    failure = _judged(answer.status_code)
        except Exception:  # whatever it is, it must not leave with the address
            failure = Retry("the file could not be fetched now", after=5.0, code="connect")
        raise failure

    def _client(self, url: str) -> httpx.AsyncClient:
        if is_own(url, self._base):
            return self._own
        if self._public is None:
            self._public = httpx_client(_CONNECTIONS, public_only=True)
        return self._public

    async def close(self) -> None:
        """Close the client of its own."""
        if self._public is not None:
            await self._public.aclose()


def _judged(status: int) -> Permanent | Retry:
    if status >= 500 or status == 429:
        return Retry("the file could not be fetched now", after=5.0, code=str(status))
    return Permanent("the file is not to be had", code=str(status))


def is_own(url: str, own_base: str) -> bool:
    """Whether an address is on the host this account speaks with anyway."""
    asked, own = urlsplit(url), urlsplit(own_base)
    return (asked.scheme, asked.hostname, asked.port) == (own.scheme, own.hostname, own.port)


def allowed(url: str, own_base: str, hosts: Sequence[str]) -> bool:
    """Whether an address may be asked: a host of the list by https, or the one this account speaks with anyway."""
    try:
        asked = urlsplit(url)
        if asked.username or asked.password:
            return False
        if is_own(url, own_base):
            return True
        return asked.scheme == "https" and asked.port in (None, 443) and _listed(asked.hostname or "", hosts)
    except ValueError:
        return False


def _listed(name: str, hosts: Sequence[str]) -> bool:
    """Whether a name is one of the list, or ends like one that begins with a dot."""
    return any(name.endswith(host) if host.startswith(".") else name == host for host in hosts)
