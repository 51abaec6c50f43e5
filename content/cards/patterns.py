"""Patterns of whole words, made once for each list."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=64)
def whole_words(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of the words, whole and in any case, the longest first."""
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
