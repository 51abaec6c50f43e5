"""Parsing of ages: whether a message speaks of a child's age, however typed. Pure; the words are the lexicon's."""

from __future__ import annotations

import re
from functools import lru_cache

from content.lexicon.model import LexiconData
from flows.text.letters import fold

_SHORT = re.compile(r"(?<!\w)(\d{1,2}) ?[tT](?!\w)")
_LOOKED_AT = 600


def of_a_child(text: str, lexicon: LexiconData) -> bool:
    """Say whether a text names an age or a school year below eighteen ("15t", "14 tuoi", "lớp 8")."""
    return bool(_ages(lexicon).search(" ".join(fold(spelt_out(text[:_LOOKED_AT])).split())))


def spelt_out(text: str) -> str:
    """Return a text in which ages are written out: "13t" is "13 tuổi"."""
    return _SHORT.sub(r"\1 tuổi", text)


@lru_cache(maxsize=4)
def _ages(lexicon: LexiconData) -> re.Pattern[str]:
    written = "|".join(re.escape(fold(age)) for age in lexicon.sets.get("child_age", ())) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)")
