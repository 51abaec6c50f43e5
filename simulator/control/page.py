"""The page with the phones: static files under a strict policy, and a feed of what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simulator.core.fault_responses import json_answer
from simulator.core.phones import Phone
from simulator.world import World

STATIC = Path(__file__).parents[1] / "static"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
WAIT = 2.0  # real seconds a feed request is kept open; short, so that Ctrl-C is too


def routes(world: World) -> list[Route | Mount]:
    """Return the routes of the page."""

    async def page(request: Request) -> Response:
        return FileResponse(STATIC / "phones.html", headers=HEADERS)

    async def feed(request: Request) -> Response:
        since = _number(request.query_params.get("since", ""))
        if since > world.version:  # a page older than this world
            since = -1
        await world.watch(since, WAIT)
        return json_answer(snapshot(world, since))

    async def media(request: Request) -> Response:
        file = world.files.get(request.path_params["file"])
        if file is None:
            return Response("no such file", 404)
        safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
        return Response(file.data, media_type=file.media_type, headers=safe)

    return [
        Route("/", page),
        Route("/__sim/live", feed),
        Route("/__sim/media/{file}", media),
        Mount("/__sim/static", StaticFiles(directory=STATIC)),
    ]


def snapshot(world: World, since: int) -> dict[str, Any]:
    """Return the phones that changed after version `since`, and the names of all (a reset takes some away)."""
    phones = list(world.phones)
    return {
        "version": world.version,
        "now": world.now().isoformat(),
        "phones": [_name(phone) for phone in phones],
        "changed": [describe(world, phone) for phone in phones if phone.changed > since],
    }


def describe(world: World, phone: Phone) -> dict[str, Any]:
    """Return a phone as the page draws it."""
    styles = {m.id: [choice.style for choice in m.choices] for m in phone.messages if m.choices}
    return {
        "name": _name(phone),
        "channel": phone.channel,
        "user": phone.slug,
        "account": phone.account,
        "talks_to": world.name_of(phone),
        "shown_as": phone.name,
        "blocked": phone.blocked,
        "follows": phone.follows,
        "lock_screen": phone.lock_screen(),
        "messages": [m.shown() | {"styles": styles.get(m.id, [])} for m in phone.messages[-200:]],
    }


def _name(phone: Phone) -> str:
    return f"{phone.channel}/{phone.account}/{phone.slug}"


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return -1
