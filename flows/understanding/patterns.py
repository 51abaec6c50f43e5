"""Pattern matching over bit masks: patterns of the lexicon compiled to steps, a bit for each gap between words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import product
from typing import Generic, NamedTuple, TypeVar

import msgspec

from content.lexicon.patterns import parse


class Step(NamedTuple):
    """One item of a pattern: `groups` of the vocabulary that satisfy it, or a gap, an end, a look ahead.

    A gap is passed by adding to the places reached what lies each of the `shifts` behind them.
    """

    kind: str
    groups: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    optional: bool = False


Needs = tuple[frozenset[int], ...]
"""Groups of the vocabulary: of each set one must be present."""

ANYTHING = -1
"""The group that is present in every message."""
ANYTHING_ONLY = frozenset((ANYTHING,))

FEW_WORDS = 60
"""Words of a message up to which hardly a word comes again."""

Longer = dict[int, dict[int, int]]
"""Groups, with the places (bits) where their phrases start by length."""

NOWHERE: dict[int, int] = {}

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
        self._by_pair: dict[int, dict[int, list[tuple[int, Needs, T]]]] = {}
        for number, (pattern, thing) in enumerate(things):
            rarest, *others = sorted(pattern.needs, key=often)
            second, *rest = others or [ANYTHING_ONLY]
            for pair in product(rarest, second):
                self._by_pair.setdefault(pair[0], {}).setdefault(pair[1], []).append((number, tuple(rest), thing))

    def met(self, present: Set[int]) -> Iterable[T]:
        """Return whatever has all its groups among `present`, each once."""
        firsts = self._by_pair.keys() & present
        return self._met(firsts, present) if firsts else ()

    def _met(self, firsts: Set[int], present: Set[int]) -> Iterator[T]:
        looked_at: set[int] = set()
        for first in firsts:
            by_second = self._by_pair[first]
            if by_second.keys().isdisjoint(present):
                continue
            for second in by_second.keys() & present:
                for number, needs, thing in by_second[second]:
                    if number not in looked_at:
                        looked_at.add(number)
                        if all_of(needs, present):
                            yield thing


def all_of(needs: Needs, present: Set[int]) -> bool:
    """Say whether of each need a group is among `present`."""
    for need in needs:  # noqa: SIM110 - asked often of a message; `all` costs twice as much
        if need.isdisjoint(present):
            return False
    return True


class Masks:
    """Where each group of the vocabulary starts in a message, as bits: `ones` a word long, `longer` by length."""

    __slots__ = ("longer", "ones", "present")

    def __init__(self, ones: dict[int, int], longer: Longer) -> None:
        """Keep the masks; `present` is every group that starts anywhere."""
        self.ones, self.longer = ones, longer
        self.present: Set[int] = ANYTHING_ONLY.union(ones, longer)

    def starts(self, group: int) -> int:
        """Return the places (bits) where a group starts, whatever its length."""
        places = self.ones.get(group, 0)
        for mask in self.longer.get(group, NOWHERE).values():
            places |= mask
        return places

    def without(self, taken: int) -> Masks:
        """Return the masks of a message without the words (bits) `taken`, and without what they are part of."""
        ones = {group: kept for group, mask in self.ones.items() if (kept := mask & ~taken)}
        longer: Longer = {}
        for group, lengths in self.longer.items():
            for length, mask in lengths.items():
                touched = taken
                for step in range(1, length):
                    touched |= taken >> step
                if kept := mask & ~touched:
                    longer.setdefault(group, {})[length] = kept
        return Masks(ones, longer)


def ones_of(words: Sequence[Set[int]]) -> dict[int, int]:
    """Return the places (bits) of each group, from the groups that each word is in by itself."""
    if len(words) > FEW_WORDS:
        return _by_word(words)
    ones: dict[int, int] = {}
    bit = 1
    for groups in words:
        for group in groups:
            ones[group] = ones.get(group, 0) | bit
        bit <<= 1
    return ones


def _by_word(words: Sequence[Set[int]]) -> dict[int, int]:
    """Return the same for a long message, in which each different word is looked at once."""
    places: dict[Set[int], list[int]] = {}
    for place, groups in enumerate(words):
        if groups:
            places.setdefault(groups, []).append(place)
    ones: dict[int, int] = {}
    for groups, at in places.items():
        mask = sum([1 << place for place in at])
        for group in groups:
            ones[group] = ones.get(group, 0) | mask
    return ones


def compile_pattern(text: str, group: Callable[[str], int], sets: frozenset[str]) -> Pattern:
    """Compile one pattern. `group` gives the id of a `<set>` or of a word. Raises PatternError."""
    steps = tuple(
        Step(item.kind, tuple(group(name) for name in item.names), tuple(_shifts(item.gap)), item.optional)
        for item in parse(text, sets)
    )
    needs = tuple(frozenset(step.groups) for step in steps if step.kind == "words" and not step.optional)
    return Pattern(text, steps, needs)


def ends(pattern: Pattern, masks: Masks, start: int, last: int) -> int:
    """Return the places (bits) where a match can end that begins at one of the places `start`; `last` = words."""
    at = start
    ones, longer = masks.ones, masks.longer
    for kind, groups, shifts, optional in pattern.steps:
        if kind == "words":
            reached = at if optional else 0
            for group in groups:
                if group in ones:
                    reached |= (at & ones[group]) << 1
                if group in longer:
                    for length, places in longer[group].items():
                        reached |= (at & places) << length
            at = reached
        elif kind == "gap":
            for shift in shifts:
                at |= at << shift
            at &= (2 << last) - 1
        else:
            at &= _allowed(kind, groups, masks, last)
        if not at:
            return 0
    return at


def _allowed(kind: str, groups: tuple[int, ...], masks: Masks, last: int) -> int:
    """Return the places (bits) at which the message starts or ends, or where none of the groups follows."""
    if kind != "not":
        return 1 if kind == "start" else 1 << last
    allowed = -1
    for group in groups:
        allowed &= ~masks.starts(group)
    return allowed


def _shifts(gap: int) -> Iterator[int]:
    """Yield by how much places are moved so that with every move added all up to `gap` words further are reached."""
    reached = 0
    while reached < gap:
        shift = min(reached + 1, gap - reached)
        yield shift
        reached += shift
