"""Read the events of an Official Account into the words of a conversation."""

from __future__ import annotations

from bot.channels.contract import Arrived, NotReadable
from bot.channels.payload import Clock, clean, geo, instant
from bot.zalo_sdk.events import Attachment, Event, address_of, name_of, parse
from flows.messages import Incoming, IncomingKind

_SENT: dict[str, IncomingKind] = {
    "text": "text",
    "link": "text",
    "image": "image",
    "gif": "image",
    "audio": "voice",
    "video": "file",
    "sticker": "sticker",
    "location": "location",
    "business_card": "contact",
    "file": "file",
}
_HAPPENED: dict[str, IncomingKind] = {
    "follow": "follow",
    "user_follow": "follow",
    "unfollow": "unfollow",
    "user_unfollow": "unfollow",
    "user_withdraw": "unfollow",
    "user_call_oa": "voice",
}
"""Events that are no message. A withdrawal ends everything we may send; a call that nobody took is a voice."""

_NOT_HERS = (
    "user_received",
    "user_seen",
    "user_reacted",
    "user_submit_info",
    "user_click",
    "user_reply_consent",
    "user_feedback",
)
"""Receipts, reactions, and a form that would tell her name: it is never asked and never kept."""


def read_event(raw: bytes, oa_id: str, clock: Clock) -> Arrived | None:
    """Parse one event; None when it concerns no person, or another account. Raises NotReadable."""
    try:
        event = parse(raw)
    except NotReadable:
        if name_of(raw)[1].startswith("group:"):
            return None
        raise
    kind = _kind(event, oa_id) if event.account in ("", oa_id) else None
    if kind is None:
        return None
    address = address_of(event)
    if not address:
        raise NotReadable("no sender")
    at = instant(event.seconds, clock)
    if kind in ("staff_spoke", "follow", "unfollow") or event.event_name in _HAPPENED:
        return Arrived(address, Incoming(kind, at))
    text, media = _content(event, kind)
    number = event.message.id
    return Arrived(address, Incoming(kind, at, text=clean(text), media=clean(media), message_id=clean(number)))


def _kind(event: Event, oa_id: str) -> IncomingKind | None:
    name = event.event_name
    if event.by_account:
        person = bool(event.sender.admin_id) and name.startswith("oa_send_") and not event.of_group
        return "staff_spoke" if person else None
    if event.of_group:
        return None  # the Official Account's groups bind no chat yet, and a group is nobody to answer
    if name in _HAPPENED:
        return _HAPPENED[name]
    if name.startswith(("user_send_", "anonymous_send_")):
        return None if str(event.sender.id) == oa_id else _SENT.get(name.split("_send_", 1)[1], "other")
    return "other" if name.startswith("user_") and not name.startswith(_NOT_HERS) else None


def _content(event: Event, kind: IncomingKind) -> tuple[str, str]:
    """Return the words and the reference of what was sent.

    A place is kept as a position without its name, a business card (somebody else's number) not at all.
    """
    text = event.message.text or ""
    first = event.message.attachments[0] if event.message.attachments else Attachment()
    if kind == "location":
        return "", _position(first)
    if kind == "contact":
        return "", ""
    if kind == "sticker":
        return "", str(first.get("id") or "")
    if kind == "text" and first.type == "link":
        return " ".join(part for part in (text, str(first.get("url") or "")) if part), ""
    return text, str(first.get("url") or "") if kind != "text" else ""


def _position(attachment: Attachment) -> str:
    """Write the position; Zalo sends its numbers as texts."""
    point = attachment.get("coordinates")
    if not isinstance(point, dict):
        return ""
    try:
        return geo(float(point.get("latitude", "")), float(point.get("longitude", "")))
    except (TypeError, ValueError):
        return ""
