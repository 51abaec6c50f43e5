"""The calls that put something on a phone: text, picture, voice, sound, document, a contact."""

from __future__ import annotations

from typing import Any

from simulator.core.errors import TelegramRefused, bad_request
from simulator.core.files import StoredFile
from simulator.core.parameters import Parameters, Upload
from simulator.core.phones import Media
from simulator.telegram.bot import TelegramBot
from simulator.telegram.messages import checked_caption, checked_text, deliver

UPLOAD_LIMIT = 50 * 1024 * 1024  # bytes; photos 10 MB. Source: core.telegram.org/bots/api#sending-files
PHOTO_LIMIT = 10 * 1024 * 1024
_EXTENSIONS = {"photo": ".jpg", "voice": ".ogg", "audio": ".mp3", "document": ".bin"}


def send_message(bot: TelegramBot, p: Parameters) -> Any:
    """Send a text of 1–4096 characters."""
    text = checked_text(p)
    return deliver(bot, bot.reach(p), p, text=text, content={"text": text})


def send_photo(bot: TelegramBot, p: Parameters) -> Any:
    """Send a picture."""
    return _send_file(bot, p, "photo")


def send_voice(bot: TelegramBot, p: Parameters) -> Any:
    """Send a voice message."""
    return _send_file(bot, p, "voice")


def send_audio(bot: TelegramBot, p: Parameters) -> Any:
    """Send a sound for the music player."""
    return _send_file(bot, p, "audio")


def send_document(bot: TelegramBot, p: Parameters) -> Any:
    """Send any file."""
    return _send_file(bot, p, "document")


def send_contact(bot: TelegramBot, p: Parameters) -> Any:
    """Send a card with a number to tap."""
    number, name = p.text("phone_number"), p.text("first_name")
    if not number:
        raise bad_request("PHONE_NUMBER_INVALID")
    if not name:
        raise bad_request("there is no first_name in the request")
    contact = {"phone_number": number, "first_name": name}
    return deliver(bot, bot.reach(p), p, text=f"{name}\n{number}", content={"contact": contact})


def send_chat_action(bot: TelegramBot, p: Parameters) -> Any:
    """Show that the bot is typing; nothing stays on the phone."""
    bot.reach(p)
    return True


def _send_file(bot: TelegramBot, p: Parameters, kind: str) -> Any:
    caption = checked_caption(p)
    given = p.file(kind)
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    phone = bot.reach(p)
    media, described = _uploaded(bot, kind, given) if isinstance(given, Upload) else _named(bot, kind, given)
    content: dict[str, Any] = {kind: described}
    if caption:
        content["caption"] = caption
    if p.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return deliver(bot, phone, p, text=caption, media=media, content=content)


def _uploaded(bot: TelegramBot, kind: str, upload: Upload) -> tuple[Media, Any]:
    if len(upload.data) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
        raise TelegramRefused(413, "Request Entity Too Large")
    if not upload.data:
        raise bad_request("file must be non-empty")
    name = upload.name if "." in upload.name else upload.name + _EXTENSIONS[kind]
    file = bot.environment.keep_file(kind, name, upload.data)
    return Media(kind, file=file.id, name=name), describe(kind, file)


def _named(bot: TelegramBot, kind: str, name: str) -> tuple[Media, Any]:
    if name.startswith(("http://", "https://")):
        # Telegram would fetch it; the stand-in never calls out and keeps the address.
        file = bot.environment.keep_file(kind, f"link{_EXTENSIONS[kind]}", b"")
        return Media(kind, url=name), describe(kind, file)
    known = bot.environment.files.get(name)
    if known is None:
        raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
    return Media(kind, file=known.id, name=known.name), describe(kind, known)


def describe(kind: str, file: StoredFile) -> Any:
    """Return a stored file as the Bot API describes one of its kind; a photo is a list of sizes."""
    head = {"file_id": file.id, "file_unique_id": file.id[:16], "file_size": len(file.data)}
    if kind == "photo":
        return [{**head, "width": 640, "height": 640}]
    if kind == "document":
        return {**head, "file_name": file.name, "mime_type": file.media_type}
    return {**head, "duration": 1, "mime_type": file.media_type}
