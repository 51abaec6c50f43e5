"""Patterns of the lexicon compiled to steps over bit masks: a bit for each place between two words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from content.patterns import parse


class Step(msgspec.Struct, frozen=True):
    """One item of a pattern: `groups` of the vocabulary that satisfy it, or a gap, an end, a look ahead."""

    kind: str
    groups: tuple[int, ...] = ()
    gap: int = 0
    optional: bool = False


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern. `needs` holds, for each obligatory item, the groups of which one must be present."""

    text: str
    steps: tuple[Step, ...]
    needs: tuple[tuple[int, ...], ...]
    signatures: tuple[int, ...]

    def may_match(self, present: int) -> bool:
        """Say whether every obligatory item has one of its groups among `present` (bits by group)."""
        for signature in self.signatures:  # noqa: SIM110 - asked a hundred times a message; `all` costs twice as much
            if not signature & present:
                return False
        return True


Masks = dict[int, dict[int, int]]
"""For each group: for each length in words, the places where it starts, as bits."""


def compile_pattern(text: str, group: Callable[[str], int], sets: frozenset[str]) -> Pattern:
    """Compile one pattern. `group` gives the id of a `<set>` or of a word. Raises PatternError."""
    steps = tuple(
        Step(item.kind, tuple(group(name) for name in item.names), item.gap, item.optional)
        for item in parse(text, sets)
    )
    needs = tuple(step.groups for step in steps if step.kind == "words" and not step.optional)
    return Pattern(text, steps, needs, tuple(bits(groups) for groups in needs))


def bits(groups: Iterable[int]) -> int:
    """Return a number with the bit of each group set."""
    bits = 0
    for group in groups:
        bits |= 1 << group
    return bits


def ends(pattern: Pattern, masks: Masks, start: int, last: int) -> int:
    """Return the places (bits) where a match can end that begins at one of the places `start`; `last` = words."""
    at = start
    for step in pattern.steps:
        kind = step.kind
        if kind == "words":
            at = _after(step, masks, at)
        elif kind == "gap":
            for _ in range(step.gap):
                at |= at << 1
            at &= (1 << (last + 1)) - 1
        elif kind == "start":
            at &= 1
        elif kind == "end":
            at &= 1 << last
        else:
            at &= ~_starts(step.groups, masks)
        if not at:
            return 0
    return at


def _after(step: Step, masks: Masks, at: int) -> int:
    reached = at if step.optional else 0
    for group in step.groups:
        lengths = masks.get(group)
        if lengths:
            for length, mask in lengths.items():
                reached |= (at & mask) << length
    return reached


def _starts(groups: tuple[int, ...], masks: Masks) -> int:
    starts = 0
    for group in groups:
        for mask in masks.get(group, {}).values():
            starts |= mask
    return starts
