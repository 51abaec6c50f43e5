"""What a person does in her chat with a Zalo bot, and the updates it makes."""

from __future__ import annotations

from typing import Any

from simulator.core.phones import Media, Message, Phone
from simulator.core.sample_media import silent_aac, square_png
from simulator.zalo_bot.bot import ZaloBot


def write(bot: ZaloBot, phone: Phone, text: str, group: str = "") -> str:
    """Send a text, to the bot or in a group it is in; return its message id."""
    return _send(bot, phone, "text", {"text": text, "message_type": "CHAT_MESSAGE"}, text=text, group=group)


def speak(bot: ZaloBot, phone: Phone, base_url: str, data: bytes | None = None) -> str:
    """Send a voice message: these bytes, or a second of silence in AAC (ADTS, 16 kHz)."""
    media, url = _keep(bot, "voice", "voice.aac", data or silent_aac(), base_url)
    return _send(bot, phone, "voice", {"voice_url": url, "message_type": "CHAT_VOICE"}, media=media)


def show_picture(bot: ZaloBot, phone: Phone, base_url: str, data: bytes | None = None, caption: str = "") -> str:
    """Send a picture: these bytes, or one coloured square."""
    media, url = _keep(bot, "image", "photo.png", data or square_png(), base_url)
    name = "photo" if bot.conditions.documented_photo else "photo_url"
    content = {name: url, "caption": caption, "message_type": "CHAT_PHOTO"}
    return _send(bot, phone, "image", content, text=caption, media=media)


def share_place(bot: ZaloBot, phone: Phone, latitude: float, longitude: float) -> str:
    """Send a place: the bot hears that something came, and not what."""
    return _send(bot, phone, "unsupported", {}, media=Media("location", name=f"{latitude}, {longitude}"))


def stick(bot: ZaloBot, phone: Phone) -> str:
    """Send a sticker."""
    sticker = {"sticker": "bfe458bf64fa8da4d4eb", "url": "https://stickers.zaloapp.com/sticker.png"}
    return _send(bot, phone, "sticker", {**sticker, "message_type": "CHAT_STICKER"}, media=Media("sticker", name="🙂"))


def follow(bot: ZaloBot, phone: Phone) -> str:
    """Open the chat with the bot."""
    phone.follows = phone.reachable = True
    return _told(bot, phone, "follow")


def unfollow(bot: ZaloBot, phone: Phone) -> str:
    """Leave the chat; until she opens it or writes again nothing reaches her."""
    phone.follows = phone.reachable = False
    return _told(bot, phone, "unfollow")


def restrict(bot: ZaloBot, phone: Phone, *, blocked: bool) -> str:
    """Block the bot, or take its messages again; it is told nothing."""
    phone.blocked = blocked
    _said(bot, phone, "block" if blocked else "unblock")
    bot.environment.touch(phone)
    return ""


def _told(bot: ZaloBot, phone: Phone, what: str) -> str:
    _said(bot, phone, what)
    if bot.conditions.tells_follows:
        message = _frame(bot, phone, bot.environment.ids.word())
        bot.updates.put(phone.slug, {"event_name": f"user.{what}", "message": message})
    bot.environment.touch(phone)
    return ""


def _keep(bot: ZaloBot, kind: str, name: str, data: bytes, base_url: str) -> tuple[Media, str]:
    file = bot.environment.keep_file(kind, name, data)
    return Media(kind, file=file.id, name=name), f"{base_url}/__sim/media/{file.id}"


def _send(
    bot: ZaloBot,
    phone: Phone,
    event: str,
    content: dict[str, Any],
    text: str = "",
    media: Media | None = None,
    group: str = "",
) -> str:
    environment, number = bot.environment, bot.environment.ids.word()
    phone.last_interaction, phone.reachable, phone.blocked = environment.now(), True, False
    environment.show(phone, Message(number, "user", environment.now(), text, media=media))
    _said(bot, phone, event, text, number)
    body = _frame(bot, phone, number, group) | content
    bot.updates.put(phone.slug, {"event_name": f"message.{event}.received", "message": body})
    return number


def _frame(bot: ZaloBot, phone: Phone, number: str, group: str = "") -> dict[str, Any]:
    """Return what every message has: sender, chat, id and milliseconds."""
    sender = {"id": phone.address, "display_name": phone.name, "is_bot": False}
    chat = {"id": group or phone.address, "chat_type": "GROUP" if group else "PRIVATE"}
    at = int(bot.environment.now().timestamp() * 1000)
    return {"from": sender, "chat": chat, "message_id": number, "date": at}


def _said(bot: ZaloBot, phone: Phone, what: str, text: str = "", number: str = "") -> None:
    bot.environment.log.add("said", "zalo_bot", user=phone.slug, text=text, status=what, message_id=number)
