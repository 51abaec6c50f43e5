"""Telegram's errors as failures with an action; the words Telegram sends are matched, never passed on."""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
)

from bot.channels.base import Failure, Human, Permanent, Retry, Unknown, Unreachable
from bot.channels.telegram.http import NoAnswer, NotSent, NotTelegram, SlowDown

VOICE_FORBIDDEN = "voice_forbidden"
THREAD_GONE = "thread_gone"

_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat_id_invalid",
    "input_user_deactivated",
    "user_is_blocked",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "bot can't initiate",
    "need to be invited",
)
_REFUSED = {
    "message text is empty": "text_empty",
    "text must be non-empty": "text_empty",
    "message is too long": "text_long",
    "message_too_long": "text_long",
    "caption is too long": "caption_long",
    "can't parse entities": "entities",
    "button_data_invalid": "button",
    "reply markup": "button",
    "wrong file identifier": "file",
    "wrong remote file": "file",
    "failed to get http url content": "file",
    "wrong type of the web page content": "file",
    "voice_messages_forbidden": VOICE_FORBIDDEN,
    "message thread not found": THREAD_GONE,
    "topic_deleted": THREAD_GONE,
    "topic_closed": THREAD_GONE,
    "can't be deleted": "delete",
    "message to delete not found": "delete",
}
"""Phrases of the server's descriptions. Source: tdlib/telegram-bot-api, Client.cpp (2026)."""


class Moved(Unreachable):
    """The group is a supergroup now and has another id, which Telegram names in its refusal."""

    def __init__(self, address: str) -> None:
        super().__init__("the group has a new address", code="migrated")
        self.address = address


def failure_of(error: BaseException) -> Failure:
    """Turn an error of PTB's request layer into a Failure."""
    match error:
        case NotSent():
            return Retry("not sent: no connection", after=2.0, code="connect")
        case NotTelegram():
            return Retry("refused on the way, not by Telegram", after=30.0, code="way")
        case NoAnswer():
            return Unknown("no answer that can be understood")
        case SlowDown():
            return Retry("asked to slow down", after=error.after, chat=True, code="429")
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable("blocked, or no longer there", code="403")
        case InvalidToken():
            return Human("the token was refused (401); get a new one from @BotFather and set it", code="401")
        case Conflict():
            return Retry("another reader, or a webhook, takes the updates", after=5.0, code="409")
        case BadRequest():
            return _bad_request(str(error).lower())
    return Unknown("an answer that cannot be understood")


def _bad_request(words: str) -> Failure:
    if any(phrase in words for phrase in _GONE):
        return Unreachable("no such chat, or not open to us", code="400")
    code = next((name for phrase, name in _REFUSED.items() if phrase in words), "400")
    return Permanent(f"refused ({code})", code=code)


def starting(name: str, failure: Failure) -> Human:
    """Say in one sentence why an account does not start; code "connect" when time may heal it."""
    where = f"telegram account {name}"
    match failure:
        case Human():
            return Human(f"{where}: {failure.detail}", code=failure.code)
        case Retry() | Unknown():
            return Human(
                f"{where}: Telegram does not answer and is asked again every minute; "
                "if it goes on, check base_url or set a proxy",
                code="connect",
            )
    return Human(f"{where}: Telegram refused the webhook address: {failure.detail}", code=failure.code)
