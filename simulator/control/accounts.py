"""The control plane's view of the accounts: what a bot needs to be pointed at this world."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.api import Missing, read_object
from simulator.core.fault_responses import json_answer
from simulator.telegram.bot import TelegramBot
from simulator.world import World
from simulator.zalo.account import OfficialAccount
from simulator.zalo_bot.bot import ZaloBot

T = TypeVar("T")


def routes(world: World) -> list[Route]:
    """Return the routes under /__sim/accounts."""

    async def read(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        return json_answer(
            {
                "telegram": [describe_bot(bot, base) for bot in world.bots.values()],
                "zalo_oa": [describe_account(account, base) for account in world.accounts.values()],
                "zalo_bot": [describe_zalo_bot(bot, base) for bot in world.zalo_bots.values()],
            }
        )

    async def change(request: Request) -> Response:
        try:
            return json_answer(_change(world, request, await read_object(request)))
        except Missing as missing:
            return json_answer({"error": str(missing)}, 404)
        except (ValueError, TypeError) as wrong:
            return json_answer({"error": str(wrong)}, 400)

    return [
        Route("/__sim/accounts", read),
        Route("/__sim/accounts/{channel}/{account}", change, methods=["POST"]),
        Route("/__sim/accounts/{channel}/{account}/{verb}", change, methods=["POST"]),
    ]


def describe_bot(bot: TelegramBot, base: str) -> dict[str, Any]:
    """Return a bot's token and addresses; `base` is this world's own address."""
    return {
        "id": bot.id,
        "token": bot.token,
        "username": bot.username,
        "base_url": f"{base}/sim/telegram/bot",
        "base_file_url": f"{base}/sim/telegram/file/bot",
        "webhook_url": bot.updates.webhook.url if bot.updates.webhook else "",
        "pending": len(bot.updates.pending),
    }


def describe_account(account: OfficialAccount, base: str) -> dict[str, Any]:
    """Return an Official Account's ids, secrets and addresses; tokens are given by `grant` alone."""
    return {
        "app_id": account.app_id,
        "app_secret": account.app_secret,
        "oa_id": account.oa_id,
        "webhook_secret": account.webhook.secret,
        "webhook_url": account.webhook.url,
        "webhook_enabled": account.webhook.enabled,
        "oauth_url": f"{base}/sim/zalo/oauth",
        "api_url": f"{base}/sim/zalo/openapi",
        "business_url": f"{base}/sim/zalo/business",
        "conditions": dataclasses.asdict(account.conditions),
        "reused_refresh_tokens": account.tokens.reused,
    }


def describe_zalo_bot(bot: ZaloBot, base: str) -> dict[str, Any]:
    """Return a Zalo bot's token and addresses."""
    return {
        "id": bot.id,
        "token": bot.token,
        "account_name": bot.account_name,
        "base_url": f"{base}/sim/zalo_bot/bot",
        "webhook_url": bot.updates.webhook.url if bot.updates.webhook else "",
        "pending": len(bot.updates.pending),
        "conditions": dataclasses.asdict(bot.conditions),
    }


def _change(world: World, request: Request, given: dict[str, Any]) -> Any:
    channel, number = request.path_params["channel"], request.path_params["account"]
    verb = request.path_params.get("verb", "")
    base = str(request.base_url).rstrip("/")
    if channel == "telegram":
        bot = _pick({bot.id: bot for bot in world.bots.values()}, number)
        change_bot(bot, given)
        return describe_bot(bot, base)
    if channel == "zalo_bot":
        zalo_bot = _pick({bot.id: bot for bot in world.zalo_bots.values()}, number)
        change_zalo_bot(zalo_bot, given)
        return describe_zalo_bot(zalo_bot, base)
    if channel != "zalo_oa":
        raise Missing(f"there is no channel {channel!r}; the channels are telegram, zalo_oa and zalo_bot")
    account = _pick(world.accounts, number)
    if verb == "grant":
        return account.tokens.issue()
    if verb == "revoke":
        account.tokens.revoke(refresh_too=bool(given.get("refresh_too")))
    else:
        change_account(account, given)
    return describe_account(account, base)


def _pick(known: dict[str, T], number: str) -> T:
    if number == "first" and known:
        return next(iter(known.values()))
    if number not in known:
        raise Missing(f"there is no account {number}; the accounts are {sorted(known)}, or say first")
    return known[number]


def change_bot(bot: TelegramBot, given: dict[str, Any]) -> None:
    """Make the token work or not, and limit the messages of a second; raises ValueError on other names."""
    for name, value in given.items():
        if name == "token_works":
            bot.token_works = bool(value)
        elif name == "messages_per_second":
            bot.messages_per_second = None if value is None else int(value)
        else:
            raise ValueError(f"a bot has no {name!r}; it has ['messages_per_second', 'token_works']")


def change_zalo_bot(bot: ZaloBot, given: dict[str, Any]) -> None:
    """Make the token work or not, or set any condition; raises ValueError on other names."""
    for name, value in given.items():
        if name == "token_works":
            bot.token_works = bool(value)
        elif hasattr(bot.conditions, name):
            setattr(bot.conditions, name, value)
        else:
            known = sorted({"token_works", *dataclasses.asdict(bot.conditions)})
            raise ValueError(f"a Zalo bot has no {name!r}; it has {known}")


def change_account(account: OfficialAccount, given: dict[str, Any]) -> None:
    """Set the webhook's address and switches, or any condition, of an account; raises ValueError on others."""
    webhook, conditions = account.webhook, account.conditions
    switches = {"enabled", "oa_id_first", "retry_refusals", "receipts"}
    for name, value in given.items():
        if name == "webhook_url":
            webhook.url, webhook.enabled = str(value), True
        elif name in switches:
            setattr(webhook, name, bool(value))
        elif hasattr(conditions, name):
            setattr(conditions, name, value)
        else:
            known = sorted({"webhook_url", *switches, *dataclasses.asdict(conditions)})
            raise ValueError(f"an account has no {name!r}; it has {known}")
