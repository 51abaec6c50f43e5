"""Text folding: a name without tones, to be compared and never shown."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return small letters without marks; đ becomes d."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
