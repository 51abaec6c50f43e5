"""The calls that change or take back what is already on a phone, and those that answer a press."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from simulator.core.errors import bad_request
from simulator.core.parameters import Parameters
from simulator.core.phones import Message, Phone
from simulator.telegram.bot import TelegramBot
from simulator.telegram.messages import checked_text, choices, keyboard

DELETABLE = timedelta(hours=48)  # Source: core.telegram.org/bots/api#deletemessage (2026-06-12)

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_STALE = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(bot: TelegramBot, p: Parameters) -> Any:
    """Replace the text and the keyboard of a message the bot sent."""
    text = checked_text(p)
    phone, message = _own_message(bot, p)
    return _change(bot, phone, message, p, text)


def edit_message_reply_markup(bot: TelegramBot, p: Parameters) -> Any:
    """Replace the keyboard alone."""
    phone, message = _own_message(bot, p)
    return _change(bot, phone, message, p, message.text)


def _own_message(bot: TelegramBot, p: Parameters) -> tuple[Phone, Message]:
    phone = bot.phone(p.text("chat_id"))
    message = phone.find(p.text("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != "bot":
        raise bad_request("message can't be edited")
    return phone, message


def _change(bot: TelegramBot, phone: Phone, message: Message, p: Parameters, text: str) -> Any:
    markup = keyboard(p)
    if text == message.text and markup == message.raw.get("reply_markup"):
        raise bad_request(_SAME)
    message.text, message.choices = text, choices(markup)
    message.raw.pop("reply_markup", None)
    if "text" in message.raw:
        message.raw["text"] = text
    if markup:
        message.raw["reply_markup"] = markup
    message.raw["edit_date"] = int(bot.environment.now().timestamp())
    bot.environment.touch(phone)
    return message.raw


def delete_message(bot: TelegramBot, p: Parameters) -> Any:
    """Take one message off the phone: the bot's or the person's, younger than 48 hours."""
    phone = bot.phone(p.text("chat_id"))
    message = phone.find(p.text("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    _delete(bot, phone, [message])
    return True


def delete_messages(bot: TelegramBot, p: Parameters) -> Any:
    """Take up to 100 messages off the phone; those already gone are skipped."""
    numbers = p.structure("message_ids")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad_request("too many message identifiers specified")
    phone = bot.phone(p.text("chat_id"))
    _delete(bot, phone, [found for n in numbers if (found := phone.find(str(n)))])
    return True


def _delete(bot: TelegramBot, phone: Phone, messages: list[Message]) -> None:
    now = bot.environment.now()
    if any(now - message.at >= DELETABLE for message in messages):
        raise bad_request("message can't be deleted for everyone")
    for message in messages:
        bot.environment.remove(phone, message)


def answer_callback_query(bot: TelegramBot, p: Parameters) -> Any:
    """Stop the little clock on a pressed button; each press can be answered once."""
    if bot.presses.pop(p.text("callback_query_id"), None) is None:
        raise bad_request(_STALE)
    if len(p.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    return True
