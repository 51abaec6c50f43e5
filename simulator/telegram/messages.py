"""The shape of a Telegram message: text, keyboard and media as the Bot API writes and limits them."""

from __future__ import annotations

import html
import re
from typing import Any

from simulator.core.errors import bad_request
from simulator.core.parameters import Parameters
from simulator.core.phones import Choice, Media, Message, Phone
from simulator.telegram.bot import TelegramBot

TEXT_LIMIT = 4096  # characters. Source: core.telegram.org/bots/api#sendmessage (2026-06-12)
CAPTION_LIMIT = 1024  # characters, likewise
DATA_LIMIT = 64  # bytes of callback_data. Source: core.telegram.org/bots/api#inlinekeyboardbutton (2026-06-12)

_STYLES = {"", "primary", "success", "danger"}


def plain(parameters: Parameters, name: str) -> str:
    """Return the text of a field as people read it: tags removed in HTML mode, other markup left as typed."""
    text = parameters.text(name)
    if parameters.text("parse_mode").lower() == "html":
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return text.strip()


def checked_text(parameters: Parameters) -> str:
    """Return the text of a message; refused when empty or longer than 4096 characters."""
    text = plain(parameters, "text")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text


def checked_caption(parameters: Parameters) -> str:
    """Return the caption of a file; refused when longer than 1024 characters."""
    caption = plain(parameters, "caption")
    if len(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return caption


def keyboard(parameters: Parameters) -> dict[str, Any] | None:
    """Return the reply markup; refused when a button is not what the Bot API takes."""
    markup = parameters.structure("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            _check_button(button)
    return markup


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(str(button.get("callback_data", "")).encode()) > DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    if button.get("style") not in _STYLES | {None}:
        raise bad_request("invalid button style specified")
    if not {"callback_data", "url", "copy_text", "web_app", "switch_inline_query"} & set(button):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def choices(markup: dict[str, Any] | None) -> tuple[Choice, ...]:
    """Return the buttons of an inline or reply keyboard, in reading order."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    flat = [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]
    return tuple(
        Choice(b.get("text", ""), b.get("callback_data", ""), b.get("url", ""), b.get("style") or "") for b in flat
    )


def topic_of(phone: Phone, parameters: Parameters) -> dict[str, Any]:
    """Return what says in which topic of a chat a message stands; refused when there is no such topic."""
    topic = parameters.number("message_thread_id")
    if topic and topic not in phone.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": topic, "is_topic_message": True} if topic else {}


def deliver(
    bot: TelegramBot,
    phone: Phone,
    parameters: Parameters,
    *,
    text: str = "",
    media: Media | None = None,
    content: dict[str, Any],
) -> dict[str, Any]:
    """Put a message on a phone and return it as the Bot API would; `content` is what its kind adds."""
    environment = bot.environment
    markup = keyboard(parameters)
    number = environment.ids.number()
    raw = {"message_id": number, "from": bot.me(), "chat": bot.chat(phone), "date": int(environment.now().timestamp())}
    raw |= content | topic_of(phone, parameters)
    if markup and "inline_keyboard" in markup:
        raw["reply_markup"] = markup
    if parameters.flag("protect_content"):
        raw["has_protected_content"] = True
    quiet = parameters.flag("disable_notification")
    environment.show(
        phone, Message(str(number), "bot", environment.now(), text, choices(markup), media, push=not quiet, raw=raw)
    )
    return raw
