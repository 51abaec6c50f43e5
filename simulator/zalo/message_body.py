"""Reads the `message` of a send: its shape, its limits, what the phone will show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.core.phones import Choice
from simulator.zalo.errors import ZaloRefused

TEXT_LIMIT = 2000  # code points as received; the platform does not normalise
TITLE_LIMIT, SUBTITLE_LIMIT = 100, 500
BUTTONS_LIMIT = 5

_MEDIA = {"image", "gif", "sticker"}


@dataclass(frozen=True)
class Content:
    """What one send would show; `asset` is an upload's id, `url` a link; `kind` names the echo event."""

    kind: str
    text: str = ""
    url: str = ""
    asset: str = ""
    quote: str = ""
    choices: tuple[Choice, ...] = ()


def read_content(message: Any) -> Content:
    """Return the content; raises Refused -201 for a wrong shape, -210 for a limit, -233 for an unknown kind."""
    if not isinstance(message, dict) or not message:
        raise ZaloRefused(-201, "message")
    text = message.get("text", "")
    if not isinstance(text, str):
        raise ZaloRefused(-201, "text")
    quote = message.get("quote_message_id") or ""
    attachment = message.get("attachment")
    if attachment is None and not text.strip():
        raise ZaloRefused(-201, "text")
    content = _attached(attachment, text) if attachment is not None else Content("text", text, quote=str(quote))
    if len(text) > TEXT_LIMIT:
        raise ZaloRefused(-210, "text")
    return content


def _attached(attachment: Any, text: str) -> Content:
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict):
        raise ZaloRefused(-201, "attachment")
    if attachment.get("type") == "file":
        return _file(payload)
    if attachment.get("type") != "template":
        raise ZaloRefused(-201, "attachment.type")
    return _template(payload, text)


def _file(payload: dict[str, Any]) -> Content:
    asset = payload.get("token")
    if not isinstance(asset, str) or not asset:
        raise ZaloRefused(-201, "token")
    return Content("file", asset=asset)


def _template(payload: dict[str, Any], text: str) -> Content:
    kind = payload.get("template_type")
    # A list of buttons that is empty is what PyPI's zalo-sdk sends with every template.
    if payload.get("buttons"):
        return Content("buttons", text, choices=_buttons(payload["buttons"]))
    if kind not in ("media", "request_user_info"):
        raise ZaloRefused(-233)
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise ZaloRefused(-201, "elements")
    return _media(elements[0], text) if kind == "media" else _request(elements[0])


def _media(element: dict[str, Any], text: str) -> Content:
    kind, url, asset = element.get("media_type"), element.get("url", ""), element.get("attachment_id", "")
    if kind not in _MEDIA:
        raise ZaloRefused(-233)
    if not (isinstance(url, str) and isinstance(asset, str)) or bool(url) == bool(asset):
        raise ZaloRefused(-201, "attachment_id")
    if kind == "gif" and not all(isinstance(element.get(side), int) for side in ("width", "height")):
        raise ZaloRefused(-201, "width")
    return Content(kind, text, url=url, asset="" if kind == "sticker" else asset)


def _request(element: dict[str, Any]) -> Content:
    title, subtitle = str(element.get("title", "")), str(element.get("subtitle", ""))
    if not title:
        raise ZaloRefused(-201, "title")
    if len(title) > TITLE_LIMIT or len(subtitle) > SUBTITLE_LIMIT:
        raise ZaloRefused(-210, "title")
    return Content("request_user_info", f"{title}\n{subtitle}".strip(), url=str(element.get("image_url", "")))


def _buttons(buttons: Any) -> tuple[Choice, ...]:
    if not isinstance(buttons, list) or not all(isinstance(b, dict) and b.get("title") for b in buttons):
        raise ZaloRefused(-201, "buttons")
    if len(buttons) > BUTTONS_LIMIT or any(len(str(b["title"])) > TITLE_LIMIT for b in buttons):
        raise ZaloRefused(-210, "buttons")
    return tuple(_button(b) for b in buttons)


def _button(button: dict[str, Any]) -> Choice:
    payload = button.get("payload", "")
    url = payload.get("url", "") if isinstance(payload, dict) else ""
    return Choice(str(button["title"]), payload if isinstance(payload, str) else "", url)
