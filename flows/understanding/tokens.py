"""Tokens: from what was typed to the words it may mean (shorthand, repaired keys, stretched letters)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flows.text.letters import NONE, bare, marks, tidy, tone_of, tones
from flows.understanding.spelling import FOR_A_SLIP, Joined, Neighbours, chat_spellings
from flows.understanding.telex import as_keys, is_syllable, repair

Reading = tuple[str, str, str]
"""A syllable as (letters without marks, a mark per letter, tone)."""

LONGEST = 6000
"""Characters that are read of one message; what comes after is content, not a cry."""

MOST_WORDS = 1200
"""Words that are read of one message: a page full of single letters must not hold up everybody."""

SHORT = 4
"""Letters of a word in which only two changed about are mended: there are too many words one letter away."""

MOST_DOUBLED = 3
"""Doubled letters of a word that are tried as one held too long."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[㐀-鿿]|[^\W_㐀-鿿]+")
_DIGITS_AND_LETTERS = re.compile(r"\d+|[^\W\d_]+")
_SPELT_OUT = re.compile(r"(?<!\w)(?:(\w)\1{0,2}[.\-_*]){2,}(\w)\2{0,2}(?!\w)")
_SPACED = re.compile(r"(?<!\w)(?:([^\W\d_])\1{0,2} ){3,}([^\W\d_])\2{0,2}(?!\w)")
_DOUBLED = re.compile(r"(.)\1")
_BETWEEN = re.compile(r"[.\-_*]")


class Spelling:
    """The words of one lexicon's shorthand and emoji, ready to apply."""

    def __init__(
        self, shorthand: Mapping[str, tuple[str, ...]], emoji: Mapping[str, str], known: frozenset[str]
    ) -> None:
        self.known = known
        self._emoji = emoji
        self._emoji_pattern = re.compile("|".join(map(re.escape, sorted(emoji, key=len, reverse=True))) or "(?!)")
        self._single = {key: tuple(map(reading, words)) for key, words in shorthand.items() if _all_single(words)}
        self._neighbours = Neighbours(known)
        self._joined = Joined(known)
        self._longer = {key: words for key, words in shorthand.items() if not _all_single(words)}

    def words(self, text: str) -> list[str]:
        """Return the words of a message: tidied, signs and other scripts named, stretched letters shortened."""
        text = text[:LONGEST]
        if not text.isascii():
            text = _INVISIBLE.sub("", text)
            text = self._emoji_pattern.sub(lambda found: f" {self._emoji[found.group()]} ", text)
        text = _STRETCHED.sub(r"\1\1\1", tidy(text)[:LONGEST])  # tidied, one character may be eighteen
        if "." in text or "-" in text or "*" in text or "_" in text:
            text = _SPELT_OUT.sub(lambda found: _BETWEEN.sub("", found.group()), text)
        text = _SPACED.sub(self._closed_up, text)
        return _WORD.findall(text)[:MOST_WORDS]

    def _closed_up(self, found: re.Match[str]) -> str:
        """Return letters that were typed one by one as the words they make, or as they are."""
        letters = "".join([letter[0] for letter in found.group().split(" ")])  # one held down too long is one letter
        return " ".join(self._joined.apart(letters)) or found.group()

    def tokens(self, word: str) -> list[tuple[Reading, ...]]:
        """Return the readings of one word, what was typed first; a word may stand for several (`cty`, `15t`)."""
        tokens: list[tuple[Reading, ...]] = []
        self._add(word, tokens)
        return tokens

    def _add(self, word: str, tokens: list[tuple[Reading, ...]]) -> None:
        longer = self._longer.get(word)
        if longer is not None:
            tokens.extend((reading(part),) for part in longer[0].split())
            return
        if not word.isascii() or word.isalpha() or word.isdecimal():
            pieces = self._apart(word)
            tokens.extend((reading(piece),) for piece in pieces)
            if not pieces:
                tokens.append(self._all_readings(word))
            return
        composed = "" if word in self._single else repair(word) or repair(_STRETCHED.sub(r"\1", word))
        if composed:
            tokens.append((reading(composed),))
            return
        if word in self._single:
            tokens.append(self._all_readings(word))
            return
        for part in _DIGITS_AND_LETTERS.findall(word):
            self._add(part, tokens)

    def _all_readings(self, word: str) -> tuple[Reading, ...]:
        """Return what was typed, what it is shorthand for, and what its keys or doubled letters were meant to be."""
        typed = reading(word)
        if typed[0] in self.known and word not in self._single:
            return (typed,)
        if _STRETCHED.search(word):
            once = self._all_readings(_STRETCHED.sub(r"\1", word))
            # what the shorter word was meant to be comes right after what was typed: it is weighed as that
            return (typed, *once[1:2], *once, *self._all_readings(_STRETCHED.sub(r"\1\1", word)))
        others = self._single.get(word, ())
        if not is_syllable(typed[0]):
            composed = repair(word if word.isascii() else as_keys(word))
            if composed:
                others = (*others, reading(composed))
            others = (*others, *map(reading, _shortened(word)))
            others = (*others, *(reading(meant) for meant in chat_spellings(word)))
            if not others:
                others = self._slips(word, typed)
        return (typed, *others)

    def _apart(self, word: str) -> tuple[str, ...]:
        """Return the words that were run together in `word`, or nothing when it is a word or may be a repaired one."""
        once = _STRETCHED.sub(r"\1", word)
        letters = bare(once)
        if len(letters) < FOR_A_SLIP or letters in self.known or is_syllable(letters) or word in self._single:
            return ()
        if once.isascii() and repair(once):
            return ()
        return self._joined.apart(once) or self._joined.apart(_DOUBLED.sub(r"\1", once))

    def _slips(self, word: str, typed: Reading) -> tuple[Reading, ...]:
        """Return what a slip of the finger may have turned into `word`; in a short one two letters changed about."""
        if len(word) <= SHORT:
            turned = (_turned(word, place) for place in range(len(word) - 1))
            return tuple(reading(near) for near in turned if bare(near) in self.known)
        return tuple((near, "", typed[2]) for near in self._neighbours.of(typed[0]))


def _shortened(word: str) -> Iterator[str]:
    """Yield what is left when some of the doubled letters were one held too long: `eem`, `coos`, `chiij`.

    A doubled letter may be a key of its own (`oo` is ô), so each is tried as one and as two. A number is no such word:
    `1133` is not a call of 113.
    """
    places = [] if word.isdecimal() else [found.start() for found in _DOUBLED.finditer(word)][:MOST_DOUBLED]
    for once in range(1, 1 << len(places)):
        left_out = {place for bit, place in enumerate(places) if once >> bit & 1}
        shorter = "".join(letter for place, letter in enumerate(word) if place not in left_out)
        yield repair(shorter if shorter.isascii() else as_keys(shorter)) or shorter
        yield shorter


def _turned(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def reading(word: str) -> Reading:
    """Take one tidied word apart."""
    if word.isascii():
        return word, "", ""
    return bare(word), marks(word).rstrip(NONE) and marks(word), tone_of(tones(word))


def _all_single(words: tuple[str, ...]) -> bool:
    return all(" " not in word for word in words)
