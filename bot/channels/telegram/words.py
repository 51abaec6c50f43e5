"""Words of a Telegram message: what was typed, the addresses behind it or in its preview, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LONGEST = 200
"""Characters of the message that is answered: enough to know it again."""


def answered(fields: Mapping[str, object]) -> str:
    """Return the beginning of what a message replies to, on one line: the part she chose, else all; "" for nothing.

    Source: core.telegram.org/bots/api#message, `reply_to_message` and `quote`, Bot API 10.3 (2026-08).
    """
    message = _part(fields, "reply_to_message")
    whole = with_addresses(_text(message, "text") or _text(message, "caption"), message)
    words = " ".join((_text(_part(fields, "quote"), "text") or whole).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _part(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = fields.get(name)
    return part if isinstance(part, dict) else {}


def _text(fields: Mapping[str, object], name: str) -> str:
    text = fields.get(name)
    return text if isinstance(text, str) else ""


def with_addresses(text: str, fields: Mapping[str, object]) -> str:
    """Return a text with the addresses that a phone opens from it and that do not stand in it, each on a line.

    Source: core.telegram.org/bots/api#messageentity (`text_link`) and #linkpreviewoptions, Bot API 10.3 (2026-08).
    """
    for address in _addresses(fields):
        if address not in text:
            text = f"{text}\n{address}" if text else address
    return text


def _addresses(fields: Mapping[str, object]) -> Iterator[str]:
    for name in ("entities", "caption_entities"):
        listed = fields.get(name)
        for entity in listed if isinstance(listed, list) else ():
            if isinstance(entity, dict) and entity.get("type") == "text_link":
                yield _text(entity, "url")
    preview = _part(fields, "link_preview_options")
    if preview.get("is_disabled") is not True:
        yield _text(preview, "url")
