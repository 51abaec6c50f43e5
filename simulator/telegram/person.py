"""What a person does on her Telegram phone, and the updates it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.core.ids import telegram_group
from simulator.core.phones import Choice, Media, Message, Phone
from simulator.core.sample_media import silent_ogg, square_png
from simulator.telegram.bot import TelegramBot
from simulator.telegram.methods_send import describe

RIGHTS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
)
"""What a restricted member may or may not do. Source: core.telegram.org/bots/api#chatmemberrestricted (2026-08)."""


class ImpossibleAction(Exception):
    """A person cannot do that now; the message says why and what she can do."""


def write(
    bot: TelegramBot,
    phone: Phone,
    text: str,
    group: Phone | None = None,
    *,
    topic: int = 0,
    link: str = "",
    to: str = "",
) -> str:
    """Send a text, to the bot (in a topic of its chat, if one is given) or in a group, and return its message id.

    `link` is an address behind the whole text, which shows nothing of it; `to` the id of a message that it answers.

    The bot is a member that hears everything said in a group, as an administrator or one without privacy mode does.
    """
    content: dict[str, Any] = {"text": text}
    if topic:
        phone.topics.add(topic)
        content |= {"message_thread_id": topic, "is_topic_message": True}
    if text.startswith("/"):
        length = len(text.split()[0].encode("utf-16-le", "surrogatepass")) // 2
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    content |= _answering(phone, to)
    if link:
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        content["entities"] = [{"type": "text_link", "offset": 0, "length": length, "url": link}]
    return _send(bot, phone, content, text=text, group=group)


def _answering(phone: Phone, to: str) -> dict[str, Any]:
    answered = phone.find(to) if to else None
    if answered is None:
        return {}
    return {"reply_to_message": {name: part for name, part in answered.raw.items() if name != "reply_to_message"}}


def edit(bot: TelegramBot, phone: Phone, message_id: str, text: str) -> str:
    """Change the words of a message of hers, which keeps its id and what it answers."""
    message = phone.find(message_id)
    if message is None or message.sender != "user" or "text" not in message.raw:
        raise ImpossibleAction(f"{phone.slug} has no text {message_id!r} to change")
    message.text = text
    message.raw |= {"text": text, "edit_date": int(bot.environment.now().timestamp())}
    bot.environment.log.add("said", "telegram", user=phone.slug, text=text, status="edit", message_id=message_id)
    bot.updates.put(phone.address, phone.slug, "edited_message", dict(message.raw))
    bot.environment.touch(phone)
    return message_id


def speak(bot: TelegramBot, phone: Phone, data: bytes | None = None) -> str:
    """Send a voice message: these bytes, or a second of silence in Ogg Opus."""
    return _send_file(bot, phone, "voice", "voice.ogg", data or silent_ogg())


def show_picture(bot: TelegramBot, phone: Phone, data: bytes | None = None, caption: str = "") -> str:
    """Send a picture: these bytes, or one coloured square."""
    return _send_file(bot, phone, "photo", "photo.png", data or square_png(), caption)


def show_album(bot: TelegramBot, phone: Phone, count: int, caption: str = "") -> str:
    """Send several pictures at once: a message each, of one group; the words stand below the first.

    Source: core.telegram.org/bots/api#message, `media_group_id` (Bot API 10.3, 2026-08).
    """
    group = {"media_group_id": str(bot.environment.ids.number())}
    numbers = [
        _send_file(bot, phone, "photo", f"photo{n}.png", square_png(), caption if n == 0 else "", group)
        for n in range(count)
    ]
    return numbers[0]


def send_document(bot: TelegramBot, phone: Phone, data: bytes, name: str) -> str:
    """Send a file under a name."""
    return _send_file(bot, phone, "document", name, data)


def share_place(bot: TelegramBot, phone: Phone, latitude: float, longitude: float) -> str:
    """Send a place."""
    place = {"latitude": latitude, "longitude": longitude}
    return _send(bot, phone, {"location": place}, media=Media("location", name=f"{latitude}, {longitude}"))


def stick(bot: TelegramBot, phone: Phone, to: str = "") -> str:
    """Send a sticker; `to` is the id of a message that it answers."""
    file = bot.environment.keep_file("sticker", "sticker.webp", b"RIFF")
    head = {"file_id": file.id, "file_unique_id": file.id[:16], "file_size": len(file.data)}
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    content = {"sticker": head | shape | {"emoji": "🙂"}} | _answering(phone, to)
    return _send(bot, phone, content, media=Media("sticker", name="🙂"))


def press(bot: TelegramBot, phone: Phone, message: Message, choice: Choice) -> str:
    """Press a button; a link opens and tells nobody, a reply button is typed, the rest is a callback query."""
    if choice.url:
        return ""
    if not choice.data:
        return write(bot, phone, choice.label)
    query = str(bot.environment.ids.number()) + bot.environment.ids.word(8)
    bot.presses[query] = phone.slug
    body = {"id": query, "from": bot.person(phone), "message": message.raw, "chat_instance": phone.address}
    _touched(bot, phone)
    bot.environment.log.add("said", "telegram", user=phone.slug, text=choice.label, status="press", message_id=query)
    bot.updates.put(phone.address, phone.slug, "callback_query", body | {"data": choice.data})
    return query


def start(bot: TelegramBot, phone: Phone) -> str:
    """Press Start: unblock the bot if need be and send /start."""
    phone.follows = True
    if phone.blocked:
        unblock(bot, phone)
    return write(bot, phone, "/start")


def block(bot: TelegramBot, phone: Phone) -> str:
    """Block the bot; it learns of it as a change of membership."""
    return _membership(bot, phone, blocked=True)


def unblock(bot: TelegramBot, phone: Phone) -> str:
    """Unblock the bot."""
    return _membership(bot, phone, blocked=False)


def remove(bot: TelegramBot, group: Phone, member: Phone) -> str:
    """Throw the bot out of a group; it learns of it as a change of membership."""
    return _membership(bot, group, blocked=True, by=member)


def mute(bot: TelegramBot, group: Phone, member: Phone) -> str:
    """Forbid the bot to write in a group of which it stays a member; it learns of it as a change of membership."""
    group.muted = True
    rights = dict.fromkeys(RIGHTS, False)
    new = {"user": bot.me(), "status": "restricted", "is_member": True, "until_date": 0, **rights}
    body = {"chat": bot.chat(group), "from": bot.person(member), "date": int(bot.environment.now().timestamp())}
    old = {"user": bot.me(), "status": "member"}
    bot.environment.log.add("said", "telegram", user=group.slug, status="mute")
    bot.updates.put(
        group.address, group.slug, "my_chat_member", body | {"old_chat_member": old, "new_chat_member": new}
    )
    bot.environment.touch(group)
    return ""


def upgrade(bot: TelegramBot, group: Phone, member: Phone) -> str:
    """Make a group a supergroup: it has another id from now on, and each of its two chats says so.

    Source: core.telegram.org/bots/api#message, `migrate_to_chat_id` and `migrate_from_chat_id` (Bot API 10.3, 2026-08).
    """
    old = bot.chat(group) | {"type": "group"}
    bot.environment.phones.move(group, str(telegram_group(f"{group.slug} {group.address}")))
    new = bot.chat(group)
    head = {"from": bot.person(member), "date": int(bot.environment.now().timestamp())}
    for chat, told in ((old, {"migrate_to_chat_id": new["id"]}), (new, {"migrate_from_chat_id": old["id"]})):
        message = {"message_id": bot.environment.ids.number(), **head, "chat": chat, **told}
        bot.updates.put(str(chat["id"]), group.slug, "message", message)
    bot.environment.touch(group)
    return ""


def _membership(bot: TelegramBot, phone: Phone, *, blocked: bool, by: Phone | None = None) -> str:
    if phone.blocked == blocked:
        return ""
    phone.blocked = blocked
    states = [{"user": bot.me(), "status": "member"}, {"user": bot.me(), "status": "kicked", "until_date": 0}]
    old, new = states if blocked else reversed(states)
    body = {"chat": bot.chat(phone), "from": bot.person(by or phone), "date": int(bot.environment.now().timestamp())}
    bot.environment.log.add("said", "telegram", user=phone.slug, status="block" if blocked else "unblock")
    bot.updates.put(
        phone.address, phone.slug, "my_chat_member", body | {"old_chat_member": old, "new_chat_member": new}
    )
    bot.environment.touch(phone)
    return ""


def _send_file(
    bot: TelegramBot,
    phone: Phone,
    kind: str,
    name: str,
    data: bytes,
    caption: str = "",
    beside: Mapping[str, Any] | None = None,
) -> str:
    file = bot.environment.keep_file(kind, name, data)
    content = {kind: describe(kind, file), **(beside or {})} | ({"caption": caption} if caption else {})
    return _send(bot, phone, content, text=caption, media=Media(kind, file=file.id, name=name))


def _send(
    bot: TelegramBot,
    phone: Phone,
    content: dict[str, Any],
    text: str = "",
    media: Media | None = None,
    group: Phone | None = None,
) -> str:
    chat = group or phone
    if chat.blocked:
        raise ImpossibleAction(f"{phone.slug} has blocked the bot; unblock it first")
    environment, number = bot.environment, bot.environment.ids.number()
    raw = {"message_id": number, "from": bot.person(phone), "chat": bot.chat(chat)}
    raw |= {"date": int(environment.now().timestamp()), **content}
    _touched(bot, chat)
    environment.show(chat, Message(str(number), "user", environment.now(), text, media=media, raw=raw))
    status = media.kind if media else "text"
    environment.log.add("said", "telegram", user=phone.slug, text=text, status=status, message_id=str(number))
    bot.updates.put(chat.address, chat.slug, "message", raw)
    return str(number)


def _touched(bot: TelegramBot, phone: Phone) -> None:
    phone.last_interaction = bot.environment.now()
