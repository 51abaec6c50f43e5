"""Updates of the Zalo Bot Platform: every shape that was documented or seen, into one.

A body is the update itself (captured traffic, 2026-09) or the envelope around it (documentation). Names of people
(`display_name`, `name`, `first_name`) are never read; a null is taken as nothing.
Source: transcriptions of Zalo's documentation and traffic captured by others, 2025-12 to 2026-10.
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from bot.parsing import NotReadable, loose, typed
from bot.zalo_sdk.addresses import GROUP

Id = str | int | None


class BotParty(msgspec.Struct):
    """Somebody in an update."""

    id: Id = ""
    is_bot: bool | None = None


class Chat(msgspec.Struct):
    """Where it was said; `chat_type` PRIVATE or GROUP, in any case."""

    id: Id = ""
    chat_type: str | None = None


class Ids(msgspec.Struct):
    """The part of a message that says where it belongs, and no word of it."""

    message_id: Id = ""
    chat: Chat | None = None
    sender: BotParty | None = msgspec.field(default=None, name="from")

    @property
    def number(self) -> str:
        """The id of the message, "" when it has none."""
        return str(self.message_id or "")

    @property
    def by_bot(self) -> bool:
        """Whether a bot wrote it."""
        return self.sender is not None and bool(self.sender.is_bot)


class BotMessage(Ids):
    """A message. Pictures come as `photo_url` (seen) or `photo` (documented); `date` in milliseconds, or not at all."""

    date: float | str | None = None
    text: str | None = None
    caption: str | None = None
    photo_url: object = None
    photo: object = None
    voice_url: object = None
    voice: object = None
    sticker: object = None
    url: object = None
    message_type: object = None

    @property
    def seconds(self) -> float:
        """Unix seconds; 0 when there is no time in it."""
        try:
            return float(self.date or 0) / 1000
        except ValueError:
            return 0.0


class Named(msgspec.Struct):
    """An update as far as it may be read before it is on the disk."""

    event_name: str | None = None
    message: Ids | None = None
    user: BotParty | None = None
    follower: BotParty | None = None
    sender: BotParty | None = None

    @property
    def name(self) -> str:
        """What happened, "" when it does not say."""
        return self.event_name or ""


class Update(Named):
    """An update with its words."""

    message: BotMessage | None = None


class _NamedEnvelope(Named):
    result: Named | None = None


class _UpdateEnvelope(Update):
    result: Update | None = None


_named = msgspec.json.Decoder(_NamedEnvelope)
_update = msgspec.json.Decoder(_UpdateEnvelope)
_PLAIN_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


def parse(raw: bytes) -> Update:
    """Read an update whole, wrapped or bare. Raises NotReadable."""
    found = typed(raw, _update, _UpdateEnvelope)
    return found.result if found.result is not None and not found.event_name else found


def named(raw: bytes) -> str:
    """Read only what happened, wrapped or bare; "" when even that cannot be read."""
    try:
        body = loose(raw)
    except NotReadable:
        return ""
    for _ in range(2):
        if isinstance(body, dict) and isinstance(body.get("event_name"), str):
            return str(body["event_name"])
        body = body.get("result") if isinstance(body, dict) else None
    return ""


def name_of(raw: bytes) -> tuple[str, str]:
    """Return the update's own name and its conversation, reading no text.

    The same message has the same name, wrapped or bare; what has no message is named by the digest of its bytes.
    Never raises: what has no sender has no conversation.
    """
    try:
        found = typed(raw, _named, _NamedEnvelope)
    except NotReadable:
        return hashlib.sha256(raw).hexdigest(), _sender_of(raw)
    update = found.result if found.result is not None and not found.event_name else found
    number = update.message.number if update.message is not None else ""
    plain = _PLAIN_ID.fullmatch(number) and len(update.name) < 80
    return f"{update.name}:{number}" if plain else hashlib.sha256(raw).hexdigest(), address_of(update)


def address_of(update: Named) -> str:
    """Say where an answer would go: a chat id, `group:<chat id>`, or ""."""
    speaker = update.message.sender if update.message is not None else None
    chat = update.message.chat if update.message is not None else None
    if chat is not None and (chat.id or chat.chat_type):
        private = is_private(chat, speaker)
        return _plain("" if private else GROUP, chat.id or (speaker.id if private and speaker is not None else None))
    parties = (speaker, update.user, update.follower, update.sender)
    return _plain("", next((party.id for party in parties if party is not None and party.id), None))


def is_private(chat: Chat, sender: BotParty | None) -> bool:
    """Say whether only she reads it. A chat that does not say is hers only if it bears her own id."""
    kind = (chat.chat_type or "").strip().upper()
    return kind == "PRIVATE" or (not kind and sender is not None and str(chat.id) == str(sender.id))


def _plain(kind: str, number: Id) -> str:
    """Write an address; a strange id makes none at all."""
    text = str(number or "")
    return kind + text if _PLAIN_ID.fullmatch(text) else ""


def _sender_of(raw: bytes) -> str:
    """Find who sent an update that is damaged elsewhere, so that she can at least be given the numbers.

    Only a chat that says it is private, or is named like its sender, is answered: nothing goes to a group by mistake.
    """
    try:
        message = _message_in(loose(raw))
        chat = msgspec.convert(message.get("chat") or {}, Chat)
        sender = msgspec.convert(message.get("from") or {}, BotParty)
    except (NotReadable, msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    return _plain("", chat.id) if chat.id and is_private(chat, sender) and not sender.is_bot else ""


def _message_in(body: object) -> dict[str, object]:
    """Return the message of a loosely read body, wrapped or bare; an empty one when it has none."""
    for _ in range(2):
        if isinstance(body, dict) and isinstance(body.get("message"), dict):
            found: dict[str, object] = body["message"]
            return found
        body = body.get("result") if isinstance(body, dict) else None
    return {}
