"""A reading: one syllable taken apart, as it is compared."""

from __future__ import annotations

from flows.text.letters import NONE, bare, marks, tone_of, tones

Reading = tuple[str, str, str]
"""A syllable as (letters without marks, a mark per letter, tone)."""


def reading(word: str) -> Reading:
    """Take one tidied word apart."""
    if word.isascii():
        return word, "", ""
    return bare(word), marks(word).rstrip(NONE) and marks(word), tone_of(tones(word))
