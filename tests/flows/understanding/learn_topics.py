"""Learn content/data/lexicon/leanings.yaml from the labelled phrases.

Usage: `python tests/flows/understanding/learn_topics.py [--fold 5] [--write]`.

Softmax regression in plain Python over the same signs as learn_danger.py. `stop` and `quick_exit` are never
learnt: only a rule that was reviewed may read an order to us out of somebody's words. Never reads held_back.psv.
"""

from __future__ import annotations

import argparse
import math
import sys
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
from weigh import DATA, ROUND

from content.loader import load
from flows.text.letters import fold
from flows.understanding import understand, understanding_of
from flows.understanding.evaluation import Row, read_rows
from flows.understanding.topic_weights import NOWHERE, TopicWeights

WRITTEN = Path(__file__).parents[3] / "content/data/lexicon/leanings.yaml"
NEVER = frozenset({"stop", "quick_exit"})
EPOCHS = 8
DECAY = 1e-3
RATE = 0.1
OFTEN = 3
"""Occurrences a sign must pass to be weighed; every phrase is there twice, with and without its tones."""

LIGHT = 40
"""Hundredths below which a weight is not worth its place in the file."""

Labelled = tuple[list[str], tuple[str, ...]]
Weights = dict[str, dict[str, int]]


def rows() -> list[Row]:
    """Return the labelled phrases that have a topic, and small talk, whose topic is `none`."""
    found = []
    for name in ("phrases.psv", "understanding/developed.psv"):
        found += read_rows((DATA / name).read_text())
    for line in (DATA / "heard.psv").read_text().splitlines():
        kind, _, text = line.partition("|")
        if text and not line.startswith("#") and kind != "cry":
            found.append(Row(text, "NEG" if kind == "calm" else "TOPIC", 0, () if kind == "calm" else (kind,)))
    named = [Row(row.text, row.intent, row.level, (NOWHERE,)) if row.intent == "NEG" else row for row in found]
    return [row for row in named if row.topics and not NEVER & set(row.topics)]


def train(data: list[Labelled]) -> Weights:
    """Return the weight in hundredths of every feature for every topic; the same data give the same weights."""
    topics = sorted({topic for _, right in data for topic in right})
    often = Counter(feature for features, _ in data for feature in set(features))
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(topics))
    steps: dict[str, list[float]] = defaultdict(lambda: [1e-6] * len(topics))
    for epoch in range(EPOCHS):
        for features, right in sorted(data, key=lambda one: zlib.crc32(f"{epoch}{one[0]}".encode())):
            known = [feature for feature in set(features) if often[feature] > OFTEN]
            scale = 1 / math.sqrt(len(known) or 1)
            errors = _errors([weights[feature] for feature in known], topics, right, scale)
            for feature in known:
                weight, step = weights[feature], steps[feature]
                for place, error in enumerate(errors):
                    slope = error + DECAY * weight[place]
                    step[place] += slope * slope
                    weight[place] -= RATE * slope / math.sqrt(step[place])
    rounded: Weights = {topic: {} for topic in topics}
    for feature, weight in weights.items():
        for topic, value in zip(topics, weight, strict=True):
            hundredths = round(value * 100 / ROUND) * ROUND
            if abs(hundredths) >= LIGHT:
                rounded[topic][feature] = hundredths
    return rounded


def _errors(known: list[list[float]], topics: list[str], right: tuple[str, ...], scale: float) -> list[float]:
    sums = [sum(column) * scale for column in zip(*known, strict=True)] or [0.0] * len(topics)
    powers = [math.exp(value - max(sums)) for value in sums]
    total = sum(powers)
    return [
        (power / total - (topic in right) / len(right)) * scale for topic, power in zip(topics, powers, strict=True)
    ]


def main() -> None:
    """Hold out and print, or learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fold", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lexicon = load().lexicon
    signs = understanding_of(lexicon).signs
    labelled = rows()
    known = [([signs(row.text)[0], signs(fold(row.text))[0]], row.topics) for row in labelled]
    if options.write:
        _write(train([(features, right) for spelt, right in known for features in spelt]))
        return
    rules = msgspec.structs.replace(lexicon, leanings={})
    hits: Counter[tuple[bool, bool]] = Counter()
    for part in range(options.fold):
        leaning = TopicWeights(
            train(
                [
                    (spelt, right)
                    for place, (two, right) in enumerate(known)
                    if place % options.fold != part
                    for spelt in two
                ]
            )
        )
        for place in range(part, len(known), options.fold):
            ruled = understand(labelled[place].text, rules).topic
            said = leaning.topic(known[place][0][0], ruled) or NOWHERE
            hits[known[place][1] == (NOWHERE,), said in known[place][1]] += 1
    sys.stdout.write(f"routed {hits[False, True] / (hits[False, True] + hits[False, False]):.1%}\n")
    sys.stdout.write(f"small talk left alone {hits[True, True] / (hits[True, True] + hits[True, False]):.1%}\n")


def _write(weights: Weights) -> None:
    lines = [
        "# Where a calm message leans when no rule of the topics is sure. Learnt, never written by hand.",
        "about:",
        "  owner: editors",
        "  source: tests/flows/understanding/learn_topics.py on the labelled phrases in tests/flows/data",
        "leanings:",
    ]
    for topic in sorted(weights):
        by_weight: dict[int, list[str]] = defaultdict(list)
        for word, weight in weights[topic].items():
            by_weight[weight].append(word)
        lines.append(f"  {topic}:")
        lines += [f'    "{weight}": "{" ".join(sorted(by_weight[weight]))}"' for weight in sorted(by_weight)]
    WRITTEN.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
