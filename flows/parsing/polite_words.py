"""Polite words around a single word: "dạ", "từ của em là …", "ạ", "nhé", "chị ơi" are taken off it. Pure.

Typed with tones they are what they look like. Without tones `da` is also đá, `nha` is nhà and `co` is cỏ: such a word
comes off only in the wider of two readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flows.text.letters import fold, tidy

PARTICLES = ("ạ", "à", "nhé", "nhá", "nha", "nhe", "nghen", "ah")
ADDRESSES = ("chị", "cô", "bác", "em", "anh")
YESES = ("dạ", "vâng", "ừ", "ok")
ANNOUNCED = ("từ", "mã", "chữ")
"""Before the word with nothing between it may be a part of it: only the wider reading takes it off."""
SURE = frozenset({"a", "ah", "nhe", "nghen", "ok"})
"""What is polite without its tone too."""
NAMES = ("dạ hương", "dạ lan", "dạ lý", "dạ yến", "mã đề", "mã lai", "từ bi", "từ điển")
"""Names that begin as if politely: herbs and flowers among them."""

_WHOSE = "(?: (?:của|cua) (?:em|chị|chi|mình|minh|tôi|toi|cháu|chau|con|tui|tớ))?"
_OF_WHAT = "(?: (?:khóa|khoá|khoa|mật|mat|riêng|rieng|thứ nhất|thu nhat|thứ hai|thu hai))"
_IS = "(?: (?:là|la))"
_WORD = "(?:từ|tu|mã|ma|chữ|chu)"
_LEADS = (
    f"{_WORD}{_OF_WHAT}*{_WHOSE}{_IS}",
    f"{_WORD}{_OF_WHAT}+{_WHOSE}",
    f"{_WORD} (?:em|mình|minh|cháu|chau|tôi|toi) (?:chọn|chon|lấy|lay|đặt|dat){_IS}",
    f"(?:mật khẩu|mat khau){_WHOSE}{_IS}",
    f"(?:em|mình|minh|cháu|chau|tôi|toi) (?:chọn|chon|lấy|lay|đặt|dat)(?: (?:từ|chữ)|(?: {_WORD})?{_IS})?",
)


def _any(forms: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted({*forms}, key=len, reverse=True))})"


def _typed(forms: Iterable[str], *, wide: bool, toned: bool) -> str:
    """Return a pattern for words as they may be typed; in a text without tones only what is sure."""
    marked = {form for form in forms if toned or not form.isascii()}
    bare = {fold(form) for form in forms}
    return _any(marked | (bare if wide else bare & SURE))


def _pattern(*, wide: bool, toned: bool) -> re.Pattern[str]:
    """Return the pattern of a word (`word`) between a polite beginning and a polite end.

    Both take all they can and give nothing back: otherwise a long row of "ạ chị ạ chị" is divided in every way.
    """
    particle = _typed(PARTICLES, wide=wide, toned=toned)
    address = _typed(ADDRESSES if wide else ADDRESSES[:3], wide=wide, toned=toned)
    yes, announced = _typed(YESES, wide=wide, toned=toned), _typed(ANNOUNCED, wide=True, toned=True)
    begins = _any([*_LEADS, yes, *((announced,) if wide else ())])
    names = _any([*NAMES, *map(fold, NAMES)])
    call = "(?:ơi|oi)" if wide else "ơi"
    ends = f"(?: {address})?(?: {particle})+(?: {address}(?= {particle}| {address}|$))?| {address} {call}"
    return re.compile(rf"(?:(?!{names}\b){begins} )*+(?P<word>.+?)(?:{ends})*+")


_STRICT = {toned: _pattern(wide=False, toned=toned) for toned in (False, True)}
_WIDE = _pattern(wide=True, toned=True)
_SIGNS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Return the words of a text in small letters, tones kept, with signs, quotes and pictures as spaces."""
    return _SIGNS.sub(" ", tidy(text)).strip()


def without_polite(words: str, *, wide: bool) -> str:
    """Return plain words without what is only polite around them; all of them where nothing else would be left."""
    pattern = _WIDE if wide else _STRICT[not words.isascii()]
    found = pattern.fullmatch(words)
    return found["word"] if found else words
