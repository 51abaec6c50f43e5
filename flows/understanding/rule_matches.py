"""Rule matches: one message as masks, and what each rule makes of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from content.lexicon.model import Rule
from flows.understanding.patterns import Masks, Pattern, PatternIndex, all_of, ends
from flows.understanding.vocabulary import EXACT, WEAK, Found, Vocabulary, as_typed

Action = Literal["raise", "ask", "calm", "weigh"]
"""What a rule that holds says to do; one that is only weighed says nothing."""

BELIEVED = 2
"""The level from which a rule is acted on."""


class CompiledRule(msgspec.Struct, frozen=True):
    """A rule with its patterns in working order; of two that hold alike the lower `rank` decides."""

    rank: int
    rule: Rule
    patterns: tuple[Pattern, ...]
    unless: PatternIndex[Pattern] | None


class RuleMatch(msgspec.Struct, frozen=True):
    """A rule that holds for a message, and what it says to do."""

    rank: int
    level: int
    action: Action
    rule: Rule


class Evidence:
    """One message as masks: of every word it may be, and of those typed with all their tones alone."""

    __slots__ = ("_exact", "_excuses", "_taken", "_tokens", "_vocabulary", "anywhere", "last", "masks")

    def __init__(self, tokens: list[Found], vocabulary: Vocabulary) -> None:
        self._tokens, self._vocabulary, self._taken = tokens, vocabulary, 0
        self.masks = vocabulary.masks(tokens)
        self._exact: Masks | None = None
        self.last = len(tokens)
        self.anywhere = (1 << (self.last + 1)) - 1
        self._excuses: dict[int, int] = {}

    def without(self, taken: int) -> Evidence:
        """Take the words (bits) `taken` out."""
        self._taken = taken
        self.masks = self._without_taken(self.masks)
        self._exact = None if self._exact is None else self._without_taken(self._exact)
        return self

    @property
    def exact(self) -> Masks:
        """The masks of the words typed with all their tones; few messages need them."""
        if self._exact is None:
            exact = as_typed(self._tokens)
            self._exact = self.masks if exact == self._tokens else self._without_taken(self._vocabulary.masks(exact))
        return self._exact

    def _without_taken(self, masks: Masks) -> Masks:
        return masks.without(self._taken) if self._taken else masks

    def judge(self, compiled: CompiledRule, pattern: Pattern) -> RuleMatch | None:
        """Return the hit of one pattern of a rule, if it holds and nothing that excuses it is as sure."""
        if not ends(pattern, self.masks, self.anywhere, self.last):
            return None
        excused = 0 if compiled.unless is None else self._excused(compiled.rank, compiled.unless)
        if not excused and compiled.rule.folded == "same":
            return hit_of(compiled)
        sure = excused < EXACT and self._holds(pattern, self.exact)
        if excused and not sure:
            return None
        if compiled.rule.folded == "same" or sure:
            return hit_of(compiled)
        return hit_of(compiled, asks=True) if compiled.rule.folded == "ask" else None

    def _excused(self, rank: int, unless: PatternIndex[Pattern]) -> int:
        """Return how sure the surest thing is that excuses a rule, 0 where nothing does; judged once a message."""
        known = self._excuses.get(rank)
        if known is None:
            excuses = [other for other in unless.met(self.masks.present) if self._holds(other, self.masks)]
            exactly = any(self._holds(other, self.exact) for other in excuses)
            known = self._excuses[rank] = EXACT if exactly else WEAK if excuses else 0
        return known

    def holds(self, pattern: Pattern) -> bool:
        """Say whether a pattern matches anywhere, missing tones allowed."""
        return all_of(pattern.needs, self.masks.present) and self._holds(pattern, self.masks)

    def _holds(self, pattern: Pattern, masks: Masks) -> bool:
        return bool(ends(pattern, masks, self.anywhere, self.last))


def hit_of(compiled: CompiledRule, asks: bool = False) -> RuleMatch:
    """Return the hit of a rule that holds; `asks` when it may only ask."""
    rule = compiled.rule
    return RuleMatch(compiled.rank, rule.level, "ask" if asks else action_of(rule), rule)


def action_of(rule: Rule) -> Action:
    """Return what a rule says to do."""
    return rule.action or ("raise" if rule.level >= BELIEVED else "calm")


def any_holds(patterns: PatternIndex[Pattern], masks: Masks, last: int) -> bool:
    """Say whether any of the patterns matches anywhere in a message of `last` words."""
    anywhere = (1 << (last + 1)) - 1
    return any(ends(pattern, masks, anywhere, last) for pattern in patterns.met(masks.present))


def covered(patterns: PatternIndex[Pattern], masks: Masks, last: int) -> int:
    """Return the words (bits) that any of the patterns covers."""
    covered = 0
    for pattern in patterns.met(masks.present):
        covered |= _spans(pattern, masks, last)
    return covered


def _spans(pattern: Pattern, masks: Masks, last: int) -> int:
    """Return the words (bits) that a pattern covers."""
    covered = 0
    looked_at = [_may_start(pattern, masks, last)]
    while looked_at:  # halved where a pattern holds, so that a long message costs no more than what is covered of it
        starts = looked_at.pop()
        reached = ends(pattern, masks, starts, last)
        start = starts & -starts
        if reached and starts == start:
            covered |= (1 << (reached.bit_length() - 1)) - start
        elif reached:
            looked_at += _halves(starts)
    return covered


def _halves(places: int) -> tuple[int, int]:
    """Return the first and the last places of several."""
    first, last = (places & -places).bit_length(), places.bit_length()
    lower = places & ((1 << (first + last) // 2) - 1)
    return lower, places ^ lower


def _may_start(pattern: Pattern, masks: Masks, last: int) -> int:
    """Return the places (bits) where a pattern can start: there its first words stand."""
    first = pattern.steps[0]
    if first.kind != "words" or first.optional:
        return (1 << last) - 1
    starts = 0
    for group in first.groups:
        starts |= masks.starts(group)
    return starts
