"""Learnt weights of danger: many small signs no rule knows, which together may ask, and only ask.

The weights are data (content/data/lexicon/suspicion.yaml), learnt from the labelled phrases by
`make weights`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from flows.understanding.patterns import Masks
from flows.understanding.readings import Reading
from flows.understanding.telex import is_syllable

STEP = 8
"""Words from one window of a long message to the next: as many as a byte of a mask has bits."""
WINDOW = 2 * STEP
LONG = 24
"""Words of a message from which on it is weighed window by window: in a long story the cry is one clause."""

ALWAYS_TONED = ("c", "ch", "p", "t")
"""Endings of syllables that always have a tone."""

NUMBER = "0"
ALWAYS = "*"
"""A sign of every message: what the weights think of somebody whose words they do not know."""


class Sign(msgspec.Struct, frozen=True):
    """A word as it is weighed: without marks, and with them where they were typed.

    `marked` says that it was typed with a mark or tone, `unmarked` that it needs a tone and was typed without one,
    `by_ear` that it is no word as it stands, or a rare one, and one sound away from another.
    """

    plain: str
    toned: str = ""
    marked: bool = False
    unmarked: bool = False
    by_ear: bool = False


def sign_of(readings: Sequence[Reading], *, by_ear: bool = False) -> Sign:
    """Return the sign of a word: what it is shorthand or a slip for, else what was typed."""
    letters, marks, tone = readings[1] if len(readings) > 1 else readings[0]
    if letters.isdecimal():
        return Sign(NUMBER)
    typed = readings[0]
    toned = f"{letters}/{marks}{tone}" if marks or tone else ""
    return Sign(letters, toned, marked=bool(typed[1] or typed[2]), unmarked=lacks_tone(typed), by_ear=by_ear)


def lacks_tone(typed: Reading) -> bool:
    """Say whether a syllable that cannot be without a tone was typed without one: `bat`, `nhot`."""
    letters, _, tone = typed
    return not tone and letters.endswith(ALWAYS_TONED) and is_syllable(letters)


class DangerWeights:
    """The weights in working order; `weigh` gives hundredths, heavier the more a message sounds like a cry."""

    def __init__(self, weights: Mapping[str, int], groups: Mapping[str, int]) -> None:
        self._weights = weights
        self._names = {group: name for name, group in groups.items()}

    def weigh(self, parts: Iterable[list[str]]) -> int:
        """Return what a message weighs, or the heaviest part of a long one: log-odds of a cry, in hundredths."""
        return max(map(self._weight, parts))

    def parts(self, signs: Sequence[Sign], masks: Masks, rules: Sequence[str]) -> Iterator[list[str]]:
        """Yield the features of a message, or those of each window of a long one; `rules` hold for all of it."""
        present_groups = masks.present & self._names.keys()
        if len(signs) <= LONG:
            yield [ALWAYS, *_words(signs), *map(self._names.__getitem__, present_groups), *rules]
            return
        size = len(signs) // STEP + 2
        starts = [(self._names[group], masks.starts(group).to_bytes(size, "little")) for group in present_groups]
        for step in range((len(signs) - 1) // STEP):
            present = [name for name, places in starts if places[step] or places[step + 1]]
            yield [ALWAYS, *_words(signs[step * STEP : step * STEP + WINDOW]), *present, *rules]

    def _weight(self, features: list[str]) -> int:
        return sum(map(self._weights.__getitem__, self._weights.keys() & features))


def _words(signs: Sequence[Sign]) -> Iterator[str]:
    before = ""
    for sign in signs:
        yield sign.plain
        if sign.toned:
            yield sign.toned
        if before:
            yield f"{before}_{sign.plain}"
        before = sign.plain
