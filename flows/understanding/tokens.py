"""Tokens: from what was typed to the words it may mean (shorthand, repaired keys, stretched letters)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flows.text.letters import bare, tidy
from flows.understanding.joined import Joined
from flows.understanding.readings import Reading, reading
from flows.understanding.sound_classes import SoundClasses
from flows.understanding.spelling import FOR_A_SLIP, Neighbours, chat_spellings
from flows.understanding.telex import as_keys, is_syllable, repair

LONGEST = 6000
"""Characters that are read of one message; what comes after is content, not a cry."""

MOST_WORDS = 1200
"""Words that are read of one message: a page full of single letters must not hold up everybody."""

FACE = "emoji"
"""How the names of signs begin that are no words."""

SHORT = 4
"""Letters of a word in which only two changed about are mended: there are too many words one letter away."""

MOST_DOUBLED = 3
"""Doubled letters of a word that are tried as one held too long."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f]")
_THRICE = re.compile(r"(.)\1\1")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[㐀-鿿]|[^\W_㐀-鿿]+")
_HAS_DIGIT = re.compile(r"\d")
_DIGITS_AND_LETTERS = re.compile(r"\d+|[^\W\d_]+")
_SPELT_OUT = re.compile(r"(?<!\w)(?:(\w)\1{0,2}[.\-_*]){2,}(\w)\2{0,2}(?!\w)")
_SPELT_PAIR = re.compile(r"(?<!\w)([^\W\d_])[.\-_*]([^\W\d_])(?!\w)")
_SPACED = re.compile(r"(?<!\w)(?:([^\W\d_])\1{0,2} ){3,}([^\W\d_])\2{0,2}(?!\w)")
_TWO_APART = re.compile(r" (\w)\1{0,2} (\w)\2{0,2} ")
"""What is quickly looked for, and must be there where four letters or more were typed one by one."""
_DOUBLED = re.compile(r"(.)\1")
_BETWEEN = re.compile(r"[.\-_*]")


class Spelling:
    """The words of one lexicon's shorthand and emoji, ready to apply."""

    def __init__(
        self,
        shorthand: Mapping[str, tuple[str, ...]],
        emoji: Mapping[str, str],
        known: Mapping[Reading, int],
        classes: SoundClasses,
    ) -> None:
        self.known = frozenset(letters for letters, _, _ in known)
        self._classes = classes
        self._emoji = emoji
        self._emoji_pattern = re.compile("|".join(map(re.escape, sorted(emoji, key=len, reverse=True))) or "(?!)")
        self._faces = frozenset(name for name in emoji.values() if name.startswith(FACE))
        self._single = {key: tuple(map(reading, words)) for key, words in shorthand.items() if _all_single(words)}
        self._neighbours = Neighbours(self.known)
        self._joined = Joined(known)
        self._longer = {key: words for key, words in shorthand.items() if not _all_single(words)}

    def words(self, text: str) -> list[str]:
        """Return the words of a message: tidied, signs and other scripts named, stretched letters shortened."""
        text = text[:LONGEST]
        if not text.isascii():
            text = _INVISIBLE.sub("", text)
            text = self._emoji_pattern.sub(lambda found: f" {self._emoji[found.group()]} ", text)
        text = tidy(text, LONGEST)[:LONGEST]
        if _THRICE.search(text):
            text = _STRETCHED.sub(r"\1\1\1", text)
        if "." in text or "-" in text or "*" in text or "_" in text:
            text = _closed(text)
        if _TWO_APART.search(text):
            text = _SPACED.sub(self._closed_up, text)
        return self._signs_last(_WORD.findall(text)[:MOST_WORDS])

    def _signs_last(self, words: list[str]) -> list[str]:
        """Return the words with the faces that stood between them behind them, where they part nothing."""
        if self._faces.isdisjoint(words):
            return words
        faces = [word for word in words[1:] if word in self._faces]
        return [*words[:1], *(word for word in words[1:] if word not in self._faces), *faces]

    def _closed_up(self, found: re.Match[str]) -> str:
        """Return letters that were typed one by one as the words they make, or as they are."""
        letters = "".join([letter[0] for letter in found.group().split(" ")])  # one held down too long is one letter
        return " ".join(self._joined.apart(letters)) or (letters if bare(letters) in self.known else found.group())

    def tokens(self, word: str) -> list[tuple[Reading, ...]]:
        """Return the readings of one word, what was typed first; a word may stand for several (`cty`, `15t`)."""
        tokens: list[tuple[Reading, ...]] = []
        self._add(word, tokens)
        return tokens

    def is_by_ear(self, typed: Reading) -> bool:
        """Say whether a syllable is no word or a rare one, and one sound away from another."""
        return self._classes.tells(typed)

    def perhaps(self, typed: Reading, *, toned: bool) -> tuple[Reading, ...]:
        """Return what a word may be beside itself in a message that is written by ear."""
        return self._classes.perhaps(typed) if toned or typed[1] or typed[2] else self._classes.bare(typed)

    def _add(self, word: str, tokens: list[tuple[Reading, ...]]) -> None:
        longer = self._longer.get(word)
        if longer is not None:
            tokens.extend((reading(part),) for part in longer[0].split())
            return
        if word.isalpha() or word.isdecimal() or (not word.isascii() and not _HAS_DIGIT.search(word)):
            pieces = self._apart(word)
            tokens.extend(map(self._all_readings, pieces))
            if not pieces:
                tokens.append(self._all_readings(word))
            return
        composed = "" if word in self._single else _from_keys(word)
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
        meant = self._classes.meant(typed)
        if meant:
            return (typed, *self._single.get(word, ()), *meant)
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
            for shorter in _shortened(word):
                others = (*others, reading(shorter), *self._single.get(shorter, ()))
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
        single = _DOUBLED.sub(r"\1", once)
        if once.isascii() and (repair(once) or repair(single)):
            return ()
        if single != once and is_syllable(bare(single)):  # one word, a key of which was held: `muuon`
            return ()
        return self._joined.apart(once) or (self._joined.apart(single) if single != once else ())

    def _slips(self, word: str, typed: Reading) -> tuple[Reading, ...]:
        """Return what a slip of the finger may have turned into `word`; in a short one two letters changed about."""
        if len(word) <= SHORT:
            turned = (_turned(word, place) for place in range(len(word) - 1))
            return tuple(reading(near) for near in turned if bare(near) in self.known)
        return tuple((near, "", typed[2]) for near in self._neighbours.of(typed[0]))


def _from_keys(word: str) -> str:
    if not word.isascii():
        return ""
    return repair(word) or repair(_STRETCHED.sub(r"\1", word))


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


def _closed(text: str) -> str:
    """Return a text without the signs between letters; between two of them only where others were spelt out too."""
    closed = _SPELT_OUT.sub(lambda found: _BETWEEN.sub("", found.group()), text)
    return closed if closed == text else _SPELT_PAIR.sub(r"\1\2", closed)


def _all_single(words: tuple[str, ...]) -> bool:
    return all(" " not in word for word in words)
