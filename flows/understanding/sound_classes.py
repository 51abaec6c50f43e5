"""Sound classes: letters that are one sound where somebody lives, and are written for each other.

North l/n, s/x, tr/ch, r/d/gi; South v/d/gi, -n/-ng, -t/-c; and what friends write by ear: b as p, c as k, iê as i.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from flows.text.letters import NONE
from flows.understanding.readings import Reading
from flows.understanding.telex import is_syllable

_INITIALS = {
    "l": ("n",),
    "n": ("l",),
    "s": ("x",),
    "x": ("s",),
    "tr": ("ch",),
    "ch": ("tr",),
    "r": ("d", "gi"),
    "d": ("r", "gi", "v"),
    "gi": ("d", "r", "v"),
    "v": ("d", "gi"),
    "b": ("p",),
    "c": ("k",),
}
"""How the initial of a word may be written by ear."""

_ONSETS = ("ngh", "ng", "nh", "th", "tr", "ch", "ph", "kh", "gi", "l", "n", "s", "x", "r", "d", "v", "b", "c")
_ENDINGS = (
    ("ng", "n", "aeou"),
    ("nh", "n", "ie"),
    ("n", "ng", "aou"),
    ("n", "nh", "i"),
    ("t", "c", "aeou"),
    ("c", "t", "aeou"),
    ("i", "y", "bcdghklmnprstvx"),
    ("y", "i", "bcdghklmnprstvx"),
)
"""How an ending may be written by ear, and the vowels it stands behind."""
_SHORTENED = (("ie", ".c"), ("uo", ".c"), ("uo", "hh"))
"""The two-letter vowels iê, uô and ươ, of which only the first letter is written: mún, tìn, ngừi."""

_VOWELS = frozenset("aeiouy")


class SoundClasses:
    """What the words of a lexicon look like when they are written by ear, ready to be looked up."""

    def __init__(self, known: Collection[Reading], own: Iterable[Reading], seldom: Iterable[Reading]) -> None:
        """Enter every known word under what it may be written as; `own` and `seldom` are words themselves too."""
        seldom = frozenset(seldom)
        own_words = {*known, *own, *seldom}
        plain = {letters for letters, _, _ in own_words}
        meant: dict[Reading, dict[Reading, None]] = defaultdict(dict)
        perhaps: dict[Reading, dict[Reading, None]] = defaultdict(dict)
        bares: dict[Reading, dict[Reading, None]] = defaultdict(dict)
        for word in known:
            for typed in _by_ear(word):
                is_own = typed in own_words if typed[1] or typed[2] else typed[0] in plain
                (perhaps if is_own else meant)[typed][word] = None
            bare = (word[0], "", "")
            for typed in _by_ear(bare):
                (bares if typed[0] in plain else meant)[typed][bare] = None
        self._meant = {typed: tuple(words) for typed, words in meant.items()}
        self._bares = {typed: tuple(words) for typed, words in bares.items()}
        self._perhaps = {typed: tuple(words) for typed, words in perhaps.items()}

        self._telling = meant.keys() | (seldom & perhaps.keys())

    def tells(self, typed: Reading) -> bool:
        """Say whether a syllable is hardly ever written but by ear."""
        return typed in self._telling

    def meant(self, typed: Reading) -> tuple[Reading, ...]:
        """Return the words that a syllable which is no word was meant to be."""
        return self._meant.get(typed, ())

    def perhaps(self, typed: Reading) -> tuple[Reading, ...]:
        """Return the words that a syllable may be beside what it is, where the message is written by ear."""
        return self._perhaps.get(typed, ())

    def bare(self, typed: Reading) -> tuple[Reading, ...]:
        """Return the words, without tones, that a syllable without tones may be beside what it is."""
        return self._bares.get(typed, ())


def _by_ear(word: Reading) -> Iterator[Reading]:
    if not is_syllable(word[0]):
        return
    marks = word[1] or NONE * len(word[0])
    for letters, signs in _ends(word[0], marks):
        for began, begun in _begins(letters, signs):
            typed = (began, begun if begun.strip(NONE) else "", word[2])
            if typed != word and is_syllable(began):
                yield typed


def _begins(letters: str, marks: str) -> Iterator[tuple[str, str]]:
    """Yield a syllable and what it is with another initial."""
    yield letters, marks
    onset = next((onset for onset in _ONSETS if letters.startswith(onset)), "")
    if marks[:1] == "d" or onset not in _INITIALS:
        return
    rests = [len(onset)]
    if onset == "gi":  # the i may be the vowel: gì as dì; giết as dết and as diết
        rests = [place for place in (1, 2) if letters[place : place + 1] in _VOWELS and letters[place:]]
    for written in _INITIALS[onset]:
        for rest in rests:
            dropped = written == "gi" and letters[rest] == "i"
            yield written + letters[rest + dropped :], NONE * len(written) + marks[rest + dropped :]


def _ends(letters: str, marks: str) -> Iterator[tuple[str, str]]:
    """Yield a syllable and what it is with another ending, or with one letter of its vowel left out."""
    yield letters, marks
    for ending, written, vowels in _ENDINGS:
        stem = len(letters) - len(ending)
        if letters.endswith(ending) and stem and letters[stem - 1] in vowels:
            yield letters[:stem] + written, marks[:stem] + NONE * len(written)
    for pair, signs in _SHORTENED:
        place = letters.find(pair)
        if place >= 0 and marks[place : place + 2] == signs:
            yield letters[: place + 1] + letters[place + 2 :], marks[: place + 1] + marks[place + 2 :]
