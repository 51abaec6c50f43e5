"""Where she is, told inside a cry: "em đang ở campuchia bị nhốt cứu em". Pure.

A wrong place would hide numbers (safety rule 4): it counts only as said of herself, now, and of a country or province.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.lexicon.model import LexiconData
from content.library import Library
from flows.parsing.places import HOME, is_province, place_named
from flows.text.letters import fold, tidy

LONGEST = 400
"""Letters of a message that are looked at; a longer one is a tale."""
ME = frozenset(("em", "toi", "minh", "tui", "con", "chau", "tao", "to"))
"""Words for herself, without tones."""
CALLS = frozenset(("oi", "voi", "a", "cuu", "giup", "la", "vi", "hien", "gio", "nay", "dang", "do"))
"""Words that may stand before her: behind any other it is somebody of hers, `bạn em`, `cho em`."""
HELPED = frozenset(("cuu", "giup"))
BETWEEN = frozenset(
    (
        *("dang", "hien", "tai", "gio", "con", "van", "day", "bi", "nhot", "giu", "giam", "ket", "mac", "tam"),
        *("song", "lam", "viec", "lac"),
    )
)
"""Words between her and the place; where she was caught or cheated she need not be any more."""
AT = frozenset(("o", "tai", "ben"))
OTHERWISE = frozenset(
    ("ve", "tung", "truoc", "ngoai", "hoi", "xua", "neu", "gia", "khong", "chua", "se", "sap", "dinh", "muon", "thoat")
)
"""Words of another time, of a question or a denial; with one of them nothing is taken."""
ENDS = frozenset(("bi", "cuu", "giup", "roi", "a", "ne", "nay", "no", "ho", "chu", "ma", "voi"))
"""What may follow a name of one syllable: `trung tâm` is not China."""
SYLLABLE = 5
"""Letters of a name that may be the first syllable of something else."""
MOST_WORDS = 8
"""Words of a name: a commune, a district and a province."""

_CLAUSE = re.compile(r"[,.;:!?…\n]+")
_HELD = re.compile("(?:bắt|bat) (?=(?:giữ|giu|nhốt|nhot|giam) )")
_BY_WHOM = re.compile("(?<=bị )(?:(?:ông |bà )?chủ|chúng nó|chúng|họ|nó|người ta|chồng) ")
_STUCK = re.compile("(?:không|khong|ko|chưa|chua) (?:thể )?(?:về|ve)(?: nước| nhà| quê)?(?: được| duoc)?$")
"""That she cannot come home is told of where she is, and names no other time."""
_LETTERS = re.compile(r"[^\W_]+")


def place_told(library: Library, lexicon: LexiconData, text: str) -> str:
    """Return where she says that she is, "" where she does not."""
    for clause in _CLAUSE.split(tidy(text)) if len(text) <= LONGEST and "?" not in text else ():
        words = _LETTERS.findall(_STUCK.sub("", _BY_WHOM.sub("", _HELD.sub("", clause)).strip()))
        plain = [fold(word) for word in words]
        if not OTHERWISE & {*plain}:
            found = next(filter(None, (_named(library, lexicon, words[at:]) for at in _places(plain))), "")
            if found:
                return found
    return ""


def _places(plain: list[str]) -> Iterator[int]:
    """Yield where the name of the place begins at which she says that she is."""
    for me, word in enumerate(plain):
        if word in ME and _is_herself(plain[:me]):
            at = me + 1
            while at < len(plain) and plain[at] in BETWEEN | AT:
                at += 1
                if plain[at - 1] in AT:
                    yield at


def _is_herself(before: list[str]) -> bool:
    """Say whether nobody else may be meant: "bạn em" is not she, "cứu em, em ở" is."""
    if len(before) > 1 and before[-1] in ME and before[-2] in HELPED:
        return True
    return not before or before[-1] in CALLS


def _named(library: Library, lexicon: LexiconData, words: list[str]) -> str:
    """Return the place of the longest name that words begin with."""
    for length in range(min(MOST_WORDS, len(words)), 0, -1):
        name, goes_on = " ".join(words[:length]), len(words) > length and fold(words[length]) not in ENDS
        found = "" if len(name) <= SYLLABLE and goes_on else place_named(library, lexicon, f"ở {name}")
        if found and (found != HOME or is_province(library, name)):
            return found
    return ""
