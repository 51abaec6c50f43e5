"""L1-regularised logistic regression on sets of features, by FTRL-Proximal: few weights, each of which can be read.

Source: H. B. McMahan et al., "Ad Click Prediction: a View from the Trenches" (KDD 2013), algorithm 1, read 2026-11.
The order of the examples follows from their words, so the same examples give the same weights.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec

Example = tuple[Collection[str], bool, float]
"""The features of a message, whether it is what is to be found, and how much it counts (1 as a rule)."""


class Strictness(msgspec.Struct, frozen=True):
    """How hard it is to be given a weight: `l1` pulls to nought, `l2` keeps small, `rare` leaves out what is seldom."""

    l1: float = 2.0
    l2: float = 1.0
    rare: int = 3
    epochs: int = 8
    alpha: float = 0.15
    beta: float = 1.0


def train(examples: Sequence[Example], strict: Strictness) -> dict[str, float]:
    """Return the weights that are not nought; a message is likelier true the more the sum of its weights is above 0."""
    often = frequencies(examples)
    known = [([name for name in set(features) if often[name] >= strict.rare], *rest) for features, *rest in examples]
    model = _Weights(strict)
    for epoch in range(strict.epochs):
        for features, true, counts in sorted(known, key=lambda one: zlib.crc32(f"{epoch}{sorted(one[0])}".encode())):
            model.learn(features, bool(true), counts)
    return {name: weight for name in often if (weight := model.of(name))}


def frequencies(examples: Sequence[Example]) -> Counter[str]:
    """Return in how many examples each feature is."""
    return Counter(feature for features, _, _ in examples for feature in set(features))


def score(weights: Mapping[str, float], features: Collection[str]) -> float:
    """Return the log-odds that a message is what is to be found."""
    return sum(weights.get(name, 0.0) for name in set(features))


class _Weights:
    """The sums of gradients from which each weight follows."""

    def __init__(self, strict: Strictness) -> None:
        self._strict = strict
        self._pulls: dict[str, float] = {}
        self._squares: dict[str, float] = {}

    def of(self, name: str) -> float:
        """Return the present weight of a feature."""
        pull = self._pulls.get(name, 0.0)
        strict = self._strict
        if abs(pull) <= strict.l1:
            return 0.0
        step = (strict.beta + math.sqrt(self._squares[name])) / strict.alpha + strict.l2
        return -(pull - math.copysign(strict.l1, pull)) / step

    def learn(self, features: Sequence[str], true: bool, importance: float) -> None:
        """Move the weights of one example."""
        weights = [self.of(name) for name in features]
        error = (1 / (1 + math.exp(-max(-30.0, min(30.0, sum(weights))))) - true) * importance
        for name, weight in zip(features, weights, strict=True):
            square = self._squares.get(name, 0.0)
            grown = square + error * error
            moved = (math.sqrt(grown) - math.sqrt(square)) / self._strict.alpha
            self._pulls[name] = self._pulls.get(name, 0.0) + error - moved * weight
            self._squares[name] = grown
