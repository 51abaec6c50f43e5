"""Shape one shown message into a call of the Bot API."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.channels.base import Permanent
from bot.parsing import clean
from content.schema import Limits
from flows.model.addresses import conversation_of, thread_of
from flows.model.messages import Button, Shown

NAME_MAX = 64
"""Characters of a contact's name. Telegram documents no limit here; 64 is that of a user's first name."""

_PHOTO = (".jpg", ".jpeg", ".png", ".webp")
_VOICE = (".ogg", ".oga", ".opus", ".mp3", ".m4a")
_STYLES = {"good": "success", "danger": "danger"}
_METHODS = {"photo": "sendPhoto", "voice": "sendVoice", "audio": "sendAudio", "document": "sendDocument"}


def parameters_of(address: str, shown: Shown, limits: Limits) -> tuple[str, dict[str, object]]:
    """Return the method and its parameters. Raises Permanent for what Telegram could never take."""
    text = clean(shown.text)
    parameters: dict[str, object] = {"chat_id": chat_of(address)}
    if thread := thread_of(address):
        parameters["message_thread_id"] = int(thread)
    if shown.phone:
        return "sendContact", parameters | _contact(text, shown)
    if shown.media:
        kind, reference = _media(shown.media)
        method = _METHODS[kind]
        parameters[kind] = reference
        _bounded(parameters, "caption", text, limits.caption_max)
    else:
        method = "sendMessage"
        if not text.strip():
            raise Permanent("nothing to send", code="text_empty")
        _bounded(parameters, "text", text, limits.text_max)
        parameters["link_preview_options"] = {"is_disabled": True}
    if shown.buttons:
        parameters["reply_markup"] = {"inline_keyboard": _rows(shown.buttons, max(1, limits.buttons_per_row))}
    if shown.protect:
        parameters["protect_content"] = True
    if shown.quiet:
        parameters["disable_notification"] = True
    return method, parameters


def _contact(name: str, shown: Shown) -> dict[str, object]:
    """A card to tap. Source: core.telegram.org/bots/api#sendcontact (Bot API 10.3, 2026-08)."""
    if len(name) > NAME_MAX or not name:
        raise Permanent(f"the name of a contact has 1 to {NAME_MAX} characters", code="text_long")
    quiet = {"disable_notification": True} if shown.quiet else {}
    return {"phone_number": shown.phone, "first_name": name, **quiet}


def chat_of(address: str) -> int:
    """Read a chat id. Raises Permanent."""
    try:
        return int(conversation_of(address))
    except ValueError:
        raise Permanent("the address is not a chat of Telegram", code="address") from None


def _bounded(parameters: dict[str, object], name: str, text: str, limit: int) -> None:
    if len(text) * 2 > limit and len(text.encode("utf-16-le")) > limit * 2:
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


def _rows(buttons: tuple[Button, ...], step: int) -> list[list[dict[str, str]]]:
    keys = [_key(b) for b in buttons]
    return [keys[start : start + step] for start in range(0, len(keys), step)]


def _key(button: Button) -> dict[str, str]:
    key = {"text": clean(button.label), "callback_data": button.data}
    if button.style:
        key["style"] = _STYLES[button.style]
    return key
