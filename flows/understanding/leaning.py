"""Where a calm message leans when no rule of the topics is sure: the learnt words of each topic, weighed.

The weights are data (content/lexicon/leanings.yaml), learnt from the labelled phrases by tests/flows/lean.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt

NOWHERE = "none"
"""The name of small talk among the topics."""

RULED = 150
"""Hundredths that a rule's topic has before the others."""

RELUCTANCE = 120
"""Hundredths that small talk has behind the others: a card too many is better than a question left without one."""


class Leaning:
    """The weights of every topic in working order."""

    def __init__(self, weights: Mapping[str, Mapping[str, int]]) -> None:
        self._topics = tuple(sorted(weights))
        by_word: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, topic in enumerate(self._topics):
            for word, weight in weights[topic].items():
                by_word[word].append((place, weight))
        self._by_word = dict(by_word)

    def topic(self, features: Sequence[str], ruled: str | None) -> str | None:
        """Return the topic of a message of which `features` are known, or None; `ruled` is what the rules say."""
        if not self._topics or (ruled is not None and ruled not in self._topics):
            return ruled
        sums = [0] * len(self._topics)
        for feature in features:
            for place, weight in self._by_word.get(feature, ()):
                sums[place] += weight
        scale = sqrt(len(features) or 1)
        scores = {topic: total / scale for topic, total in zip(self._topics, sums, strict=True)}
        scores[NOWHERE] = scores.get(NOWHERE, 0) - RELUCTANCE
        if ruled is not None:
            scores[ruled] += RULED
        best = max(scores, key=lambda topic: scores[topic])
        return ruled if best == NOWHERE else best
