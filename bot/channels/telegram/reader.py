"""Read Telegram updates: fast for a private text or press, through PTB's objects for everything else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
from telegram import Message, Update

from bot.channels.base import Arrived, EventKey, NotKnown
from bot.channels.telegram.event_kinds import is_from_person, is_heard
from bot.channels.telegram.updates import ChatFields, Membership, Origin, PlainUpdate, Press, SentMessage
from bot.channels.telegram.words import answered, with_addresses
from bot.parsing import UNREADABLE, Clock, NotReadable, clean, geo, instant, loose, typed
from flows.model.messages import Incoming, IncomingKind
from flows.text.invitation_codes import lone_code

_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,30})[\s,}]')
_GROUPS = ("group", "supergroup")
_CHAT_ID = re.compile(rb'"chat"\s*:\s*\{\s*"id"\s*:\s*(-?\d{1,19})[\s,}]')


_plain = msgspec.json.Decoder(PlainUpdate)


def event_key(raw: bytes) -> EventKey:
    """Name an update and its chat; a stranger's bytes get a digest for a name and, if unsure, no chat."""
    try:
        update = _plain.decode(raw)
    except UNREADABLE:
        return _key_by_eye(raw)
    chat = _chat_of(update)
    return _key(str(update.update_id), str(chat) if chat is not None else _only_chat(raw))


def _chat_of(update: PlainUpdate) -> int | None:
    message = update.message or update.edited_message
    if message is not None:
        return message.chat.id
    if update.callback_query is not None:
        press = update.callback_query
        return press.message.chat.id if press.message is not None else press.sender.id or None
    return update.my_chat_member.chat.id if update.my_chat_member is not None else None


def _key_by_eye(raw: bytes) -> EventKey:
    found = _UPDATE_ID.search(raw)
    event = found.group(1).decode() if found else hashlib.sha256(raw).hexdigest()
    return _key(event, _only_chat(raw))


def _key(event: str, chat: str) -> EventKey:
    """Name an event; the ids of groups are negative numbers."""
    return EventKey(event, chat, group=chat.startswith("-"))


def _only_chat(raw: bytes) -> str:
    """The chat an unreadable update names, if only one. Typed text cannot forge it: quotes are escaped."""
    chats = set(_CHAT_ID.findall(raw))
    return chats.pop().decode() if len(chats) == 1 else ""


def press_id(raw: bytes) -> str | None:
    """The id to acknowledge when the update is the press of a button."""
    try:
        query = _plain.decode(raw).callback_query
    except UNREADABLE:
        return None
    return query.id if query is not None else None


def read_update(raw: bytes, clock: Clock, own: int = 0) -> Arrived | None:
    """Parse one update; None when it concerns nobody. `own` is the bot's id. Raises NotReadable, NotKnown.

    Of a group nothing is read but an invitation code that stands alone, that its chat has moved, and that we were put
    out or may not write; nobody is answered there.
    """
    try:
        return _read(raw, clock, own)
    except (NotReadable, NotKnown):
        if event_key(raw).group:
            return None
        raise


def _read(raw: bytes, clock: Clock, own: int) -> Arrived | None:
    try:
        update = typed(raw, _plain, PlainUpdate)
    except NotReadable:
        return _by_object(raw, clock, own)
    message = update.message
    if message is not None and message.chat.type in _GROUPS:
        return _moved(message, clock) or _code(str(message.chat.id), message.text, instant(message.date, clock))
    if message is not None and _private(message.chat):
        if message.text is not None:
            return _text(message, clock, own)
    elif update.callback_query is not None:
        return _press(update.callback_query, clock)
    elif update.edited_message is not None:
        return _edit(update.edited_message, clock)
    elif update.my_chat_member is not None:
        return _membership(update.my_chat_member, clock)
    return _by_object(raw, clock, own)


def _private(chat: ChatFields) -> bool:
    return chat.type == "private"


def _moved(message: SentMessage, clock: Clock) -> Arrived | None:
    """That a group has another id from now on, as both of its chats say, each from its side.

    Source: core.telegram.org/bots/api#message, `migrate_to_chat_id` and `migrate_from_chat_id` (Bot API 10.3, 2026-08).
    """
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    if old == new:
        return None
    return Arrived(str(old), Incoming("group_moved", instant(message.date, clock), text=str(new)))


def _code(address: str, text: str | None, at: datetime) -> Arrived | None:
    """What a group wrote, if it is an invitation code; who wrote it does not matter, the code is the key."""
    code = lone_code(text or "")
    return Arrived(address, Incoming("group", at, text=code)) if code else None


def _text(message: SentMessage, clock: Clock, own: int) -> Arrived | None:
    if message.sender is not None and message.sender.is_bot:
        return None
    at = instant(message.date, clock)
    words, number = message.words(), str(message.message_id)
    kind: IncomingKind = "own_card" if _is_ours(message.forward_origin, own) else "text"
    answers = message.answers()
    incoming = Incoming(kind, at, text=words, message_id=number, answers=answers)
    return Arrived(str(message.chat.id), incoming, _topic(message))


def _topic(message: SentMessage | Message) -> str:
    """The topic of her chat in which a message stands, "" for none: answers without its number stand elsewhere.

    Source: core.telegram.org/bots/api#message, `message_thread_id`: topics of private chats (Bot API 9.3, 2025-12).
    """
    thread = message.message_thread_id
    return str(thread) if message.is_topic_message and isinstance(thread, int) and thread > 0 else ""


def _is_ours(origin: Origin | None, own: int) -> bool:
    """Say whether a message that was passed on is one of ours."""
    return origin is not None and origin.sender_user is not None and bool(own) and origin.sender_user.id == own


def _edit(message: SentMessage, clock: Clock) -> Arrived | None:
    """Read the new words of a private message; a place that moves, and all else that can change, is nothing."""
    wordless = message.text is None and message.caption is None
    by_bot = message.sender is not None and message.sender.is_bot
    if wordless or by_bot or not _private(message.chat):
        return None
    at = instant(message.edit_date or message.date, clock)
    incoming = Incoming("edit", at, message.words(), message_id=str(message.message_id), answers=message.answers())
    return Arrived(str(message.chat.id), incoming, _topic(message))


def _press(press: Press, clock: Clock) -> Arrived | None:
    if press.message is not None and not _private(press.message.chat):
        return None
    if press.message is None and not press.sender.id:
        raise NotReadable("a press of nobody")
    message_id = str(press.message.message_id) if press.message is not None else ""
    address = str(press.message.chat.id if press.message is not None else press.sender.id)
    data = clean(press.data or "")
    topic = _topic(press.message) if press.message is not None else ""
    label = press.message.label(data) if press.message is not None and data else ""
    incoming = Incoming("press" if data else "other", clock(), label, press=data, message_id=message_id)
    return Arrived(address, incoming, topic)


def _by_object(raw: bytes, clock: Clock, own: int) -> Arrived | None:
    """Let python-telegram-bot build its `Update`; what it cannot build is not readable."""
    data = loose(raw)
    if not isinstance(data, dict):
        raise NotReadable("not an update")
    if "my_chat_member" in data:  # a damaged report about her is no word of hers
        raise NotKnown("event")
    if not is_heard(data) or "edited_message" in data or not is_from_person(_fields(data)):
        return None
    return _built(data, clock, own)


def _fields(data: dict[str, object]) -> dict[str, object]:
    """What a message is made of; nothing where there is none, or none that is one."""
    message = data.get("message")
    return message if isinstance(message, dict) else {}


def _built(data: dict[str, object], clock: Clock, own: int) -> Arrived | None:
    try:
        return _of_object(Update.de_json(data, None), _fields(data), clock, own)
    except Exception:  # PTB raises KeyError, TypeError, AttributeError … here; all mean the same
        raise NotReadable("not an update") from None


def _of_object(update: Update, fields: Mapping[str, object], clock: Clock, own: int) -> Arrived | None:
    message = update.message
    if message is None:
        return None
    address, at = _number(message.chat.id), instant(message.date.timestamp(), clock)
    if message.chat.type != "private":
        return _code(address, message.text, at) if message.chat.type in _GROUPS else None
    if message.from_user is not None and message.from_user.is_bot:
        return None
    kind, media, words = _content(message)
    if own and getattr(getattr(message.forward_origin, "sender_user", None), "id", 0) == own:
        kind, media = "own_card", ""
    number = _number(message.message_id)
    words = with_addresses(words, fields)
    answers = clean(answered(fields))
    album = clean(message.media_group_id or "")
    incoming = Incoming(kind, at, clean(words), "", clean(media), number, answers, album=album)
    return Arrived(address, incoming, _topic(message))


def _number(value: object) -> str:
    """Write an id as Telegram sends it; a text that looks like one is not."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotReadable("an id that is not a number")
    return str(value)


def _membership(change: Membership, clock: Clock) -> Arrived | None:
    """Read what became of us in a chat. Source: core.telegram.org/bots/api#chatmember, Bot API 10.3 (2026-08)."""
    at, standing = instant(change.date, clock), change.new_chat_member
    if change.chat.type in _GROUPS:
        told: IncomingKind = "group_left" if standing.is_out else "group_muted"
        heard = standing.is_out or standing.is_muted
        return Arrived(str(change.chat.id), Incoming(told, at)) if heard else None
    if change.chat.type != "private":
        return None
    kinds: dict[str, IncomingKind] = {"kicked": "blocked", "member": "unblocked"}
    return Arrived(str(change.chat.id), Incoming(kinds.get(standing.status, "receipt"), at))


_FILES: tuple[tuple[str, IncomingKind], ...] = (
    ("voice", "voice"),
    ("audio", "voice"),
    ("video_note", "file"),
    ("video", "file"),
    ("animation", "image"),
    ("document", "file"),
    ("sticker", "sticker"),
)


def _content(message: Message) -> tuple[IncomingKind, str, str]:
    """Say what a private message holds: kind, the channel's reference to it, the words beside it."""
    words = message.text or message.caption or ""
    for name, kind in _FILES:
        if file := getattr(message, name):
            return kind, str(file.file_id), words
    if sizes := message.photo or (message.live_photo and message.live_photo.photo):
        return "image", str(sizes[-1].file_id), words
    if place := message.location or (message.venue and message.venue.location):
        return "location", geo(place.latitude, place.longitude), words
    if message.contact is not None:
        return "contact", _own_number(message), words
    return ("text", "", words) if words else ("other", "", "")


def _own_number(message: Message) -> str:
    """Her own number when she shares it; the number of anyone else is not ours to keep."""
    contact, sender = message.contact, message.from_user
    if contact is None or sender is None or contact.user_id != sender.id:
        return ""
    return f"tel:{contact.phone_number}"
