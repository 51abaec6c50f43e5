"""Patterns of the lexicon compiled to steps over bit masks: a bit for each place between two words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

import msgspec

from content.patterns import parse


class Step(msgspec.Struct, frozen=True):
    """One item of a pattern: `groups` of the vocabulary that satisfy it, or a gap, an end, a look ahead."""

    kind: str
    groups: tuple[int, ...] = ()
    gap: int = 0
    optional: bool = False


Others = tuple[int, tuple[int, ...]]
"""Signatures (bits by group) of which each must be present: the one that is rarest, looked at first, and the rest."""

ANYTHING = -1
"""The signature that every message has."""


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern. `needs` holds, for each obligatory item, the groups of which one must be present."""

    text: str
    steps: tuple[Step, ...]
    needs: tuple[tuple[int, ...], ...]

    def rarest(self, members: Callable[[tuple[int, ...]], int]) -> tuple[tuple[int, ...], Others]:
        """Return the need with the fewest `members`, to be looked up by, and what else must be there."""
        first, *others = sorted(self.needs, key=members)
        second, *rest = map(bits, others or ((),))
        return first, (second if others else ANYTHING, tuple(rest))


def all_of(signatures: tuple[int, ...], present: int) -> bool:
    """Say whether each signature has a group among `present` (bits by group)."""
    for signature in signatures:  # noqa: SIM110 - asked often of a message; `all` costs twice as much
        if not signature & present:
            return False
    return True


class Masks:
    """Where each group of the vocabulary starts in a message, as bits: `ones` a word long, `longer` by length."""

    __slots__ = ("_present", "longer", "ones")

    def __init__(self, ones: dict[int, int], longer: dict[int, dict[int, int]]) -> None:
        self.ones, self.longer = ones, longer
        self._present: int | None = None

    @property
    def present(self) -> int:
        """A number with the bit of each group that starts anywhere."""
        if self._present is None:
            self._present = bits(self.ones) | bits(self.longer)
        return self._present

    def groups(self) -> Set[int]:
        """Return every group that starts anywhere."""
        return self.ones.keys() | self.longer.keys() if self.longer else self.ones.keys()

    def __contains__(self, group: int) -> bool:
        return group in self.ones or group in self.longer

    def starts(self, group: int) -> int:
        """Return the places (bits) where a group starts, whatever its length."""
        places = self.ones.get(group, 0)
        for mask in self.longer.get(group, NOWHERE).values():
            places |= mask
        return places

    def without(self, taken: int) -> Masks:
        """Return the masks of a message without the words (bits) `taken`, and without what they are part of."""
        ones = {group: kept for group, mask in self.ones.items() if (kept := mask & ~taken)}
        longer: dict[int, dict[int, int]] = {}
        for group, lengths in self.longer.items():
            for length, mask in lengths.items():
                touched = taken
                for step in range(1, length):
                    touched |= taken >> step
                if kept := mask & ~touched:
                    longer.setdefault(group, {})[length] = kept
        return Masks(ones, longer)


NOWHERE: dict[int, int] = {}


def compile_pattern(text: str, group: Callable[[str], int], sets: frozenset[str]) -> Pattern:
    """Compile one pattern. `group` gives the id of a `<set>` or of a word. Raises PatternError."""
    steps = tuple(
        Step(item.kind, tuple(group(name) for name in item.names), item.gap, item.optional)
        for item in parse(text, sets)
    )
    needs = tuple(step.groups for step in steps if step.kind == "words" and not step.optional)
    return Pattern(text, steps, needs)


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
    ones, longer = masks.ones, masks.longer
    for group in step.groups:
        mask = ones.get(group)
        if mask is not None:
            reached |= (at & mask) << 1
        if group in longer:
            for length, mask in longer[group].items():
                reached |= (at & mask) << length
    return reached


def _starts(groups: tuple[int, ...], masks: Masks) -> int:
    starts = 0
    for group in groups:
        starts |= masks.starts(group)
    return starts
