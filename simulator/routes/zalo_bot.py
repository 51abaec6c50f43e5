"""Where a Zalo bot calls: /sim/zalo_bot/bot<token>/<method>."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.core.errors import TelegramRefused as Unreadable
from simulator.core.fault_responses import ApiCall, answer, json_answer
from simulator.core.faults import Fault
from simulator.core.parameters import Parameters, read_parameters
from simulator.world import World
from simulator.zalo_bot.bot import ZaloBot
from simulator.zalo_bot.errors import NO_TOKEN, ZaloBotRefused
from simulator.zalo_bot.methods import call


class BotAnswer(Response):
    """An answer in the platform's envelope; `code` is the error inside, 200 when there is none."""

    media_type = "application/json"

    def __init__(self, answered: Response, code: int) -> None:
        super().__init__(bytes(answered.body), answered.status_code)
        self.code = code


def routes(world: World) -> list[Route]:
    """Return the routes of every Zalo bot in this world."""

    async def method(request: Request) -> Response:
        bot = world.zalo_bots.get(request.path_params["token"])
        name = request.path_params["method"]
        if bot is None or not bot.token_works:
            world.log.add("request", "zalo_bot", method=name, status=401)
            return refusal(bot or world.zalo_bot, NO_TOKEN)
        try:
            parameters = await read_parameters(request)  # JSON, form, multipart and query are all taken
        except Unreadable:
            return refusal(bot, ZaloBotRefused(400, "the body cannot be read"))
        called = ApiCall("zalo_bot", name, _slug(bot, parameters), parameters.text("text"), parameters.names)
        return await answer(
            world, request, called, lambda: _carry_out(bot, name, parameters), lambda fault: _refusal_by(bot, fault)
        )

    return [Route("/sim/zalo_bot/bot{token}/{method}", method, methods=["GET", "POST"])]


async def _carry_out(bot: ZaloBot, name: str, parameters: Parameters) -> Response:
    try:
        result: Any = await call(bot, name, parameters)
    except ZaloBotRefused as refused:
        return refusal(bot, refused)
    return json_answer({"ok": True, "result": result} if result is not True else {"ok": True})


def refusal(bot: ZaloBot, refused: ZaloBotRefused) -> Response:
    """Return the answer that says no: HTTP 200 unless this platform's status follows the code."""
    status = refused.code if bot.conditions.status_follows_code else 200
    response = BotAnswer(json_answer(refused.body(), status), refused.code)
    if refused.retry_after:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _refusal_by(bot: ZaloBot, fault: Fault) -> Response:
    """Return the no that a scripted fault asks for."""
    if fault.kind == "429":
        return refusal(bot, ZaloBotRefused(429, retry_after=fault.retry_after))
    if fault.kind == "token_revoked":
        return refusal(bot, NO_TOKEN)
    return refusal(bot, ZaloBotRefused(fault.code or 400, fault.description))


def _slug(bot: ZaloBot, parameters: Parameters) -> str:
    phone = bot.environment.phones.at("zalo_bot", bot.id, parameters.text("chat_id"))
    return phone.slug if phone else ""
