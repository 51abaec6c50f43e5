"""Spelling correction of what is no syllable: chat spelling and slips of the finger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flows.text.letters import bare
from flows.understanding.telex import is_syllable

LONGEST_SLIP = 12
FOR_A_SLIP = 5
"""Shorter words have too many neighbours: `bank` is one letter from `bánh` and from `bán`."""

_FINALS = (("g", "ng"), ("h", "nh"), ("k", "ch"), ("k", "c"), ("nk", "nh"), ("ck", "ch"), ("y", "i"))
_INITIALS = (
    ("f", "ph"),
    ("w", "qu"),
    ("z", "gi"),
    ("z", "d"),
    ("z", "v"),
    ("j", "gi"),
    ("dz", "d"),
    ("dz", "v"),
    ("dz", "gi"),
    ("k", "c"),
    ("nk", "nh"),
    ("ck", "ch"),
)


def chat_spellings(word: str) -> Iterator[str]:
    """Yield the syllables that chat spelling shortens to `word`: phòg phòng, đáh đánh, fải phải, bj bị."""
    for began in (word, *_respelt(word)):
        for candidate in (began, *_ended(began)):
            if candidate != word and is_syllable(bare(candidate)):
                yield candidate


def _respelt(word: str) -> Iterator[str]:
    for typed, meant in _INITIALS:
        if word.startswith(typed):
            yield meant + word[len(typed) :]
    if "j" in word[1:]:
        yield word[0] + word[1:].replace("j", "i")


def _ended(word: str) -> Iterator[str]:
    for typed, meant in _FINALS:
        if word.endswith(typed):
            yield word[: -len(typed)] + meant


class Neighbours:
    """Known words found from a misspelling: one letter missing, one too many, one wrong, or two changed about.

    Every word is entered under itself and under itself without each of its letters; a lookup asks for the same
    of the misspelling, so it costs a dozen dictionary reads whatever the number of words.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._index: dict[str, set[str]] = defaultdict(set)
        for word in known:
            if FOR_A_SLIP - 1 <= len(word) <= LONGEST_SLIP and word.isalpha():
                for key in _without_one(word):
                    self._index[key].add(word)

    def of(self, letters: str) -> list[str]:
        """Return the known words (without marks) that one slip of the finger turns into `letters`, in one order."""
        if not FOR_A_SLIP <= len(letters) <= LONGEST_SLIP:
            return []
        near: set[str] = set()
        for key in _without_one(letters):
            near |= self._index.get(key, set())
        return sorted(word for word in near if _is_one_slip(letters, word))


def _without_one(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _is_one_slip(typed: str, word: str) -> bool:
    if len(typed) != len(word):
        return abs(len(typed) - len(word)) == 1
    wrong = [place for place in range(len(word)) if typed[place] != word[place]]
    if len(wrong) == 2:
        first, second = wrong
        return second == first + 1 and typed[first] == word[second] and typed[second] == word[first]
    return len(wrong) == 1
