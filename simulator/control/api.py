"""The control plane's HTTP interface under /__sim: acts of people, what phones show, the clock, faults and the log."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.actions import ACTS, PhoneAction
from simulator.core.fault_responses import json_answer
from simulator.core.faults import read_fault
from simulator.core.phones import Channel, Phone
from simulator.telegram.person import ImpossibleAction
from simulator.world import World

Handler = Callable[[World, Request], Awaitable[Any]]


class Missing(Exception):
    """There is no such thing in this world; the message says what there is."""


def routes(world: World) -> list[Route]:
    """Return the routes of the control plane."""

    def route(path: str, handler: Handler, method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return json_answer(await handler(world, request))
            except Missing as missing:
                return json_answer({"error": str(missing)}, 404)
            except ImpossibleAction as impossible:
                return json_answer({"error": str(impossible)}, 409)
            except (ValueError, TypeError) as wrong:
                return json_answer({"error": str(wrong)}, 400)

        return Route(f"/__sim{path}", endpoint, methods=[method])

    return [
        route("/clock", read_clock, "GET"),
        route("/clock", advance_clock, "POST"),
        route("/faults", list_faults, "GET"),
        route("/faults", plan_faults, "POST"),
        route("/log", read_log, "GET"),
        route("/reset", reset, "POST"),
        route("/{channel}/{user}/inbox", inbox, "GET"),
        route("/{channel}/{user}/{act}", do_act, "POST"),
    ]


async def read_body(request: Request) -> Any:
    """Return the JSON of a request, an empty object when there is none; raises ValueError when it is not JSON."""
    raw = await request.body()
    try:
        return json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise ValueError("the body is not JSON") from None


async def read_object(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request; raises ValueError when it is something else."""
    body = await read_body(request)
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")
    return body


def phone_of(world: World, request: Request) -> Phone:
    """Return the phone a path names, created on first use; raises Missing for a channel that is not there."""
    channel = request.path_params["channel"]
    if channel not in ACTS:
        raise Missing(f"there is no channel {channel!r}; the channels are {sorted(ACTS)}")
    account = request.query_params.get("account", "")
    return world.phone(cast(Channel, channel), request.path_params["user"], account)


async def do_act(world: World, request: Request) -> Any:
    """Let a person do something; returns once the world has accepted it, not once anybody was told."""
    phone, name = phone_of(world, request), request.path_params["act"]
    act = ACTS[phone.channel].get(name)
    if act is None:
        raise Missing(f"nobody can {name!r} on {phone.channel}; the acts are {sorted(ACTS[phone.channel])}")
    base_url = str(request.base_url).rstrip("/")
    return {"message_id": act(PhoneAction(world, phone, await read_object(request), base_url))}


async def inbox(world: World, request: Request) -> Any:
    """Show what the account sent and the phone still shows, newest last; `?all=1` adds what she wrote."""
    phone = phone_of(world, request)
    everything = request.query_params.get("all", "") not in ("", "0")
    return {"messages": [m.shown() for m in phone.messages if everything or m.sender == "bot"]}


async def read_clock(world: World, request: Request) -> Any:
    """Return the world's time."""
    return {"now": world.now().isoformat()}


async def advance_clock(world: World, request: Request) -> Any:
    """Skip seconds, for everybody who follows this clock."""
    seconds = (await read_object(request)).get("advance")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError('send {"advance": seconds}')
    await world.advance(seconds)
    return {"now": world.now().isoformat()}


async def list_faults(world: World, request: Request) -> Any:
    """Return the faults still to come."""
    return {"faults": [vars(fault) for fault in world.faults.planned]}


async def plan_faults(world: World, request: Request) -> Any:
    """Plan these faults and no others; an empty list clears."""
    body = await read_body(request)
    items = body if isinstance(body, list) else [body]
    world.faults.replace([read_fault(item) for item in items])
    return {"planned": len(items)}


async def read_log(world: World, request: Request) -> Any:
    """Return what happened, oldest first; any field can be asked for (?kind=delivered&user=lan&since=12)."""
    wanted = dict(request.query_params)
    return {"log": world.log.select(int(wanted.pop("since", "0")), **wanted)}


async def reset(world: World, request: Request) -> Any:
    """Forget people, messages, faults and log; accounts, tokens, webhooks and the clock stay."""
    world.reset()
    return {"reset": True}
