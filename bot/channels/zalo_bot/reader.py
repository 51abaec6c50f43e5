"""Read updates of a Zalo bot into the words of a conversation."""

from __future__ import annotations

from bot.channels.base import Arrived, NotKnown
from bot.parsing import Clock, NotReadable, clean, instant
from bot.zalo_sdk.addresses import is_group
from bot.zalo_sdk.bot_updates import BotMessage, address_of, named, parse
from flows.model.messages import Incoming, IncomingKind

MOST_FILES = 20
"""Files of one message that are kept: more than a phone sends at once."""
_KINDS: dict[str, IncomingKind] = {
    "text": "text",
    "image": "image",
    "photo": "image",
    "sticker": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video": "file",
    "file": "file",
}
_HAPPENED: dict[str, IncomingKind] = {
    "user.follow": "follow",
    "follow": "follow",
    "user.unfollow": "unfollow",
    "unfollow": "unfollow",
}
"""Seen in one PHP client only; nothing may depend on their coming."""

_NOT_SENT = frozenset({"reaction", "seen", "delivered", "typing", "recalled", "call"})
"""Words in the place of a kind that would be no message of hers; none of them is documented."""


def read_update(raw: bytes, clock: Clock) -> Arrived | None:
    """Parse one update; None when a bot, this one included, is speaking. Raises NotReadable, NotKnown."""
    try:
        update = parse(raw)
    except NotReadable:
        if not _is_sent(named(raw)):
            raise NotKnown("event") from None
        raise
    message = update.message or BotMessage()
    if message.by_bot:
        return None
    address = address_of(update)
    if not address:
        raise NotReadable("no sender")
    at = instant(message.seconds, clock)
    if is_group(address):
        return Arrived(address, Incoming("group", at))
    if update.name in _HAPPENED:
        return Arrived(address, Incoming(_HAPPENED[update.name], at))
    if not _is_sent(update.name):
        raise NotKnown("event")
    kind, media, words = _content(update.name, message)
    number = clean(message.number)
    return Arrived(address, Incoming(kind, at, text=clean(words), media=clean(media), message_id=number))


def _is_sent(name: str) -> bool:
    """Say whether a name is that of something she sent; what has no name is taken for that."""
    middle = _middle(name)
    return not name or (bool(middle) and middle not in _NOT_SENT)


def _content(event_name: str, message: BotMessage) -> tuple[IncomingKind, str, str]:
    """Say what a message holds: kind, Zalo's reference to it, the words beside it.

    `message.unsupported.received` holds nothing; an event nobody has seen yet is a text when there is one in it.
    """
    words = message.text or message.caption or ""
    kind = _KINDS.get(_middle(event_name)) or _by_content(message)
    if kind == "image":
        return kind, _first(message.photo_url, message.photo, message.url), words
    if kind == "voice":
        return kind, _first(message.voice_url, message.voice, message.url), words
    if kind == "sticker":
        return kind, _first(message.sticker, message.url), words
    if kind == "file":
        return kind, _first(message.url), words
    return ("text", "", words) if words else ("other", "", "")


def _middle(event_name: str) -> str:
    """Return the kind in `message.<kind>.received`."""
    parts = event_name.lower().split(".")
    return parts[1] if len(parts) == 3 and (parts[0], parts[2]) == ("message", "received") else ""


def _by_content(message: BotMessage) -> IncomingKind:
    if _first(message.photo_url, message.photo):
        return "image"
    if _first(message.voice_url, message.voice):
        return "voice"
    return "sticker" if _first(message.sticker) else "text"


def _first(*candidates: object) -> str:
    """Return the first reference that is one, an address or an id; of a list all of them, one a line and each once."""
    for candidate in candidates:
        several = candidate[:MOST_FILES] if isinstance(candidate, list) else [candidate]
        if found := "\n".join(dict.fromkeys(filter(None, map(_reference, several)))):
            return found
    return ""


def _reference(candidate: object) -> str:
    if isinstance(candidate, dict):
        candidate = candidate.get("url") or candidate.get("id")
    known = isinstance(candidate, str | int) and not isinstance(candidate, bool) and candidate
    return str(candidate).replace("\n", "") if known else ""
