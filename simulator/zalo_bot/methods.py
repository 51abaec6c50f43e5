"""The methods of the Bot Platform."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from simulator.core.parameters import Parameters
from simulator.core.phones import Media, Message
from simulator.zalo_bot.bot import ZaloBot
from simulator.zalo_bot.errors import NO_METHOD, NO_NEWS, ZaloBotRefused
from simulator.zalo_bot.updates import ZaloBotWebhook

TEXT_LIMIT = 2000  # UTF-16 units. Source: sendMessage and sendPhoto, transcribed 2025-12
LONGEST_POLL = 50  # seconds: taken for granted
LOCAL = ("localhost", "127.0.0.1")


def get_me(bot: ZaloBot, p: Parameters) -> Any:
    """Say who the token belongs to."""
    return bot.me()


async def get_updates(bot: ZaloBot, p: Parameters) -> Any:
    """Return one update, waiting up to `timeout` s (a number, or a number in a string)."""
    if bot.updates.webhook is not None:
        raise ZaloBotRefused(400, "a webhook is set")
    update = await bot.updates.fetch(min(max(p.number("timeout"), 0), LONGEST_POLL))
    if update is None and bot.conditions.no_news_is_error:
        raise NO_NEWS
    return update or {}


async def set_webhook(bot: ZaloBot, p: Parameters) -> Any:
    """Have updates brought to an https address (http on loopback); it is kept even when nobody answers there."""
    url, secret = p.text("url"), p.text("secret_token")
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise ZaloBotRefused(400, "url must be https")
    if not 8 <= len(secret) <= 256:
        raise ZaloBotRefused(400, "secret_token must have 8 to 256 characters")
    webhook = ZaloBotWebhook(url, secret, _milliseconds(bot))
    status = await bot.updates.probe(url) if bot.conditions.tries_webhooks else 0
    bot.updates.carry_to(webhook)
    return _described(webhook) | (_verification(status) if bot.conditions.tries_webhooks else {})


def _verification(status: int) -> dict[str, Any]:
    fine = status == 200
    outcome = "webhook.ok" if fine else f"webhook.http.{status}" if status else "webhook.unreachable"
    return {"verification": {"ok": fine, "status_code": status, "outcome": outcome}}


def delete_webhook(bot: ZaloBot, p: Parameters) -> Any:
    """Go back to being asked."""
    bot.updates.carry_to(None)
    return {"url": "", "updated_at": _milliseconds(bot)}


def get_webhook_info(bot: ZaloBot, p: Parameters) -> Any:
    """Report where updates go."""
    return _described(bot.updates.webhook or ZaloBotWebhook("", "", _milliseconds(bot)))


def send_message(bot: ZaloBot, p: Parameters) -> Any:
    """Send a text of 1–2,000 units."""
    if p.text("parse_mode") not in ("", "markdown", "html"):
        raise ZaloBotRefused(400, "parse_mode is invalid")
    return _show(bot, p, _text(p, "text", least=1))


def send_photo(bot: ZaloBot, p: Parameters) -> Any:
    """Send a picture by its address."""
    return _show(bot, p, _text(p, "caption"), Media("image", url=_address(p, "photo")))


def send_sticker(bot: ZaloBot, p: Parameters) -> Any:
    """Send a sticker by its id."""
    sticker = p.text("sticker")
    if not sticker:
        raise ZaloBotRefused(400, "sticker is required")
    return _show(bot, p, "", Media("sticker", name=sticker))


def send_voice(bot: ZaloBot, p: Parameters) -> Any:
    """Send a voice by the address of an .aac file."""
    url = _address(p, "voice_url")
    if not urlsplit(url).path.lower().endswith(".aac"):
        raise ZaloBotRefused(400, "voice_url must be an aac file")
    return _show(bot, p, "", Media("voice", url=url))


def send_chat_action(bot: ZaloBot, p: Parameters) -> Any:
    """Show that the bot is typing; nothing stays on the phone, and nothing is counted."""
    if p.text("action") != "typing":
        raise ZaloBotRefused(400, "action is not supported")
    if bot.environment.phones.at("zalo_bot", bot.id, p.text("chat_id")) is None:
        raise ZaloBotRefused(404, "chat not found")
    return True


_ALL = (
    *(get_me, get_updates, set_webhook, delete_webhook, get_webhook_info),
    *(send_message, send_photo, send_sticker, send_voice, send_chat_action),
)
CALLS: dict[str, Callable[[ZaloBot, Parameters], Any]] = {c.__name__.replace("_", ""): c for c in _ALL}


async def call(bot: ZaloBot, method: str, parameters: Parameters) -> Any:
    """Carry out one call and return its result; raises Refused."""
    found = CALLS.get(method.lower())
    if found is None:
        raise NO_METHOD
    result = found(bot, parameters)
    return await result if inspect.isawaitable(result) else result


def _show(bot: ZaloBot, p: Parameters, text: str, media: Media | None = None) -> dict[str, Any]:
    phone, environment = bot.reach(p.text("chat_id")), bot.environment
    message = Message(environment.ids.word(), "bot", environment.now(), text, media=media, push=True)
    environment.show(phone, message)
    return {"message_id": message.id, "date": int(message.at.timestamp() * 1000)}


def _text(p: Parameters, name: str, least: int = 0) -> str:
    text = p.text(name)
    if not least <= len(text.encode("utf-16-le", "surrogatepass")) // 2 <= TEXT_LIMIT or (least and not text.strip()):
        raise ZaloBotRefused(400, f"{name} must have {least} to {TEXT_LIMIT} characters")
    return text


def _address(p: Parameters, name: str) -> str:
    # Zalo would fetch it; the stand-in never calls out and keeps the address.
    address = p.text(name)
    if not address.startswith(("https://", "http://localhost", "http://127.0.0.1")):
        raise ZaloBotRefused(400, f"{name} must be an https address")
    return address


def _milliseconds(bot: ZaloBot) -> int:
    return int(bot.environment.now().timestamp() * 1000)


def _described(webhook: ZaloBotWebhook) -> dict[str, Any]:
    return {"url": webhook.url, "updated_at": webhook.updated_at}
