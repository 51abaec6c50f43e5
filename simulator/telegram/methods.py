"""The table of Bot API methods the stand-in knows, and the one way to carry out any of them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

from simulator.core.errors import NO_METHOD, TelegramRefused
from simulator.core.parameters import Parameters
from simulator.telegram import methods_edit, methods_profile, methods_send, methods_updates
from simulator.telegram.bot import TelegramBot

Call = Callable[[TelegramBot, Parameters], Any]

_ALL = (
    *(methods_profile.get_me, methods_profile.get_chat, methods_profile.leave_chat, methods_profile.get_file),
    *(methods_profile.set_my_name, methods_profile.set_my_description, methods_profile.set_my_short_description),
    *(methods_profile.get_my_name, methods_profile.get_my_description, methods_profile.get_my_short_description),
    *(methods_profile.set_my_commands, methods_profile.get_my_commands, methods_profile.delete_my_commands),
    *(methods_send.send_message, methods_send.send_photo, methods_send.send_voice, methods_send.send_audio),
    *(methods_send.send_document, methods_send.send_contact, methods_send.send_chat_action),
    *(methods_edit.edit_message_text, methods_edit.edit_message_reply_markup, methods_edit.answer_callback_query),
    *(methods_edit.delete_message, methods_edit.delete_messages),
    *(
        methods_updates.get_updates,
        methods_updates.set_webhook,
        methods_updates.delete_webhook,
        methods_updates.get_webhook_info,
    ),
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
    except TelegramRefused as refused:
        status = refused.status
    text, names = parameters.text("text"), parameters.names
    bot.environment.log.add("request", "telegram", method=str(method), text=text, status=status, parameters=names)
