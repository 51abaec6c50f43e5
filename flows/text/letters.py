"""Vietnamese letters taken apart: the bare letter, its mark (â ă ơ đ) and the tone, each in step with the text."""

from __future__ import annotations

import re
import unicodedata

MARKS = {"\u0302": "c", "\u0306": "b", "\u031b": "h"}
"""Circumflex, breve, horn."""

TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "r", "\u0323": "j"}
"""Sắc, huyền, hỏi, ngã, nặng. Hỏi and ngã are one here: from Thanh Hóa to Cà Mau they are written for each other."""

PART = 500
"""Characters of a long text with strange signs that are read at once."""

NONE = "."
"""Stands for "no mark" and "no tone"."""

_ALIKE = str.maketrans(
    "аеорсухіѕјԁһмтвнкзοανιρτυκεημβχζðıɑ",
    "aeopcyxisjdhmtbhkzoaviptykehmbxzđia",
)
"""Cyrillic and Greek letters, and three Latin ones, that look like the letters of Vietnamese."""


def _letters() -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    bare: dict[int, str] = {}
    marks: dict[int, str] = {}
    tones: dict[int, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base, *above = tuple(unicodedata.normalize("NFD", chr(code)))
        if above:
            bare[code] = base.lower()
            marks[code] = next((MARKS[mark] for mark in above if mark in MARKS), NONE)
            tones[code] = next((TONES[mark] for mark in above if mark in TONES), NONE)
    for code in (0x110, 0x111):
        bare[code], marks[code], tones[code] = "d", "d", NONE
    return bare, marks, tones


_BARE, _MARKS, _TONES = _letters()
_STRANGE = re.compile(f"[^\\x00-\\x7f{''.join(map(chr, _BARE))}]")


class _Otherwise(dict[int, str]):
    """A translation table in which every other letter is "nothing"."""

    def __missing__(self, code: int) -> str:
        return NONE


_MARKS_ONLY = _Otherwise(_MARKS)
_TONES_ONLY = _Otherwise(_TONES)


def tidy(text: str, most: int | None = None) -> str:
    """Return lower-case NFC text with look-alike letters made Latin and invisible characters gone.

    No more than `most` characters are read of a text with strange ones, of which one may stand for eighteen.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", text).lower()
    if _STRANGE.search(text):
        text = compatible(text, most).lower().translate(_ALIKE)
        text = "".join([character for character in text if unicodedata.category(character) not in ("Cf", "Mn", "Me")])
    return text


def compatible(text: str, most: int | None = None) -> str:
    """Return up to `most` characters of a text in which signs stand for themselves: `ﬁ` is `fi`, `②` is `2`.

    A long text is read part by part: what is behind the last that counts is not written out for nothing.
    """
    if most is None or len(text) <= PART:
        return unicodedata.normalize("NFKC", text)[:most]
    parts: list[str] = []
    length = 0
    for start in range(0, len(text), PART):
        parts.append(unicodedata.normalize("NFKC", text[start : start + PART]))
        length += len(parts[-1])
        if length >= most:
            break
    return "".join(parts)[:most]


def fold(text: str) -> str:
    """Return text in small letters without any mark or tone, đ as d; as long as `tidy(text)`."""
    return bare(tidy(text))


def bare(tidied: str) -> str:
    """Return tidied text without marks and tones, letter for letter."""
    return tidied if tidied.isascii() else tidied.translate(_BARE)


def marks(tidied: str) -> str:
    """Return one sign per letter: c â, b ă, h ơ, d đ, or a dot."""
    return tidied.translate(_MARKS_ONLY)


def tones(tidied: str) -> str:
    """Return one sign per letter: s, f, r, j for the tone it carries, or a dot."""
    return tidied.translate(_TONES_ONLY)


def tone_of(signs: str) -> str:
    """Return the one tone of a syllable whose letters carry `signs`, or nothing."""
    return signs.strip(NONE)[:1]
