"""The shape of an invitation code: what a group's leader, a listener or a group chat types once to be bound."""

from __future__ import annotations

import re

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody mistakes for one another on paper: no I, L, O, 0, 1."""

SHAPE = re.compile(rf"NC-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", re.IGNORECASE | re.ASCII)
_ALONE = re.compile(rf"\s*(?:/start(?:@\w{{1,64}})?\s+)?({SHAPE.pattern})\s*", re.IGNORECASE | re.ASCII)


def code_in(text: str) -> str:
    """Return the code, in capitals, of a text that is one (alone or after /start or /start@bot); else ""."""
    found = _ALONE.fullmatch(text)
    return found.group(1).upper() if found else ""
