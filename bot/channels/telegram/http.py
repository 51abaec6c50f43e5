"""python-telegram-bot's request layer on aiohttp: its error classes, a fifth of the processor time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec
from telegram._utils.types import ODVInput
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.http import CONNECT, READ, UPLOAD, aiohttp_session, bounded, hush, surely_not_sent
from bot.parsing import NotReadable, typed

_anything = msgspec.json.Decoder(object)
_SPOKEN = (400, 401, 403, 404, 409)  # those PTB gives a class of their own
_JSON = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """The request did not reach Telegram; it may be repeated."""


class NoAnswer(TimedOut):
    """The bytes left and nothing that can be understood came back; it may have been done."""


class NotTelegram(TelegramError):
    """Something between us and Telegram refused: a proxy, a firewall, a captive portal."""


class SlowDown(TelegramError):
    """429: wait `after` seconds. PTB's own `RetryAfter` warns of a change of its type at every use."""

    def __init__(self, after: float) -> None:
        super().__init__("slow down")
        self.after = after


def request_data(parameters: Mapping[str, object]) -> RequestData:
    """Wrap parameters that are plain values already: strings, numbers, truths, lists and dicts of them."""
    return RequestData([RequestParameter(name, value, None) for name, value in parameters.items()])


class _Wait(msgspec.Struct):
    retry_after: float = 0


class _Limited(msgspec.Struct):
    parameters: _Wait = msgspec.field(default_factory=_Wait)


_limited = msgspec.json.Decoder(_Limited)
_LOGGERS = ("telegram",)
"""Source: python-telegram-bot 22.8 logs requests at DEBUG and unreadable answers at ERROR (2026-06)."""


class AiohttpRequest(BaseRequest):
    """One pool of connections to the Bot API. Errors never carry a URL, for the URL carries the token."""

    __slots__ = ("_connections", "_proxy", "_read", "_session")

    def __init__(self, connections: int, *, read: float = READ, proxy: str | None = None) -> None:
        hush(*_LOGGERS)  # before `telegram.Bot` is built: it logs its URL, token and all
        self._connections = connections
        self._read = read
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool once."""
        self._opened()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp_session(self._connections, read=self._read)
        return self._session

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Decode an answer without ever logging it. Raises NoAnswer."""
        try:
            answer = typed(payload, _anything, object)
        except NotReadable:
            answer = None
        if not isinstance(answer, dict):
            raise NoAnswer("not an answer of the Bot API")
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request. Raises NotSent, NoAnswer (also for a 5xx) or NotTelegram."""
        try:
            status, payload = await self._exchange(url, method, request_data)
            failure = _judged(status, payload)
        except Exception as error:  # every transport error is handled here, and none may leave with its URL
            failure = NotSent("not sent") if surely_not_sent(error) else NoAnswer("no answer")
        if failure is not None:
            raise failure
        return status, payload

    async def download(self, url: str, most: int) -> tuple[int, bytes]:
        """Fetch a file of at most `most` bytes, following nobody elsewhere. Raises NotSent, NoAnswer; 413 for more."""
        failure: TelegramError
        try:
            session = self._opened()
            async with session.get(url, proxy=self._proxy, allow_redirects=False) as response:
                payload = await bounded(response.content.iter_chunked(1 << 14), most)
                return (413, b"") if payload is None else (response.status, payload)
        except Exception as error:  # handled here: the URL carries the token
            failure = NotSent("not sent") if surely_not_sent(error) else NoAnswer("no answer")
        raise failure

    async def _exchange(self, url: str, method: str, data: RequestData | None) -> tuple[int, bytes]:
        session = self._opened()
        if data is not None and data.contains_files:
            options: dict[str, Any] = {"data": _multipart(data), "timeout": _upload_timeout()}
        elif data is not None:
            options = {"data": msgspec.json.encode(data.parameters), "headers": _JSON}
        else:
            options = {}
        async with session.request(method, url, proxy=self._proxy, allow_redirects=False, **options) as response:
            return response.status, await response.read()


def _judged(status: int, payload: bytes) -> TelegramError | None:
    """Catch what PTB would misread: it would call a firewall's 403 page a person who blocked us."""
    if status >= 500:
        return NoAnswer(f"server error {status}")
    if 300 <= status < 500 and not payload.lstrip().startswith(b"{"):
        return NotTelegram(f"refused on the way with {status}")
    if status == 429:
        return SlowDown(_patience(payload))
    if 400 <= status < 500 and status not in _SPOKEN:
        return BadRequest(f"refused with {status}")
    return None


def _patience(payload: bytes) -> float:
    """Read how long to wait; five seconds when it is not said."""
    try:
        after = typed(payload, _limited, _Limited).parameters.retry_after
    except NotReadable:
        after = 0
    return max(1.0, after) if after else 5.0


def _multipart(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _upload_timeout() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=UPLOAD + READ, connect=CONNECT, sock_read=UPLOAD)
