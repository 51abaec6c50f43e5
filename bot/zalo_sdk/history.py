"""Message history of Zalo, its rows turned into the webhook events that would have brought them.

Source: Zalo documentation as transcribed 2026-08 (fields), nextlevelbuilder/goclaw (a row of `listrecentchat` may be
any message, seen in production 2026-04).
"""

from __future__ import annotations

import json

from bot.parsing import NotReadable, loose
from bot.zalo_sdk.oa_events import plain_id

_EVENTS = {
    "text": "text",
    "voice": "audio",
    "photo": "image",
    "gif": "gif",
    "link": "link",
    "links": "link",
    "sticker": "sticker",
    "location": "location",
}
"""What a type is called in a webhook; `nosupport`, and whatever comes later, is something nobody can read."""


def is_from_person(row: dict[str, object], oa_id: str) -> bool:
    """Say whether a person wrote this message: `src` is not 0, and the account is not its sender."""
    return str(row.get("src")) != "0" and str(row.get("from_id", "")) != oa_id


def person_of(row: dict[str, object], oa_id: str) -> str:
    """The user id of the person a row is about; "" for a strange one."""
    return plain_id(row.get("from_id" if is_from_person(row, oa_id) else "to_id", ""))


def milliseconds(row: dict[str, object]) -> int:
    """When it was written, in Unix milliseconds; 0 when it does not say."""
    given = str(row.get("time", ""))
    return int(given) if given.isdecimal() and len(given) < 16 else 0


def event_of(row: dict[str, object], app_id: str, oa_id: str) -> bytes:
    """Write the event that would have brought a row; the same row gives the same bytes."""
    kind = _EVENTS.get(str(row.get("type", "")).lower(), "nosupport")
    attachment = _attachment(kind, row)
    message = {
        "text": _text(row, "message"),
        "msg_id": str(row.get("message_id") or ""),
        **({"attachments": [attachment]} if attachment else {}),
    }
    event = {
        "app_id": app_id,
        "event_name": f"user_send_{kind}",
        "sender": {"id": str(row.get("from_id", ""))},
        "recipient": {"id": oa_id},
        "message": message,
        "timestamp": str(milliseconds(row)),
    }
    return json.dumps(event, separators=(",", ":")).encode()  # ASCII keeps half characters


def _text(row: dict[str, object], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _attachment(kind: str, row: dict[str, object]) -> dict[str, object] | None:
    if kind == "location":
        return {"type": kind, "payload": {"coordinates": _point(row.get("location"))}}
    if kind == "link":
        links = row.get("links")
        first = links[0] if isinstance(links, list) and links and isinstance(links[0], dict) else row
        return {"type": kind, "payload": {"url": _text(first, "url"), "description": _text(first, "description")}}
    if kind in ("text", "nosupport"):
        return None
    return {"type": kind, "payload": {"url": _text(row, "url"), "thumbnail": _text(row, "thumb")}}


def _point(given: object) -> dict[str, str]:
    """Read a position, which comes as an object or as the JSON of one."""
    if isinstance(given, str):
        try:
            given = loose(given.encode("utf-8", "replace"))
        except NotReadable:
            given = None
    if not isinstance(given, dict):
        return {}
    return {name: str(given.get(name, "")) for name in ("latitude", "longitude")}
