"""Read the events of an Official Account into the words of a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.base import Arrived, NotKnown
from bot.channels.zalo_oa.event_kinds import HAPPENED, SENDS, is_sent, kind_of, reaction
from bot.parsing import Clock, NotReadable, clean, geo, instant
from bot.zalo_sdk.addresses import is_group
from bot.zalo_sdk.oa_events import Attachment, Event, address_of, name_of, named, parse
from flows.model.messages import Incoming, IncomingKind

MOST_FILES = 20
"""Files of one message that are kept: more than a phone sends at once."""


def read_event(raw: bytes, oa_id: str, clock: Clock) -> Arrived | None:
    """Parse one event; None when it concerns no person, or another account. Raises NotReadable, NotKnown."""
    try:
        event = parse(raw)
    except NotReadable:
        if is_group(name_of(raw)[1]) or not is_sent(named(raw)):
            return None
        raise
    kind = _kind(event, oa_id) if event.account in ("", oa_id) else None
    if kind is None:
        return None
    address = address_of(event)
    if not address and event.event_name in HAPPENED:
        raise NotKnown("call" if kind == "call_missed" else "event")
    if not address:
        raise NotReadable("no sender")
    return Arrived(address, _incoming(event, kind, clock))


def _incoming(event: Event, kind: IncomingKind, clock: Clock) -> Incoming:
    at = instant(event.seconds, clock)
    if kind == "reaction":
        return Incoming(kind, at, text=reaction(str(event.message.react_icon)))
    if kind == "staff_spoke" or event.event_name in HAPPENED:
        return Incoming(kind, at)
    text, media = _content(event, kind)
    card = clean(_card(event)) if kind == "text" else ""
    return Incoming(kind, at, text=clean(text), media=clean(media), message_id=clean(event.message.id), card=card)


def _kind(event: Event, oa_id: str) -> IncomingKind | None:
    name = event.event_name
    if event.by_account:
        person = bool(event.sender.admin_id) and name.startswith("oa_send_") and not event.of_group
        return "staff_spoke" if person else None
    if event.of_group:
        return None  # the Official Account's groups bind no chat yet, and a group is nobody to answer
    if str(event.sender.id) == oa_id and name.startswith(SENDS):
        return None
    kind = kind_of(name)
    return "call_answered" if kind == "call_missed" and event.talked else kind


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
    addresses = _addresses(event.message.attachments)
    if kind == "text":
        return " ".join(
            part for part in (text, *addresses.split("\n")) if part and (part == text or part not in text)
        ), ""
    return text, addresses


def _addresses(attachments: Sequence[Attachment]) -> str:
    """Write where each file of a message is, one a line and each once: an album comes as one event."""
    found = (str(one.get("url") or "").replace("\n", "") for one in attachments[:MOST_FILES])
    return "\n".join(dict.fromkeys(filter(None, found)))


def _card(event: Event) -> str:
    """What Zalo says of the pages she shared, a line each: its title and its description, where it tells them."""
    links = [one for one in event.message.attachments[:MOST_FILES] if one.type == "link"]
    parts = [part for link in links for part in (link.get("title"), link.get("description"))]
    return "\n".join(part.strip() for part in parts if isinstance(part, str) and part.strip())


def _position(attachment: Attachment) -> str:
    """Write the position; Zalo sends its numbers as texts."""
    point = attachment.get("coordinates")
    if not isinstance(point, dict):
        return ""
    try:
        return geo(float(point.get("latitude", "")), float(point.get("longitude", "")))
    except (TypeError, ValueError):
        return ""
