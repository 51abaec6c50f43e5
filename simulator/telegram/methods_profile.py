"""The calls about the bot itself and about one chat: its name, commands, files, memberships."""

from __future__ import annotations

from typing import Any

from simulator.core.errors import bad_request
from simulator.core.parameters import Parameters
from simulator.telegram.bot import TelegramBot

DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes. Source: core.telegram.org/bots/api#getfile (2026-06-12)
_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(bot: TelegramBot, p: Parameters) -> Any:
    """Return the bot's own account."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
    topics = {} if bot.has_topics is None else {"has_topics_enabled": bot.has_topics}
    return bot.me() | abilities | topics | {"supports_inline_queries": False}


def set_my_name(bot: TelegramBot, p: Parameters) -> Any:
    """Change the shown name."""
    return _set(bot.profile.names, p, "name")


def set_my_description(bot: TelegramBot, p: Parameters) -> Any:
    """Change what an empty chat shows."""
    return _set(bot.profile.descriptions, p, "description")


def set_my_short_description(bot: TelegramBot, p: Parameters) -> Any:
    """Change what the profile page shows."""
    return _set(bot.profile.short_descriptions, p, "short_description")


def _set(values: dict[str, str], p: Parameters, name: str) -> bool:
    text = p.text(name)
    if len(text) > _LIMITS[name]:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    values[p.text("language_code")] = text
    return True


def get_my_name(bot: TelegramBot, p: Parameters) -> Any:
    """Return the shown name in a language, else the default one."""
    return {"name": _get(bot.profile.names, p)}


def get_my_description(bot: TelegramBot, p: Parameters) -> Any:
    """Return the description in a language, else the default one."""
    return {"description": _get(bot.profile.descriptions, p)}


def get_my_short_description(bot: TelegramBot, p: Parameters) -> Any:
    """Return the short description in a language, else the default one."""
    return {"short_description": _get(bot.profile.short_descriptions, p)}


def _get(values: dict[str, str], p: Parameters) -> str:
    return values.get(p.text("language_code")) or values.get("", "")


def set_my_commands(bot: TelegramBot, p: Parameters) -> Any:
    """Change the list of commands in a language (scopes are not told apart)."""
    commands = p.structure("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("can't parse commands")
    for command in commands:
        name, about = str(command.get("command", "")), str(command.get("description", ""))
        if not (1 <= len(name) <= 32 and name == name.lower() and name.replace("_", "").isalnum()):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(about) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.profile.commands[p.text("language_code")] = commands
    return True


def get_my_commands(bot: TelegramBot, p: Parameters) -> Any:
    """Return the list of commands in a language."""
    return bot.profile.commands.get(p.text("language_code"), [])


def delete_my_commands(bot: TelegramBot, p: Parameters) -> Any:
    """Drop the list of commands in a language."""
    bot.profile.commands.pop(p.text("language_code"), None)
    return True


def get_chat(bot: TelegramBot, p: Parameters) -> Any:
    """Return the chat with one person."""
    chat = bot.chat(bot.phone(p.text("chat_id")))
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
    )
    return chat | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def leave_chat(bot: TelegramBot, p: Parameters) -> Any:
    """Leave a group; the chats of this world are all private and cannot be left."""
    bot.phone(p.text("chat_id"))
    raise bad_request("chat member status can't be changed in private chats")


def get_file(bot: TelegramBot, p: Parameters) -> Any:
    """Return where a file can be downloaded; at most 20 MB."""
    file = bot.environment.files.get(p.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    head = {"file_id": file.id, "file_unique_id": file.id[:16]}
    return head | {"file_size": len(file.data), "file_path": file.path}
