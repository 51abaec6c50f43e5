"""A Telegram bot's profile texts: description, short description and commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from content.platform_texts import StaticTexts

Call = Callable[[str, Mapping[str, object]], Awaitable[object]]


async def read_static(call: Call, language: str) -> StaticTexts:
    """Ask what is shown in a language; "" is what everybody else sees. Raises a Failure."""
    asked = {"language_code": language}
    description = _text(await call("getMyDescription", asked), "description")
    short = _text(await call("getMyShortDescription", asked), "short_description")
    commands = await call("getMyCommands", asked)
    return StaticTexts(description, short, _commands(commands))


async def write_static(call: Call, language: str, texts: StaticTexts) -> None:
    """Set all three in a language. Raises a Failure; Telegram asks for long waits when it is done too often."""
    named = [{"command": name, "description": about} for name, about in texts.commands]
    await call("setMyDescription", {"language_code": language, "description": texts.description})
    await call("setMyShortDescription", {"language_code": language, "short_description": texts.short})
    await call("setMyCommands", {"language_code": language, "commands": named})


def _text(answer: object, name: str) -> str:
    return str(answer.get(name, "")) if isinstance(answer, dict) else ""


def _commands(answer: object) -> tuple[tuple[str, str], ...]:
    rows = answer if isinstance(answer, list) else []
    return tuple((str(r.get("command", "")), str(r.get("description", ""))) for r in rows if isinstance(r, dict))
