"""Pattern matching over bit masks: patterns of the lexicon compiled to steps, a bit for each gap between words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
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


class PatternIndex(Generic[T]):
    """Things by what their patterns need, so that a message looks at those alone that it may meet.

    Each thing is a bit. Of the first needs and of the second ones it is kept which things each group satisfies; a
    message joins the bits of its groups. Of what is left by both, the other needs are looked at one by one.
    """

    def __init__(self, things: Iterable[tuple[Pattern, T]], often: Callable[[frozenset[int]], int]) -> None:
        """Enter each thing; the needs of its pattern that are met least `often` come first."""
        self._things: list[tuple[Needs, T]] = []
        self._firsts: dict[int, int] = {}
        self._seconds: dict[int, int] = {}
        self._content = 0
        for number, (pattern, thing) in enumerate(things):
            first, *others = sorted(pattern.needs, key=often)
            self._things.append((tuple(others[1:]), thing))
            _enter(self._firsts, first, 1 << number)
            if others:
                _enter(self._seconds, others[0], 1 << number)
            else:
                self._content |= 1 << number

    def met(self, present: Set[int]) -> list[T]:
        """Return whatever has all its groups among `present`, in the order in which it was entered."""
        left = 0
        for group in self._firsts.keys() & present:
            left |= self._firsts[group]
        if not left:
            return []
        met = self._content
        for group in self._seconds.keys() & present:
            met |= self._seconds[group]
        left &= met
        found = []
        while left:
            lowest = left & -left
            left ^= lowest
            needs, thing = self._things[lowest.bit_length() - 1]
            if not needs or all_of(needs, present):
                found.append(thing)
        return found


def _enter(groups: dict[int, int], need: frozenset[int], thing: int) -> None:
    for group in need:
        groups[group] = groups.get(group, 0) | thing


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
        self.present: Set[int] = ones.keys() | longer.keys()

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
