"""Matching of situations: which row of the situation table a message fits, whatever rule of the lexicon decided."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from content.directory.situations import Phrases, Situation, SituationTable, is_among
from content.lexicon.model import LexiconData
from flows.understanding import understanding_of
from flows.understanding.patterns import Pattern, compile_pattern
from flows.understanding.rule_matches import Evidence
from flows.understanding.vocabulary import Vocabulary

LONGEST = 400
"""Letters of a message in which patterns are looked for: of a longer one only the rule that decided counts."""


class SituationMatcher:
    """The table in working order. Its words are a vocabulary of their own: what the lexicon hears stays as it is."""

    def __init__(self, lexicon: LexiconData, table: SituationTable) -> None:
        self._rules = understanding_of(lexicon)
        sets = {**lexicon.sets, **table.sets}
        self._words, self._sets = Vocabulary(sets), frozenset(sets)
        self._rows = [(name, row, self._compiled(row)) for name, row in table.rows.items()]
        self._people = {name: self._compiled(phrases) for name, phrases in table.people.items()}

    def situation(self, text: str, rule: str, *, known: frozenset[str] = frozenset()) -> str:
        """Return the first situation that a message fits, "" for none; `rule` is the one that decided.

        `known` are the people of whom it is told anyway, whatever its words: she said before that she is a child.
        """
        evidence = self._evidence(text) if len(text) <= LONGEST else None
        met = self._rules.rules_met(text) | {rule} if evidence is not None else frozenset({rule})

        def is_heard(row: Situation, says: Callable[[Evidence], bool]) -> bool:
            decided = is_among(rule, row.rules) or any(is_among(one, row.holds) for one in met)
            return decided or (evidence is not None and says(evidence))

        def is_told_of(name: str) -> bool:
            return name in known or (evidence is not None and self._people[name](evidence))

        rows = self._rows
        return next((name for name, row, says in rows if is_heard(row, says) and all(map(is_told_of, row.of))), "")

    def _compiled(self, phrases: Situation | Phrases) -> Callable[[Evidence], bool]:
        says, unless = tuple(map(self._pattern, phrases.says)), tuple(map(self._pattern, phrases.unless))
        return lambda evidence: any(map(evidence.holds, says)) and not any(map(evidence.holds, unless))

    def _pattern(self, text: str) -> Pattern:
        return compile_pattern(text, self._words.group, self._sets)

    def _evidence(self, text: str) -> Evidence:
        spelling = self._rules.spelling
        readings = (one for word in spelling.words(text) for one in spelling.tokens(word))
        return Evidence([self._words.find(one) for one in readings], self._words)


@lru_cache(maxsize=4)
def matcher_of(lexicon: LexiconData, table: SituationTable) -> SituationMatcher:
    """Return the table compiled; made on first use and kept."""
    return SituationMatcher(lexicon, table)
