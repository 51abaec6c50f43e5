"""One message as masks, and what each rule makes of it."""

from __future__ import annotations

import msgspec

from content.lexicon_data import Rule
from flows.understanding.meaning import Action
from flows.understanding.patterns import Masks, Others, Pattern, all_of, ends
from flows.understanding.vocabulary import EXACT, WEAK, Found, Vocabulary

BELIEVED = 2
"""The level from which a rule is acted on."""


Index = dict[int, list[tuple[Others, Pattern]]]
"""Patterns under the group that is rarest in each, with the signatures of what else each needs."""


class Compiled(msgspec.Struct, frozen=True):
    """A rule with its patterns in working order; of two that hold alike the lower `rank` decides."""

    rank: int
    rule: Rule
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


class Hit(msgspec.Struct, frozen=True):
    """A rule that holds for a message, and what it says to do."""

    rank: int
    level: int
    action: Action
    rule: Rule


class Evidence:
    """One message as masks; those of the words typed with all their tones are made only when a rule asks."""

    __slots__ = ("_exact", "_taken", "_tokens", "_vocabulary", "anywhere", "last", "masks")

    def __init__(self, tokens: list[Found], vocabulary: Vocabulary) -> None:
        self._tokens, self._vocabulary = tokens, vocabulary
        self._exact: Masks | None = None
        self._taken = 0
        self.masks = vocabulary.masks(tokens, WEAK)
        self.last = len(tokens)
        self.anywhere = (1 << (self.last + 1)) - 1

    @property
    def exact(self) -> Masks:
        """The masks of the words that were typed with all their tones."""
        if self._exact is None:
            masks = self._vocabulary.masks(self._tokens, EXACT)
            self._exact = masks.without(self._taken) if self._taken else masks
        return self._exact

    def without(self, taken: int) -> Evidence:
        """Take the words (bits) `taken` out."""
        self._taken = taken
        self.masks = self.masks.without(taken)
        self._exact = None if self._exact is None else self._exact.without(taken)
        return self

    def judge(self, compiled: Compiled, pattern: Pattern) -> Hit | None:
        """Return the hit of one pattern of a rule, if it holds and nothing that excuses it is as sure."""
        if not ends(pattern, self.masks, self.anywhere, self.last):
            return None
        excuses = [other for other in compiled.unless if self._holds(other, self.masks)]
        if not excuses and compiled.rule.folded == "same":
            return hit_of(compiled)
        sure = self._holds(pattern, self.exact)
        if excuses and (not sure or any(self._holds(other, self.exact) for other in excuses)):
            return None
        if compiled.rule.folded == "same" or sure:
            return hit_of(compiled)
        return hit_of(compiled, asks=True) if compiled.rule.folded == "ask" else None

    def holds(self, pattern: Pattern) -> bool:
        """Say whether a pattern matches anywhere, missing tones allowed."""
        return self._holds(pattern, self.masks)

    def _holds(self, pattern: Pattern, masks: Masks) -> bool:
        return bool(ends(pattern, masks, self.anywhere, self.last))


def hit_of(compiled: Compiled, asks: bool = False) -> Hit:
    """Return the hit of a rule that holds; `asks` when it may only ask."""
    rule = compiled.rule
    return Hit(compiled.rank, rule.level, "ask" if asks else action_of(rule), rule)


def action_of(rule: Rule) -> Action:
    """Return what a rule says to do."""
    return rule.action or ("raise" if rule.level >= BELIEVED else "calm")


def any_holds(index: Index, masks: Masks, last: int) -> bool:
    """Say whether any pattern of an index matches anywhere in a message of `last` words."""
    present, anywhere = masks.present, (1 << (last + 1)) - 1
    for group in index.keys() & masks.groups():
        for (other, rest), pattern in index[group]:
            if other & present and all_of(rest, present) and ends(pattern, masks, anywhere, last):
                return True
    return False


def covered(index: Index, masks: Masks, last: int) -> int:
    """Return the words (bits) that any pattern of an index covers."""
    present, covered = masks.present, 0
    for group in index.keys() & masks.groups():
        for (other, rest), pattern in index[group]:
            if other & present and all_of(rest, present):
                covered |= _spans(pattern, masks, last)
    return covered


def _spans(pattern: Pattern, masks: Masks, last: int) -> int:
    """Return the words (bits) that a pattern covers."""
    covered = 0
    for start in range(last):
        reached = ends(pattern, masks, 1 << start, last)
        if reached:
            end = reached.bit_length() - 1
            covered |= (1 << end) - (1 << start)
    return covered
