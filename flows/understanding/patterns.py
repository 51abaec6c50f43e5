"""Pattern matching over bit masks: patterns of the lexicon compiled to steps, a bit for each gap between words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import product
from typing import Generic, TypeVar

import msgspec

from content.lexicon.patterns import parse


class Step(msgspec.Struct, frozen=True):
    """One item of a pattern: `groups` of the vocabulary that satisfy it, or a gap, an end, a look ahead."""

    kind: str
    groups: tuple[int, ...] = ()
    gap: int = 0
    optional: bool = False


Needs = tuple[frozenset[int], ...]
"""Groups of the vocabulary: of each set one must be present."""

ANYTHING = -1
"""The group that is present in every message."""
_ANYTHING = frozenset((ANYTHING,))
NO_GROUPS: frozenset[int] = frozenset()

FEW_WORDS = 60
"""Words of a message up to which a mask is made when it is asked for, and no sooner."""

T = TypeVar("T")


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern, and what must be present that it can match."""

    text: str
    steps: tuple[Step, ...]
    needs: Needs


class Pairs(Generic[T]):
    """Things under two groups that each of them needs, so that a message looks at those alone that it may meet."""

    def __init__(self, things: Iterable[tuple[Pattern, T]], often: Callable[[frozenset[int]], int]) -> None:
        """Put each thing under the two needs of its pattern that are met least `often`."""
        self._by_pair: dict[int, dict[int, list[tuple[Needs, T]]]] = {}
        for pattern, thing in things:
            rarest, *others = sorted(pattern.needs, key=often)
            second, *rest = others or [_ANYTHING]
            for pair in product(rarest, second):
                self._by_pair.setdefault(pair[0], {}).setdefault(pair[1], []).append((tuple(rest), thing))

    def may_meet(self, present: Set[int]) -> bool:
        """Say whether anything has all its groups among `present`."""
        return next(self.met(present), None) is not None

    def met(self, present: Set[int]) -> Iterator[T]:
        """Yield whatever has all its groups among `present`; a thing may come twice."""
        for first in self._by_pair.keys() & present:
            by_second = self._by_pair[first]
            if by_second.keys().isdisjoint(present):
                continue
            for second in by_second.keys() & present:
                for needs, thing in by_second[second]:
                    if all_of(needs, present):
                        yield thing


def all_of(needs: Needs, present: Set[int]) -> bool:
    """Say whether of each need a group is among `present`."""
    for need in needs:  # noqa: SIM110 - asked often of a message; `all` costs twice as much
        if need.isdisjoint(present):
            return False
    return True


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
        mask = sum([1 << place for place, groups in enumerate(self._words) if group in groups])
        self[group] = mask
        return mask


class Masks:
    """Where each group of the vocabulary starts in a message, as bits: `ones` a word long, `longer` by length."""

    __slots__ = ("_present", "_words", "longer", "ones")

    def __init__(self, words: Sequence[Set[int]], longer: dict[int, dict[int, int]]) -> None:
        """Take the groups that each word is in by itself; whoever gives `longer` may still add to it."""
        self.ones, self.longer = _Ones(words), longer
        self._words = words
        self._present: Set[int] | None = None

    @property
    def present(self) -> Set[int]:
        """Every group that starts anywhere."""
        if self._present is None:
            self._present = _ANYTHING.union(self.longer, *self._words)
        return self._present

    def mark(self, group: int, length: int, place: int) -> None:
        """Remember that a phrase of `length` words starts at a place (bit)."""
        lengths = self.longer.setdefault(group, {})
        lengths[length] = lengths.get(length, 0) | place

    def starts(self, group: int) -> int:
        """Return the places (bits) where a group starts, whatever its length."""
        places = self.ones[group]
        for mask in self.longer.get(group, NOWHERE).values():
            places |= mask
        return places

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


NOWHERE: dict[int, int] = {}


def compile_pattern(text: str, group: Callable[[str], int], sets: frozenset[str]) -> Pattern:
    """Compile one pattern. `group` gives the id of a `<set>` or of a word. Raises PatternError."""
    steps = tuple(
        Step(item.kind, tuple(group(name) for name in item.names), item.gap, item.optional)
        for item in parse(text, sets)
    )
    needs = tuple(frozenset(step.groups) for step in steps if step.kind == "words" and not step.optional)
    return Pattern(text, steps, needs)


def ends(pattern: Pattern, masks: Masks, start: int, last: int) -> int:
    """Return the places (bits) where a match can end that begins at one of the places `start`; `last` = words."""
    at = start
    ones, longer, present = masks.ones, masks.longer, masks.present
    for step in pattern.steps:
        kind = step.kind
        if kind == "words":
            reached = at if step.optional else 0
            for group in step.groups:
                if group not in present:
                    continue
                reached |= (at & ones[group]) << 1
                if group in longer:
                    for length, mask in longer[group].items():
                        reached |= (at & mask) << length
            at = reached
        elif kind == "gap":
            at = _passed(at, step.gap) & ((1 << (last + 1)) - 1)
        elif kind == "start":
            at &= 1
        elif kind == "end":
            at &= 1 << last
        else:
            at &= ~_starts(step.groups, masks)
        if not at:
            return 0
    return at


def _passed(at: int, gap: int) -> int:
    """Return the places (bits) up to `gap` words behind those of `at`."""
    passed = 1
    while passed <= gap:
        step = min(passed, gap + 1 - passed)
        at |= at << step
        passed += step
    return at


def _starts(groups: tuple[int, ...], masks: Masks) -> int:
    starts = 0
    for group in groups:
        starts |= masks.starts(group)
    return starts
