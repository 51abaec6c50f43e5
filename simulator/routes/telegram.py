"""Where a bot calls: /sim/telegram/bot<token>/<method> and /sim/telegram/file/bot<token>/<path>."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.core.errors import UNAUTHORIZED, TelegramRefused, too_many
from simulator.core.fault_responses import ApiCall, answer, json_answer
from simulator.core.faults import Fault
from simulator.core.parameters import Parameters, read_parameters
from simulator.telegram.bot import TelegramBot
from simulator.telegram.methods import call
from simulator.world import World


def routes(world: World) -> list[Route]:
    """Return the routes of every bot in this world."""

    async def method(request: Request) -> Response:
        bot = world.bots.get(request.path_params["token"])
        name = request.path_params["method"]
        if bot is None or not bot.token_works:
            world.log.add("request", "telegram", method=name, status=401)
            return refusal(UNAUTHORIZED)
        try:
            parameters = await read_parameters(request)
        except TelegramRefused as refused:
            return refusal(refused)
        called = ApiCall("telegram", name, _slug(bot, parameters), parameters.text("text"), parameters.names)
        return await answer(world, request, called, lambda: _carry_out(bot, name, parameters), refusal_by)

    async def download(request: Request) -> Response:
        bot = world.bots.get(request.path_params["token"])
        if bot is None:
            return refusal(UNAUTHORIZED)
        file = world.files.at_path(request.path_params["path"])
        if file is None:
            return refusal(TelegramRefused(404, "Not Found"))
        return Response(file.data, media_type="application/octet-stream")

    return [
        Route("/sim/telegram/file/bot{token}/{path:path}", download),
        Route("/sim/telegram/bot{token}/{method}", method, methods=["GET", "POST"]),
    ]


async def _carry_out(bot: TelegramBot, name: str, parameters: Parameters) -> Response:
    try:
        result: Any = await call(bot, name, parameters)
    except TelegramRefused as refused:
        return refusal(refused)
    return json_answer({"ok": True, "result": result})


def refusal(refused: TelegramRefused) -> Response:
    """Return the answer that says no."""
    return json_answer(refused.body(), refused.status)


def refusal_by(fault: Fault) -> Response:
    """Return the no that a scripted fault asks for."""
    if fault.kind == "429":
        return refusal(too_many(fault.retry_after))
    if fault.kind == "token_revoked":
        return refusal(UNAUTHORIZED)
    return refusal(TelegramRefused(fault.code or 400, fault.description or "Bad Request: scripted fault"))


def _slug(bot: TelegramBot, parameters: Parameters) -> str:
    phone = bot.find(parameters.text("chat_id"))
    return phone.slug if phone else ""
