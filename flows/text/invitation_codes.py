"""The shape of an invitation code: read aloud, copied from a poster, typed on a cheap phone. Pure."""

from __future__ import annotations

import re

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another (no 0, O, 1, I, L)."""
LETTERS = 8
"""Characters after the prefix: 31^8 is some 39.6 bits, with guesses counted per person."""

_SHAPE = re.compile(rf"(?:/START(?:@\w{{1,64}})?\s+)?NC[- ]?([{ALPHABET}]{{4}})[- ]?([{ALPHABET}]{{4}})")


def written(letters: str) -> str:
    """Write eight characters as a code: NC-XXXX-XXXX."""
    return f"NC-{letters[:4]}-{letters[4:]}"


def code_in(text: str) -> str:
    """Return the code that a text is, alone or after /start or /start@bot, in its one form; "" for anything else."""
    found = _SHAPE.fullmatch(text[:120].strip().upper())
    return written(found[1] + found[2]) if found else ""


def is_code(text: str) -> bool:
    """Say whether a text is a code and cannot be words: as it is printed, with a hyphen, or behind /start.

    Eight random characters hold "cuu", "SOS" or "113" often enough that one mistyped code in fourteen was taken for
    a cry. Without a hyphen they may be one.
    """
    return ("-" in text or text.lstrip()[:1] == "/") and bool(code_in(text))
