"""Webhook events of an Official Account: every shape into one, unknown ones with their name and bytes kept.

Source: Zalo documentation as transcribed 2026-08, and the field code of chatwoot, goclaw and dify (2026).
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from bot.parsing import NotReadable, loose, typed
from bot.zalo_sdk.addresses import GROUP

Id = str | int


class OAParty(msgspec.Struct):
    """Someone in an event; `admin_id` is there when a person of the account wrote in its own chat window."""

    id: Id = ""
    admin_id: Id = ""


class Attachment(msgspec.Struct):
    """Something beside the text; what `payload` holds depends on `type`."""

    type: str = ""
    payload: object = None

    def get(self, name: str) -> object:
        """One field of the payload, None when it has none such."""
        return self.payload.get(name) if isinstance(self.payload, dict) else None


class OAMessage(msgspec.Struct):
    """The message of an event; its id goes by three names."""

    text: str | None = None
    msg_id: Id = ""
    message_id: Id = ""
    mid: Id = ""
    msg_ids: list[Id] = msgspec.field(default_factory=list)
    conversation_id: Id = ""
    attachments: list[Attachment] = msgspec.field(default_factory=list)
    react_icon: object = ""

    @property
    def id(self) -> str:
        """The id, or the first of several."""
        return str(self.msg_id or self.message_id or self.mid or (self.msg_ids[0] if self.msg_ids else ""))


class Event(msgspec.Struct):
    """One event as sent. `timestamp` is in milliseconds, a text or a number."""

    event_name: str
    sender: OAParty = msgspec.field(default_factory=OAParty)
    recipient: OAParty = msgspec.field(default_factory=OAParty)
    follower: OAParty = msgspec.field(default_factory=OAParty)
    message: OAMessage = msgspec.field(default_factory=OAMessage)
    oa_id: Id = ""
    user_id: Id = ""
    group_id: Id = ""
    app_id: Id = ""
    timestamp: str | float = ""
    talk_time: object = 0

    @property
    def of_group(self) -> bool:
        """Whether it happened in a group."""
        return "_group" in self.event_name or bool(self.group_id)

    @property
    def by_account(self) -> bool:
        """Whether the account itself acted: an echo of something sent."""
        return self.event_name.startswith("oa_")

    @property
    def account(self) -> str:
        """The Official Account concerned; "" when the event does not say."""
        if self.oa_id or self.of_group:
            return str(self.oa_id)
        return str(self.sender.id if self.by_account else self.recipient.id)

    @property
    def talked(self) -> bool:
        """Whether a call was answered: `talk_time`, in milliseconds, is more than nothing."""
        try:
            return float(str(self.talk_time or 0)) > 0
        except ValueError:
            return False

    @property
    def seconds(self) -> float:
        """Unix seconds; 0 when there is no time in it."""
        try:
            return float(self.timestamp) / 1000
        except ValueError:
            return 0.0


class _Name(msgspec.Struct):
    """The little that may be read before an event is on disk."""

    event_name: str
    sender: OAParty = msgspec.field(default_factory=OAParty)
    recipient: OAParty = msgspec.field(default_factory=OAParty)
    follower: OAParty = msgspec.field(default_factory=OAParty)
    message: _Ids = msgspec.field(default_factory=lambda: _Ids())
    oa_id: Id = ""
    user_id: Id = ""
    group_id: Id = ""


class _Ids(msgspec.Struct):
    msg_id: Id = ""
    message_id: Id = ""
    mid: Id = ""
    conversation_id: Id = ""


_event = msgspec.json.Decoder(Event)
_name = msgspec.json.Decoder(_Name)
_PLAIN_ID = re.compile(r"[\w-]{1,100}", re.ASCII)
_MESSAGES = ("user_send_", "anonymous_send_", "oa_send_", "user_received_")


def parse(raw: bytes) -> Event:
    """Read an event whole. Raises NotReadable."""
    return typed(raw, _event, Event)


def named(raw: bytes) -> str:
    """Read only which event it is; "" when even that cannot be read."""
    try:
        body = loose(raw)
    except NotReadable:
        return ""
    name = body.get("event_name") if isinstance(body, dict) else None
    return name if isinstance(name, str) else ""


def name_of(raw: bytes) -> tuple[str, str]:
    """Return the event's own id and its conversation, reading no text.

    What a person sends is named by its id, whatever its kind (the list of conversations knows other kinds), what the
    account sends by kind and id; anything else by the digest of its bytes, which repeated deliveries share. Never
    raises: what has no sender has no conversation.
    """
    try:
        event = typed(raw, _name, _Name)
    except NotReadable:
        return hashlib.sha256(raw).hexdigest(), _sender_of(raw)
    number = str(event.message.msg_id or event.message.message_id or event.message.mid)
    named = event.event_name.startswith(_MESSAGES) and _PLAIN_ID.fullmatch(number)
    hers = event.event_name.startswith("user_send_") and "_group" not in event.event_name
    name = "user_send_text" if hers else event.event_name
    unique = f"{name}:{number}" if named and len(event.event_name) < 80 else ""
    return unique or hashlib.sha256(raw).hexdigest(), address_of(event)


def _sender_of(raw: bytes) -> str:
    """Find who sent an event that is damaged elsewhere, so that she can at least be given the numbers."""
    try:
        body = loose(raw)
    except NotReadable:
        return ""
    if not isinstance(body, dict) or not isinstance(sender := body.get("sender"), dict):
        return ""
    name, message = str(body.get("event_name", "")), body.get("message")
    if name.startswith("anonymous_send_") and isinstance(message, dict):
        return _plain("anonymous:", sender.get("id", ""), message.get("conversation_id", ""))
    return _plain("", sender.get("id", "")) if name.startswith("user_send_") and "_group" not in name else ""


def address_of(event: Event | _Name) -> str:
    """Say whom an answer would go to: a user id, `group:<id>`, `anonymous:<id>:<conversation>`, or ""."""
    name = event.event_name
    if "_group" in name or event.group_id:
        return _plain(GROUP, event.group_id or event.recipient.id)
    if "anonymous" in name:
        person = event.recipient if name.startswith("oa_") else event.sender
        return _plain("anonymous:", person.id, event.message.conversation_id)
    if name.startswith("oa_"):
        return _plain("", event.recipient.id)
    return _plain("", event.follower.id or event.user_id or event.sender.id)


def plain_id(given: object) -> str:
    """An id of Zalo's as text; "" for what is none."""
    return _plain("", given) if isinstance(given, str | int) else ""


def _plain(kind: str, *ids: Id) -> str:
    """Join ids; a strange one makes no address at all."""
    texts = [str(i) for i in ids]
    return kind + ":".join(texts) if all(_PLAIN_ID.fullmatch(text) for text in texts) else ""
