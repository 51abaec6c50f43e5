"""Pattern matching over bit masks: patterns of the lexicon compiled to steps, a bit for each gap between words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from itertools import product
from typing import Generic, TypeVar

import msgspec

from content.lexicon.patterns import parse
from flows.understanding.masks import ANYTHING_ONLY, Masks


class Step(msgspec.Struct, frozen=True):
    """One item of a pattern: `groups` of the vocabulary that satisfy it, or a gap, an end, a look ahead.

    A gap is passed by adding to the places reached what lies each of the `shifts` behind them.
    """

    kind: str
    groups: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    optional: bool = False


Needs = tuple[frozenset[int], ...]
"""Groups of the vocabulary: of each set one must be present."""

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

    def may_meet(self, present: Set[int]) -> bool:
        """Say whether anything has all its groups among `present`."""
        return next(self.met(present), None) is not None

    def met(self, present: Set[int]) -> Iterator[T]:
        """Yield whatever has all its groups among `present`, each once."""
        looked_at: set[int] = set()
        for first in self._by_pair.keys() & present:
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
    for step in pattern.steps:
        kind = step.kind
        if kind == "words":
            reached = at if step.optional else 0
            for length, places in masks.starts(step.groups):
                reached |= (at & places) << length
            at = reached
        elif kind == "gap":
            for shift in step.shifts:
                at |= at << shift
            at &= (1 << (last + 1)) - 1
        elif kind == "start":
            at &= 1
        elif kind == "end":
            at &= 1 << last
        else:
            for _, places in masks.starts(step.groups):
                at &= ~places
        if not at:
            return 0
    return at


def _shifts(gap: int) -> Iterator[int]:
    """Yield by how much places are moved so that with every move added all up to `gap` words further are reached."""
    reached = 0
    while reached < gap:
        shift = min(reached + 1, gap - reached)
        yield shift
        reached += shift
