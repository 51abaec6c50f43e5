"""Shape one shown message into a call of the Bot API."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.channels.contract import Permanent
from bot.channels.payload import clean
from flows.messages import Button, Shown

TEXT_MAX, CAPTION_MAX = 4096, 1024
"""Characters. Source: core.telegram.org/bots/api, sendMessage and sendPhoto (Bot API 10.3, 2026-08)."""

_PHOTO = (".jpg", ".jpeg", ".png", ".webp")
_VOICE = (".ogg", ".oga", ".opus", ".mp3", ".m4a")
_STYLES = {"good": "success", "danger": "danger"}
_METHODS = {"photo": "sendPhoto", "voice": "sendVoice", "document": "sendDocument"}
_SHORT = 12


def parameters_of(address: str, shown: Shown) -> tuple[str, dict[str, Any]]:
    """Return the method and its parameters. Raises Permanent for what Telegram could never take."""
    text = clean(shown.text)
    parameters: dict[str, Any] = {"chat_id": _chat(address)}
    if shown.media:
        kind, reference = _media(shown.media)
        method = _METHODS[kind]
        parameters[kind] = reference
        _bounded(parameters, "caption", text, CAPTION_MAX)
    else:
        method = "sendMessage"
        if not text.strip():
            raise Permanent("nothing to send", code="text_empty")
        _bounded(parameters, "text", text, TEXT_MAX)
        parameters["link_preview_options"] = {"is_disabled": True}
    if shown.buttons:
        parameters["reply_markup"] = {"inline_keyboard": _rows(shown.buttons)}
    if shown.protect:
        parameters["protect_content"] = True
    if shown.quiet:
        parameters["disable_notification"] = True
    return method, parameters


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Permanent("the address is not a chat of Telegram", code="address") from None


def _bounded(parameters: dict[str, Any], name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise Permanent(f"{name} over {limit} characters", code="text_long")
    if text:
        parameters[name] = text


def _media(reference: str) -> tuple[str, str]:
    """Tell a picture from a sound: by `photo:` or `voice:` before a file id, or by the ending of a link."""
    kind, separator, rest = reference.partition(":")
    if separator and kind in _METHODS:
        return kind, rest
    ending = urlsplit(reference).path.lower()
    if ending.endswith(_PHOTO):
        return "photo", reference
    return ("voice" if ending.endswith(_VOICE) else "document"), reference


def _rows(buttons: tuple[Button, ...]) -> list[list[dict[str, str]]]:
    """Two short buttons share a row; long ones stand alone, so that no label is cut on a small phone."""
    wide = any(len(b.label) > _SHORT for b in buttons)
    step = 1 if wide else 2
    keys = [_key(b) for b in buttons]
    return [keys[start : start + step] for start in range(0, len(keys), step)]


def _key(button: Button) -> dict[str, str]:
    key = {"text": clean(button.label), "callback_data": button.data}
    if button.style:
        key["style"] = _STYLES[button.style]
    return key
