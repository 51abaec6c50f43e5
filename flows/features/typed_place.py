"""Where she is, typed in her own words at the question for it: a country or a province named alone; else nothing. Pure.

A wrong place would show the wrong numbers (safety rule 4), so only a name with small words around it counts.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from content.lexicon.model import LexiconData
from flows.features.get_help import remember_place
from flows.text.letters import fold, tidy

if TYPE_CHECKING:
    from flows.context import Context

AROUND = frozenset(("em", "toi", "minh", "tui", "con", "chau", "chi", "da", "a", "dang", "roi", "nhe", "tinh"))
AT = frozenset(("o", "tai", "ben", "nuoc", "sang", "qua"))
"""Small words around the name of a place, and words that say that a place follows; compared without tones."""

SHORT = 4
"""Letters up to which one word without tones names a country only after such a word: `nga` may be a fall."""

HOME, ELSEWHERE = "vn", "elsewhere"
LONGEST = 60
"""Letters of a typed place that are looked at."""


def place_typed(context: Context) -> bool:
    """What she typed names a country, or a province of Viet Nam, and nothing besides."""
    return bool(_place(context))


def take_typed_place(context: Context) -> None:
    """Remember the place she typed as if she had chosen it; a province is Viet Nam."""
    place = _place(context)
    remember_place(context, place, place)


def _place(context: Context) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in tidy(context.incoming.text[:LONGEST])).split()
    ends = product(range(_first(words) + 1), range(_first(words[::-1]) + 1))
    for before, after in sorted(ends, key=sum):  # the longest name first: `nước ngoài` before `ngoài`
        found = _named(context, words[:before], " ".join(words[before : len(words) - after]))
        if found:
            return found
    return ""


def _named(context: Context, before: list[str], name: str) -> str:
    """Return the place of a name, "" where it is none or may be a common word."""
    common = name.isascii() and len(name) <= SHORT and set(name) & set("aeiouy")
    if not name or (common and not any(fold(word) in AT for word in before)):
        return ""
    code = _countries(context.content.lexicon).get(name, "")
    if code:
        return HOME if code == HOME else "abroad" if code == ELSEWHERE else f"abroad:{code.upper()}"
    found = context.content.library.areas.find(name)
    return HOME if any(one.area.level == "province" and one.how != "near" for one in found) else ""


def _first(words: list[str]) -> int:
    """Return how many small words come first."""
    return next((place for place, word in enumerate(words) if fold(word) not in AROUND | AT), len(words))


@lru_cache(maxsize=4)
def _countries(lexicon: LexiconData) -> dict[str, str]:
    """Return the code of every name as it is written, and as it is written without tones."""
    names = [(tidy(name), code) for code, all_ in lexicon.countries.items() for name in all_]
    return {fold(name): code for name, code in names} | dict(names)
