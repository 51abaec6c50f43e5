"""Platform texts: what stands on the platforms themselves and still answers when our machines are down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from content.library import Library

COMMANDS = ("menu", "help", "stop", "xx")
"""The commands a Telegram bot offers; each is understood with and without its slash."""

LIMITS = {
    "static.description": 512,
    "static.short": 120,
    **{f"static.command.{name}": 256 for name in COMMANDS},
}
"""Characters. Source: core.telegram.org/bots/api, setMyDescription, setMyShortDescription, BotCommand (2026-08)."""

SHEETS = {
    "zalo_oa": ("about", "welcome", "keyword", "away", "menu"),
    "zalo_bot": ("about", "welcome"),
}
"""The texts a human pastes into a channel's console, for no API sets them. Source: Zalo documentation, read 2026-08."""

WITH_NUMBERS = ("static.description", "static.short", *(f"static.zalo.{name}" for name in SHEETS["zalo_oa"][:-1]))
"""The cards that must help by themselves: numbers of two bodies, one of which works from abroad."""

REQUIRED = (*LIMITS, *WITH_NUMBERS[2:], "static.zalo.menu", "static.sheet")


class StaticTexts(msgspec.Struct, frozen=True):
    """What a Telegram bot shows in one language before anybody writes; `commands` are (name, description)."""

    description: str = ""
    short: str = ""
    commands: tuple[tuple[str, str], ...] = ()


def static_texts(library: Library, lang: str) -> StaticTexts:
    """Build a bot's texts from the cards, the numbers from the services."""
    return StaticTexts(
        library.say("static.description", lang).text,
        library.say("static.short", lang).text,
        tuple((name, library.say(f"static.command.{name}", lang).text) for name in COMMANDS),
    )


def static_sheet(library: Library, channel: str, account: str, lang: str) -> str:
    """Write the sheet for a console: an instruction, then each text under the name of its place."""
    pieces = [library.say("static.sheet", lang, account=account).text]
    for name in SHEETS[channel]:
        card = library.card(f"static.zalo.{name}", lang)
        pieces.append(f"── {card.title} ──\n{library.say(card.id, lang).text}")
    return "\n\n".join(pieces)
