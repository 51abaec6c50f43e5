"""Learnt weights of topics: where a calm message leans when no rule is sure.

The weights are data (content/data/lexicon/leanings.yaml), learnt from the labelled phrases by
tests/flows/understanding/learn_topics.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from struct import Struct

NOWHERE = "none"
"""The name of small talk among the topics."""

RULED = 150
"""Hundredths that a rule's topic has before the others."""

RELUCTANCE = 120
"""Hundredths that small talk has behind the others: a card too many is better than a question left without one."""


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
        known = [feature for feature in features if feature in self._by_feature]
        words = sum(map(self._words.__contains__, known))
        if words < ENOUGH_WORDS or (ruled is not None and ruled not in self._topics):
            return ruled
        packed = sum(map(self._by_feature.__getitem__, known))
        moved, scale = len(known) * OFFSET, sqrt(len(features) or 1)
        scores = [
            (total - moved) / scale for total in self._fields.unpack(packed.to_bytes(self._fields.size, "little"))
        ]
        if ruled != NOWHERE and NOWHERE in self._topics:
            scores[self._topics.index(NOWHERE)] -= RELUCTANCE
        if ruled is not None:
            scores[self._topics.index(ruled)] += RULED
        best = self._topics[scores.index(max(scores))]
        return ruled if best == NOWHERE else best
