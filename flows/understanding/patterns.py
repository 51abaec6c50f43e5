"""Patterns of the lexicon, compiled to steps over bit masks: a bit per place between two words.

A pattern is words and `<sets>` in order. `..` lets up to three words pass, `..5` up to five; `a|b` is either;
`ép_buộc` is two words in one item; `lắm?` may be missing; `!trợ` must not follow; `^` and `$` are the ends of the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

_GAP = re.compile(r"\.\.(\d?)")
_ITEM = re.compile(r"(!?)([^?!]+)(\??)")
DEFAULT_GAP = 3


class PatternError(ValueError):
    """A pattern cannot be read; the message says which part and what would be right."""


class Step(msgspec.Struct, frozen=True):
    """One item: `ids` of the groups that satisfy it; or a gap, an end, a look ahead."""

    kind: str
    ids: tuple[int, ...] = ()
    gap: int = 0
    optional: bool = False


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern. `needs` holds, for each obligatory item, the groups of which one must be present."""

    text: str
    steps: tuple[Step, ...]
    needs: tuple[tuple[int, ...], ...]


Masks = dict[int, dict[int, int]]
"""For each group: for each length in words, the places where it starts, as bits."""


def compile_pattern(text: str, group: Callable[[str], int]) -> Pattern:
    """Compile one pattern. `group` gives the id of a `<set>` or of a word. Raises PatternError."""
    steps: list[Step] = []
    for item in text.split():
        steps.append(_step(item, text, group))
    real = [step for step in steps if step.kind == "words" and not step.optional]
    if not real:
        raise PatternError(f'"{text}" would match every message: name at least one word')
    return Pattern(text, tuple(steps), tuple(step.ids for step in real))


def _step(item: str, text: str, group: Callable[[str], int]) -> Step:
    if item in ("^", "$"):
        return Step(item)
    gap = _GAP.fullmatch(item)
    if gap:
        return Step("gap", gap=int(gap[1] or DEFAULT_GAP))
    found = _ITEM.fullmatch(item)
    if found is None:
        raise PatternError(f'"{item}" in "{text}" cannot be read: use words, <sets>, .., a|b, word?, !word, ^ or $')
    ids = tuple(group(name) for name in found[2].split("|"))
    return Step("not" if found[1] else "words", ids, optional=bool(found[3]))


def ends(pattern: Pattern, masks: Masks, start: int, last: int) -> int:
    """Return the places (bits) where a match can end that begins at one of the places `start`; `last` = words."""
    at = start
    for step in pattern.steps:
        if step.kind == "words":
            reached = at if step.optional else 0
            for group in step.ids:
                lengths = masks.get(group)
                if lengths:
                    for length, mask in lengths.items():
                        reached |= (at & mask) << length
            at = reached
        elif step.kind == "gap":
            for _ in range(step.gap):
                at |= at << 1
            at &= (1 << (last + 1)) - 1
        elif step.kind == "^":
            at &= 1
        elif step.kind == "$":
            at &= 1 << last
        else:
            at &= ~_starts(step.ids, masks)
        if not at:
            return 0
    return at


def _starts(ids: tuple[int, ...], masks: Masks) -> int:
    starts = 0
    for group in ids:
        for mask in masks.get(group, {}).values():
            starts |= mask
    return starts
