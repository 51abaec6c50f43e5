"""Faulty answers on the wire, and the order in which scripted faults strike a call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from simulator.core.environment import Environment
from simulator.core.faults import AFTER, BEFORE, Fault

HANG = 90.0  # seconds a call hangs when the fault does not say

_GATEWAY = "<html><head><title>{0}</title></head><body><h1>{0} Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class ApiCall:
    """What is known about a call before it is carried out: `user` is a slug, `text` what it would say, `names` those
    of its parameters.
    """

    channel: str
    method: str
    user: str = ""
    text: str = ""
    names: tuple[str, ...] = ()


class CutOff(Response):
    """An answer of which only `part` leaves before the connection is closed."""

    def __init__(self, part: bytes = b"") -> None:
        super().__init__()
        self.part = part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if self.part or transport is None:
            # One byte is promised that never comes; without a transport to cut, the server closes by itself.
            length = str(len(self.part) + 1).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", length)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": self.part, "more_body": True})
        if transport is not None:
            transport.close() if self.part else transport.abort()
            await asyncio.wait_for(_disconnected(receive), timeout=5)


class Drip(Response):
    """An answer that comes byte by byte, spread over `seconds` of real time."""

    def __init__(self, whole: Response, seconds: float) -> None:
        super().__init__(bytes(whole.body), whole.status_code, media_type=whole.media_type)
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = bytes(self.body)
        for at in range(len(body)):
            await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": at + 1 < len(body)})
            await asyncio.sleep(self.seconds / len(body))


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def hang(request: Request, seconds: float) -> Response:
    """Keep the caller waiting for `seconds` of real time or until it gives up; then cut the connection."""
    await request.body()
    try:
        await asyncio.wait_for(_disconnected(request.receive), timeout=seconds or HANG)
    except TimeoutError:
        return CutOff()
    return Response(status_code=204)


async def answer(
    environment: Environment,
    request: Request,
    called: ApiCall,
    carry_out: Callable[[], Awaitable[Response]],
    refuse: Callable[[Fault], Response],
) -> Response:
    """Carry out a call under the planned faults and log it; `refuse` words kinds 429, error and token_revoked."""
    before = environment.faults.take(BEFORE, called.channel, called.method, called.user)
    if before is not None and before.kind != "slow":
        _note(environment, called, before.kind)
        return await _instead(request, before, refuse)
    if before is not None:
        await asyncio.sleep(before.seconds or 1.0)
    response = await carry_out()
    after = environment.faults.take(AFTER, called.channel, called.method, called.user)
    _note(environment, called, after.kind if after else getattr(response, "code", response.status_code))
    return response if after is None else await _spoiled(request, after, response)


async def _instead(request: Request, fault: Fault, refuse: Callable[[Fault], Response]) -> Response:
    if fault.kind == "timeout_before":
        return await hang(request, fault.seconds)
    if fault.kind == "reset":
        return CutOff()
    if fault.kind == "5xx":
        return HTMLResponse(_GATEWAY.format(fault.status), fault.status)
    if fault.kind == "html":
        return HTMLResponse(_GATEWAY.format(fault.status), 200)
    return refuse(fault)


async def _spoiled(request: Request, fault: Fault, response: Response) -> Response:
    if fault.kind == "timeout_after":
        return await hang(request, fault.seconds)
    if fault.kind == "drip":
        return Drip(response, fault.seconds or 1.0)
    if fault.kind == "lost_response":
        return CutOff()
    body = bytes(response.body)
    if fault.kind == "truncated":
        return CutOff(body[: len(body) // 2] or b"{")
    return Response(b"", response.status_code)


def _note(environment: Environment, called: ApiCall, status: int | str) -> None:
    # Noted before a hanging answer hangs: the log is read while it does.
    environment.log.add(
        *("request", called.channel),
        user=called.user,
        text=called.text,
        status=status,
        method=called.method,
        parameters=called.names,
    )


def json_answer(value: Any, status: int = 200) -> Response:
    """Return JSON escaped to ASCII, as the platforms do, so that a lone surrogate can travel."""
    return Response(json.dumps(value), status, media_type="application/json")
