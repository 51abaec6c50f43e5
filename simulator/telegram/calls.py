"""The table of calls the stand-in knows, and the one way to carry out any of them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.telegram import editing, fetching, profile, sending
from simulator.telegram.parameters import Parameters
from simulator.telegram.refusals import NO_METHOD, Refused

if TYPE_CHECKING:
    from simulator.telegram.bot import TelegramBot

Call = Callable[["TelegramBot", Parameters], Any]

_ALL = (
    *(profile.get_me, profile.get_chat, profile.leave_chat, profile.get_file),
    *(profile.set_my_name, profile.set_my_description, profile.set_my_short_description),
    *(profile.get_my_name, profile.get_my_description, profile.get_my_short_description),
    *(profile.set_my_commands, profile.get_my_commands, profile.delete_my_commands),
    *(sending.send_message, sending.send_photo, sending.send_voice, sending.send_audio),
    *(sending.send_document, sending.send_contact, sending.send_chat_action),
    *(editing.edit_message_text, editing.edit_message_reply_markup, editing.answer_callback_query),
    *(editing.delete_message, editing.delete_messages),
    *(fetching.get_updates, fetching.set_webhook, fetching.delete_webhook, fetching.get_webhook_info),
)
# The Bot API takes method names in any case: send_message is sendMessage is sendmessage.
CALLS: dict[str, Call] = {call.__name__.replace("_", ""): call for call in _ALL}


async def call(bot: TelegramBot, method: str, parameters: Parameters) -> Any:
    """Carry out one call and return its result; raises Refused as the Bot API would."""
    found = CALLS.get(method.lower())
    if found is None:
        raise NO_METHOD
    result = found(bot, parameters)
    return await result if inspect.isawaitable(result) else result


async def call_from_webhook(bot: TelegramBot, answer: bytes) -> None:
    """Carry out the call in a webhook's answer, if there is one; what goes wrong stays unknown to the bot."""
    try:
        values = json.loads(answer)
        method = values.pop("method")
    except (ValueError, KeyError, AttributeError, TypeError):
        return
    parameters = Parameters(values)
    status: int = 200
    try:
        await call(bot, str(method), parameters)
    except Refused as refused:
        status = refused.status
    bot.world.log.add("request", "telegram", method=str(method), text=parameters.text("text"), status=status)
