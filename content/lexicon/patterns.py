"""Parser of lexicon patterns; matching is the business of the understanding.

A pattern is words and `<sets>` in order. `..` lets up to three words pass, `..5` up to five; `a|b` is either;
`tin_nhắn` is two words in one item; `lại?` may be missing; `!trợ` must not follow; `^` and `$` are the ends of the
message.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

GAP = 3
_GAP = re.compile(r"\.\.((?:[1-9]\d?)?)")
_NAME = r"(?:<[a-z_]+>|[^\W_]+(?:['_][^\W_]+)*)"
_ITEM = re.compile(rf"(!?)({_NAME}(?:\|{_NAME})*)(\??)")


class PatternError(ValueError):
    """A pattern cannot be read; the message says which part and what would be right."""


class Item(msgspec.Struct, frozen=True):
    """One part of a pattern: `names` are words or `<sets>`, `gap` how many words may pass."""

    kind: Literal["words", "not", "gap", "start", "end"]
    names: tuple[str, ...] = ()
    gap: int = 0
    optional: bool = False


def parse(text: str, sets: frozenset[str]) -> tuple[Item, ...]:
    """Read one pattern; `sets` are the names that `<…>` may use. Raises PatternError."""
    items = tuple(_item(part, text) for part in text.split())
    for item in items:
        for name in item.names:
            if name.startswith("<") and name[1:-1] not in sets:
                raise PatternError(f'the pattern "{text}" names an unknown set {name}')
    if not any(item.kind == "words" and not item.optional for item in items):
        raise PatternError(f'the pattern "{text}" would match every message')
    return items


def _item(part: str, text: str) -> Item:
    if part == "^":
        return Item("start")
    if part == "$":
        return Item("end")
    gap = _GAP.fullmatch(part)
    if gap:
        return Item("gap", gap=int(gap[1] or GAP))
    found = _ITEM.fullmatch(part)
    if found is None:
        raise PatternError(f'"{part}" in the pattern "{text}" cannot be read')
    return Item("not" if found[1] else "words", tuple(found[2].split("|")), optional=bool(found[3]))
