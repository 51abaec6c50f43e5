"""Learnt weights of topics: where a calm message leans when no rule is sure.

The weights are data (content/data/lexicon/leanings.yaml), learnt from labelled phrases and ordinary talk by
`make weights`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct

RULED = 150
"""Hundredths that a rule's topic has before the others."""

ENOUGH = -200
"""Hundredths of the log-odds of a topic from which a message leans to it: a card too many is better than none."""

ENOUGH_WORDS = 3
"""Known words from which a message can lean anywhere: a code, a name or an answer leans nowhere."""

FIELD = 32
OFFSET = 1 << 16
"""Every topic's weight of a word is one field of a number, moved up so that none is below zero.

Adding the numbers of all words adds every topic's weights at once.
"""


class TopicWeights:
    """The weights of every topic in working order."""

    def __init__(self, weights: Mapping[str, Mapping[str, int]]) -> None:
        self._topics = tuple(sorted(weights))
        self._fields = Struct(f"<{len(self._topics)}I")
        words = {word for known in weights.values() for word in known}
        self._by_feature = {word: self._packed(word, weights) for word in words}
        self._words = frozenset(filter(str.isalpha, words))

    def _packed(self, word: str, weights: Mapping[str, Mapping[str, int]]) -> int:
        fields = (weights[topic].get(word, 0) + OFFSET for topic in self._topics)
        return sum(field << FIELD * place for place, field in enumerate(fields))

    def topic(self, features: Sequence[str], ruled: str | None) -> str | None:
        """Return the topic of a message of which `features` are known, or None; `ruled` is what the rules say."""
        known = self._by_feature.keys() & features
        if len(self._words & known) < ENOUGH_WORDS or (ruled is not None and ruled not in self._topics):
            return ruled
        packed = sum(map(self._by_feature.__getitem__, known))
        moved = len(known) * OFFSET
        scores = [total - moved for total in self._fields.unpack(packed.to_bytes(self._fields.size, "little"))]
        if ruled is not None:
            scores[self._topics.index(ruled)] += RULED
        best = max(scores)
        return self._topics[scores.index(best)] if best > ENOUGH else ruled
