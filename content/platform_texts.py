"""Platform texts: what stands on the platforms themselves and still answers when our machines are down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from content.library import Library

COMMANDS = ("menu", "help", "stop", "xx")
"""The commands that an account's page offers; each is understood with and without its slash."""

LIMITS = {
    "static.description": 512,
    "static.short": 120,
    **{f"static.command.{name}": 256 for name in COMMANDS},
}
"""Characters. Source: core.telegram.org/bots/api, setMyDescription, setMyShortDescription, BotCommand (2026-08)."""

HELPFUL = ("static.description", "static.short")
"""Texts on an account's page that must help by themselves, as those of the sheets must."""

REQUIRED = (*LIMITS, "static.sheet")


def sheet_cards(library: Library) -> tuple[str, ...]:
    """Return every card of a sheet that a human pastes into a channel's console."""
    return tuple(dict.fromkeys(name for limits in library.limits.values() for name in limits.sheet))


def with_numbers(library: Library) -> tuple[str, ...]:
    """Return the cards that must help by themselves: numbers of two bodies, one of which works from abroad."""
    bare = {name for limits in library.limits.values() for name in limits.without_numbers}
    return (*HELPFUL, *(name for name in sheet_cards(library) if name not in bare))


class StaticTexts(msgspec.Struct, frozen=True):
    """What an account's page shows in one language before anybody writes; `commands` are (name, description)."""

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
    for name in library.limits[channel].sheet:
        card = library.card(name, lang)
        pieces.append(f"── {card.title} ──\n{library.say(card.id, lang).text}")
    return "\n\n".join(pieces)
