"""One request to Zalo: its header, its envelope, its budget; errors without tokens or texts."""

from __future__ import annotations

import asyncio
import hmac
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, Unpack

import msgspec

from bot.http import CONNECT, READ, UPLOAD, surely_not_sent
from bot.parsing import NotReadable, typed
from bot.zalo_sdk.errors import Host, ZaloError, ZaloNoAnswer, ZaloNotSent

if TYPE_CHECKING:
    import httpx


class RequestParts(TypedDict, total=False):
    """What a request carries beside method and path."""

    headers: dict[str, str]
    params: dict[str, str]
    content: bytes
    data: dict[str, str]
    files: dict[str, tuple[str, bytes]]


_anything = msgspec.json.Decoder(object)


class Budget:
    """What Zalo last said about requests left in this minute; None until it has spoken.

    Source: headers X-RateLimit-Limit and X-RateLimit-Remain on every OpenAPI answer (2026-08).
    """

    def __init__(self) -> None:
        self.limit: int | None = None
        self.remain: int | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Read the two headers; what is not a number is passed over."""
        limit, remain = headers.get("x-ratelimit-limit", ""), headers.get("x-ratelimit-remain", "")
        if limit.isdecimal():
            self.limit = int(limit)
        if remain.isdecimal():
            self.remain = int(remain)


class ZaloTransport:
    """One of Zalo's hosts, or a server that speaks like it.

    With `proof_key` (the app's secret) each call carries `appsecret_proof`, for accounts that have it switched on.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base: str,
        host: Host,
        *,
        patience: float = READ,
        proof_key: str = "",
    ) -> None:
        self._http = http
        self._base = base.rstrip("/")
        self._host: Host = host
        self._patience = patience
        self._proof_key = proof_key.encode()
        self.budget = Budget()

    async def exchange(self, method: str, path: str, **request: Unpack[RequestParts]) -> dict[str, object]:
        """Make one request and return the decoded JSON object. Raises ZaloNotSent, ZaloNoAnswer."""
        status, headers, answer = await self.answer(method, path, **request)
        self.budget.note(headers)
        if answer is None or status >= 500:
            raise unanswered(status)
        return answer

    async def answer(
        self, method: str, path: str, **request: Unpack[RequestParts]
    ) -> tuple[int, Mapping[str, str], dict[str, object] | None]:
        """Make one request; return status, headers and the JSON object, or None for a body that is none.

        Raises ZaloNotSent, ZaloNoAnswer when nothing at all came back.
        """
        status, headers, content = await self._bytes(method, path, request)
        try:
            answer = typed(content, _anything, object)
        except NotReadable:
            answer = None
        return status, headers, answer if isinstance(answer, dict) else None

    async def call(self, method: str, path: str, token: str, **request: Unpack[RequestParts]) -> object:
        """Make one OpenAPI request and return `data`. Raises ZaloError too: Zalo refuses with HTTP 200."""
        request["headers"] = {"access_token": token}
        if self._proof_key:
            request["headers"]["appsecret_proof"] = proof(self._proof_key, token)
        answer = await self.exchange(method, path, **request)
        code = answer.get("error", 0)
        if code in (0, "0"):
            return answer.get("data")
        raise ZaloError(self._host, _number(code), str(answer.get("message", "")))

    async def _bytes(self, method: str, path: str, request: RequestParts) -> tuple[int, Mapping[str, str], bytes]:
        failure: Exception
        patience = UPLOAD if "files" in request else self._patience
        if "content" in request:
            request["headers"] = {**request.get("headers", {}), "content-type": "application/json"}
        waits = (CONNECT, patience, patience, CONNECT)  # connect, read, write, pool
        try:
            async with asyncio.timeout(patience + CONNECT):
                answer = await self._http.request(method, self._base + path, timeout=waits, **request)
                return answer.status_code, answer.headers, answer.content
        except Exception as error:  # handled here: none may leave with its URL, headers or body
            failure = ZaloNotSent("no connection") if surely_not_sent(error) else ZaloNoAnswer("no answer")
        raise failure


def unanswered(status: int) -> ZaloNotSent | ZaloNoAnswer:
    """Classify a response that is none of Zalo's: a refusal on the way, or nobody knows what became of the request."""
    if 300 <= status < 500:
        return ZaloNotSent(f"refused on the way with {status}")
    return ZaloNoAnswer(f"status {status} without an answer of Zalo")


def proof(key: bytes, token: str) -> str:
    """Compute `appsecret_proof`: HMAC-SHA256 of the token, lower-case hex. Source: zalo-java-sdk (2024-10)."""
    return hmac.digest(key, token.encode(), "sha256").hex()


def json_body(value: object) -> RequestParts:
    """Encode a body once, as UTF-8 JSON."""
    return {"content": msgspec.json.encode(value)}


def query(value: object) -> RequestParts:
    """Put an object into the one query parameter that OpenAPI reads. Source: zalo-java-sdk (2024-10)."""
    return {"params": {"data": msgspec.json.encode(value).decode()}}


def composed(text: str) -> str:
    """Compose letters and their marks: decomposed Vietnamese is a quarter longer and would pass the limit."""
    return unicodedata.normalize("NFC", text)


def _number(code: object) -> int:
    try:
        return int(str(code))
    except ValueError:
        return 10002  # "unknown exception": an error that cannot be read is not a success
