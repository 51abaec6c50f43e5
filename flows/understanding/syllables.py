"""Syllables: the words of a message looked up, and how it is written: with its tones, without them, by ear."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from flows.text.letters import bare
from flows.understanding.danger_weights import Sign, sign_of
from flows.understanding.readings import Reading
from flows.understanding.telex import is_syllable
from flows.understanding.tokens import Spelling
from flows.understanding.vocabulary import NOTHING_KNOWN, Found, Vocabulary

TONED = 0.45
"""Share of the words with a mark or tone from which on a word without one is taken for itself."""

MOST_KEPT = 20_000
"""Syllables and known words that are remembered."""

MOST_STRANGE, EACH_WORD = 700, 3
"""Letters of a message that are looked at closely though they are no syllables; each word counts for some more."""

UNTONED, MOSTLY_TONED, ALL_TONED = range(3)
"""How a message is written: a word without its tone may be any, is itself where it is a known word, or always is."""

Word = tuple[Found, Sign]
"""What a word may be in the vocabulary of the rules, and how it is weighed."""


class Syllable(msgspec.Struct, frozen=True, eq=False):
    """What was typed as one word: its words in a message of each kind, the readings of it and what they say of it."""

    words: tuple[tuple[Word, ...], tuple[Word, ...], tuple[Word, ...]]
    readings: tuple[Reading, ...] = ()
    marked: int = 0
    unmarked: bool = False
    by_ear: bool = False


_STRANGE: tuple[Word, ...] = ((NOTHING_KNOWN, Sign("")),)
STRANGE = Syllable((_STRANGE, _STRANGE, _STRANGE), (("", "", ""),))
"""What is not looked at."""


class WrittenMessage:
    """A message as it is written: the words that are in it, and what they say of each other."""

    __slots__ = ("by_ear", "kind", "syllables", "typed", "words")

    def __init__(self, typed: list[str], syllables: list[Syllable]) -> None:
        """Take what was typed, and the syllable of each."""
        self.typed, self.syllables = typed, syllables
        number = sum([len(syllable.words[UNTONED]) for syllable in syllables])
        marked = sum([syllable.marked for syllable in syllables])
        self.kind = UNTONED
        if marked >= TONED * number:
            self.kind = MOSTLY_TONED if any([syllable.unmarked for syllable in syllables]) else ALL_TONED
        kind = self.kind
        self.words = [word for syllable in syllables for word in syllable.words[kind]]
        self.by_ear = any([syllable.by_ear for syllable in syllables])


class Syllables:
    """The syllables of one lexicon. Those of the language are remembered: alone they tell nothing of anybody."""

    def __init__(self, spelling: Spelling, vocabulary: Vocabulary) -> None:
        self._spelling, self._vocabulary = spelling, vocabulary
        self._kept: dict[str, Syllable] = {}
        self._kept_by_ear: dict[tuple[str, int], tuple[Found, ...]] = {}

    def read(self, typed: list[str]) -> WrittenMessage:
        """Return a message with its words looked up; only so many strange ones are worth mending."""
        syllables = []
        strange = 0
        for word in typed:
            known = self._kept.get(word)
            if known is None:
                whole = self._is_whole(word)
                strange += 0 if whole else len(word) + EACH_WORD
                known = self._syllable(word, whole) if whole or strange <= MOST_STRANGE else STRANGE
            syllables.append(known)
        return WrittenMessage(typed, syllables)

    def by_ear(self, written: WrittenMessage) -> list[Found]:
        """Return the words of a message that is written by ear, each with what it may be beside itself."""
        found: list[Found] = []
        for word, syllable in zip(written.typed, written.syllables, strict=True):
            known = self._kept_by_ear.get((word, written.kind))
            if known is None:
                known = tuple(self._widened(syllable, written.kind))
                if word in self._kept:
                    self._kept_by_ear[word, written.kind] = known
            found += known
        return found

    def _is_whole(self, word: str) -> bool:
        plain = bare(word)
        return is_syllable(plain) or plain in self._spelling.known

    def _syllable(self, word: str, whole: bool) -> Syllable:
        tokens = self._spelling.tokens(word)
        by_ear = [self._spelling.is_by_ear(readings[0]) for readings in tokens]
        words = tuple(
            (self._vocabulary.find(readings), sign_of(readings, by_ear=ear))
            for readings, ear in zip(tokens, by_ear, strict=True)
        )
        syllable = Syllable(
            (words, tuple(map(_mostly_as_typed, words)), tuple(map(_as_typed, words))),
            tuple(readings[0] for readings in tokens),
            marked=sum(sign.marked for _, sign in words),
            unmarked=any(sign.unmarked for _, sign in words),
            by_ear=any(by_ear),
        )
        if whole and len(self._kept) < MOST_KEPT:
            self._kept[word] = syllable
        return syllable

    def _widened(self, syllable: Syllable, kind: int) -> Iterator[Found]:
        for (found, _), typed in zip(syllable.words[kind], syllable.readings, strict=True):
            perhaps = self._spelling.perhaps(typed, toned=kind != UNTONED)
            yield self._vocabulary.widened(found, perhaps)


def _as_typed(word: Word) -> Word:
    """Return a word of a message that has all its tones: it is what is written and nothing else."""
    found, sign = word
    return word if found.as_typed is None else (found.as_typed, sign)


def _mostly_as_typed(word: Word) -> Word:
    """Return a word of a message that has most of its tones: one without any is itself where it is a known word."""
    found, sign = word
    known = found.as_typed is not None and found.as_typed.words
    return word if sign.marked or not known else (found.as_typed or found, sign)
