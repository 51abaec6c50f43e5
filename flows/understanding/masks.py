"""Masks: where the groups of the vocabulary start in one message, a bit for each gap between words."""

from __future__ import annotations

from collections.abc import Sequence, Set

ANYTHING = -1
"""The group that is present in every message."""
ANYTHING_ONLY = frozenset((ANYTHING,))
NO_GROUPS: frozenset[int] = frozenset()

FEW_WORDS = 60
"""Words of a message up to which a mask is made when it is asked for, and no sooner."""

Starts = tuple[tuple[int, int], ...]
"""Numbers of words, and the places (bits) where something so long starts."""

NOWHERE: dict[int, int] = {}


class _Ones(dict[int, int]):
    """Where each group is one word, as bits; made when it is first asked for: a short message asks for few groups."""

    __slots__ = ("_words",)

    def __init__(self, words: Sequence[Set[int]]) -> None:
        super().__init__()
        self._words = words
        if len(words) > FEW_WORDS:
            self._fill(words)

    def _fill(self, words: Sequence[Set[int]]) -> None:
        """Make all masks of a long message at once, each different word of it looked at once."""
        places: dict[Set[int], int] = {}
        for place, groups in enumerate(words):
            if groups:
                places[groups] = places.get(groups, 0) | 1 << place
        for groups, mask in places.items():
            for group in groups:
                self[group] = self.get(group, 0) | mask

    def __missing__(self, group: int) -> int:
        if len(self._words) > FEW_WORDS:
            return 0
        mask = self[group] = sum([1 << place for place, groups in enumerate(self._words) if group in groups])
        return mask


class Masks:
    """Where each group of the vocabulary starts in a message, as bits: `ones` a word long, `longer` by length."""

    __slots__ = ("_present", "_starts", "_words", "longer", "ones")

    def __init__(self, words: Sequence[Set[int]], longer: dict[int, dict[int, int]]) -> None:
        """Take the groups that each word is in by itself; whoever gives `longer` may still add to it."""
        self.ones, self.longer = _Ones(words), longer
        self._words = words
        self._present: Set[int] | None = None
        self._starts: dict[tuple[int, ...], Starts] = {}

    @property
    def present(self) -> Set[int]:
        """Every group that starts anywhere."""
        if self._present is None:
            self._present = ANYTHING_ONLY.union(self.longer, *self._words)
        return self._present

    def mark(self, group: int, length: int, place: int) -> None:
        """Remember that a phrase of `length` words starts at a place (bit)."""
        lengths = self.longer.setdefault(group, {})
        lengths[length] = lengths.get(length, 0) | place

    def starts(self, groups: tuple[int, ...]) -> Starts:
        """Return where one of the groups starts, length by length; kept, for many patterns ask for the same."""
        known = self._starts.get(groups)
        if known is None:
            known = self._starts[groups] = tuple(self._by_length(groups).items())
        return known

    def anywhere(self, group: int) -> int:
        """Return the places (bits) where a group starts, whatever its length."""
        anywhere = 0
        for _, places in self.starts((group,)):
            anywhere |= places
        return anywhere

    def _by_length(self, groups: tuple[int, ...]) -> dict[int, int]:
        lengths: dict[int, int] = {}
        for group in groups:
            if group not in self.present:
                continue
            if places := self.ones[group]:
                lengths[1] = lengths.get(1, 0) | places
            for length, places in self.longer.get(group, NOWHERE).items():
                lengths[length] = lengths.get(length, 0) | places
        return lengths

    def without(self, taken: int) -> Masks:
        """Return the masks of a message without the words (bits) `taken`, and without what they are part of."""
        words = [NO_GROUPS if taken >> place & 1 else groups for place, groups in enumerate(self._words)]
        longer: dict[int, dict[int, int]] = {}
        for group, lengths in self.longer.items():
            for length, mask in lengths.items():
                touched = taken
                for step in range(1, length):
                    touched |= taken >> step
                if kept := mask & ~touched:
                    longer.setdefault(group, {})[length] = kept
        return Masks(words, longer)
