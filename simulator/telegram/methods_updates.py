"""The calls by which a bot asks for updates or has them brought."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from simulator.core.errors import TelegramRefused, bad_request
from simulator.core.parameters import Parameters
from simulator.telegram.bot import TelegramBot
from simulator.telegram.updates import TelegramWebhook

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
LONGEST_POLL = 50  # seconds


async def get_updates(bot: TelegramBot, p: Parameters) -> Any:
    """Return pending updates, waiting up to `timeout` s; a second caller ends the first one's wait."""
    if bot.updates.webhook is not None:
        raise TelegramRefused(409, f"Conflict: {_ACTIVE}")
    _allow(bot, p)
    limit = min(max(p.number("limit", 100), 1), 100)
    timeout = min(max(p.number("timeout"), 0), LONGEST_POLL)
    wait = asyncio.ensure_future(bot.updates.fetch(p.number("offset"), limit, timeout))
    previous, bot.updates.poll = bot.updates.poll, wait
    if previous is not None:
        previous.cancel()
    try:
        return await wait
    except asyncio.CancelledError:
        if bot.updates.poll is wait:
            raise
        raise TelegramRefused(409, f"Conflict: {_OTHER}") from None
    finally:
        wait.cancel()


def _allow(bot: TelegramBot, p: Parameters) -> None:
    # An absent list leaves the previous setting in force; an empty one means the default.
    if "allowed_updates" in p.values:
        kinds = p.structure("allowed_updates")
        bot.updates.allowed = [str(kind) for kind in kinds] if isinstance(kinds, list) else []


def set_webhook(bot: TelegramBot, p: Parameters) -> Any:
    """Have updates brought to a URL; http is accepted, as by a local Bot API server."""
    url, secret = p.text("url"), p.text("secret_token")
    if url and not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(bot, p)
    if p.flag("drop_pending_updates"):
        bot.updates.clear()
    connections = min(max(p.number("max_connections", 40), 1), 100)
    bot.updates.carry_to(TelegramWebhook(url, secret, connections, asyncio.Semaphore(connections)) if url else None)
    return True


def delete_webhook(bot: TelegramBot, p: Parameters) -> Any:
    """Go back to polling."""
    if p.flag("drop_pending_updates"):
        bot.updates.clear()
    bot.updates.carry_to(None)
    return True


def get_webhook_info(bot: TelegramBot, p: Parameters) -> Any:
    """Report where updates go and how the last delivery failed."""
    updates = bot.updates
    info: dict[str, Any] = {"url": updates.webhook.url if updates.webhook else ""}
    info |= {"has_custom_certificate": False, "pending_update_count": len(updates.pending)}
    if updates.webhook:
        info["max_connections"] = updates.webhook.max_connections
    if updates.allowed:
        info["allowed_updates"] = updates.allowed
    if updates.last_error.date:
        info |= {
            "last_error_date": updates.last_error.date,
            "last_error_message": updates.last_error.message,
        }
    return info
