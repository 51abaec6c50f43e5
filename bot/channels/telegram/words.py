"""Words of a Telegram message: what was typed, and the addresses that stand behind words or only in a preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


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
                yield _address(entity)
    preview = fields.get("link_preview_options")
    if isinstance(preview, dict) and preview.get("is_disabled") is not True:
        yield _address(preview)


def _address(part: Mapping[str, object]) -> str:
    """The address in a part of a message; "" when there is none."""
    address = part.get("url")
    return address if isinstance(address, str) else ""
