"""Updates of the Bot API as structs: what is read without building the library's objects."""

from __future__ import annotations

import msgspec

from bot.channels.telegram.words import answered, with_addresses
from bot.parsing import clean


class ChatFields(msgspec.Struct):
    """Where something happened."""

    id: int
    type: str = ""


class SentMessage(msgspec.Struct):
    """A message as far as it is read of every private text, edit and press."""

    chat: ChatFields
    message_id: int = 0
    date: float = 0
    edit_date: float = 0
    message_thread_id: int = 0
    is_topic_message: bool = False
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0
    text: str | None = None
    caption: str | None = None
    sender: Writer | None = msgspec.field(default=None, name="from")
    forward_origin: Origin | None = None
    entities: object = None
    caption_entities: object = None
    link_preview_options: object = None
    reply_to_message: object = None
    quote: object = None
    reply_markup: object = None

    def words(self) -> str:
        """What she typed, with the addresses behind it."""
        parts = {
            "entities": self.entities,
            "caption_entities": self.caption_entities,
            "link_preview_options": self.link_preview_options,
        }
        return clean(with_addresses((self.text if self.text is not None else self.caption) or "", parts))

    def answers(self) -> str:
        """What she replied to."""
        return clean(answered({"reply_to_message": self.reply_to_message, "quote": self.quote}))

    def label(self, data: str) -> str:
        """What stands on the button of this message that sends `data`; "" where it has none."""
        rows = self.reply_markup.get("inline_keyboard") if isinstance(self.reply_markup, dict) else None
        buttons = [one for row in rows if isinstance(row, list) for one in row] if isinstance(rows, list) else []
        sends = (one for one in buttons if isinstance(one, dict) and one.get("callback_data") == data)
        found = next((one.get("text") for one in sends), "")
        return clean(found) if isinstance(found, str) else ""


class Writer(msgspec.Struct):
    id: int = 0
    is_bot: bool = False


class Origin(msgspec.Struct):
    """Who wrote first what was passed on, where the Bot API tells."""

    sender_user: Writer | None = None


class Press(msgspec.Struct):
    id: str
    sender: Writer = msgspec.field(name="from")
    data: str | None = None
    message: SentMessage | None = None


class Standing(msgspec.Struct):
    """What somebody is in a chat now; who is restricted may be a member or not."""

    status: str
    is_member: bool = True
    can_send_messages: bool = True

    @property
    def is_out(self) -> bool:
        """Whether they are not there any more."""
        return self.status in ("left", "kicked") or (self.status == "restricted" and not self.is_member)

    @property
    def is_muted(self) -> bool:
        """Whether they are there and may not write."""
        return self.status == "restricted" and not self.can_send_messages


class Membership(msgspec.Struct):
    """A change of our own standing. Read here: the library takes none that lacks a single right it knows of."""

    chat: ChatFields
    new_chat_member: Standing
    date: float = 0


class PlainUpdate(msgspec.Struct):
    """The parts of an update that the fast path knows."""

    update_id: int
    message: SentMessage | None = None
    edited_message: SentMessage | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None
