"""Parsing of a question whether news that came is true ("có thật không"). Whose it is the news says itself. Pure."""

from __future__ import annotations

import re

from flows.text.letters import fold

LONGEST = 40
"""Letters of a message that asks only that."""
_NEWS = r"(?:(?:tin|tin nhan|tin thon|tin cua thon|bai|the|thong bao)(?: (?:nay|do|day|kia|ay))? )"
_TRUE = re.compile(rf"{_NEWS}?(?:co )?(?:that|dung|tin duoc)(?: (?:khong|ko|k|hong))(?: (?:a|vay|the|chi|em))*")
_WORDS = re.compile(r"[^\W_]+")


def asks_of_news(text: str) -> bool:
    """Say whether a whole message asks whether news is true."""
    if len(text) > LONGEST:
        return False
    plain = " ".join(_WORDS.findall(fold(text)))
    return _TRUE.fullmatch(plain) is not None
