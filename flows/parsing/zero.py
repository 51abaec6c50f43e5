"""Parsing of a nought: "0", "số 0 ạ", "em nhắn 0". `không` is "no" and never one."""

from __future__ import annotations

import re
import unicodedata

from flows.text.letters import fold

AROUND = frozenset(
    (
        *("da", "vang", "a", "nhe", "nha", "oi", "em", "chi", "anh", "ban", "minh", "toi", "con", "chau"),
        *(
            "so",
            "nhan",
            "gui",
            "bam",
            "chon",
            "phim",
            "tra",
            "loi",
            "la",
            "thi",
            "xin",
            "roi",
            "number",
            "press",
        ),
    )
)
"""Small words around it; compared without tones."""

LONGEST = 40
_WORDS = re.compile(r"[^\W_]+")


def is_zero(text: str) -> bool:
    """Say whether a whole message is the digit 0 among small words."""
    if len(text) > LONGEST or "0" not in (plain := unicodedata.normalize("NFKC", text)):
        return False
    return [word for word in _WORDS.findall(fold(plain)) if word not in AROUND] == ["0"]
