"""Learn content/data/lexicon/suspicion.yaml from the labelled phrases.

Usage: `python tests/flows/understanding/learn_danger.py [--fold 5]`.

Logistic regression in plain Python over the words, pairs of words and sets of a message, each phrase also without
its tones. `--fold N` trains N times with a part held out and prints what the parts held out show; nothing is written.
Never reads held_back.psv.
"""

from __future__ import annotations

import argparse
import math
import sys
import zlib
from collections import Counter, defaultdict
from pathlib import Path

from content.loader import load
from flows.text.letters import fold
from flows.understanding import understanding_of
from flows.understanding.evaluation import URGENT, read_rows

HERE = Path(__file__).parents[1]
DATA = HERE / "data"
WRITTEN = HERE.parents[1] / "content/data/lexicon/suspicion.yaml"
EPOCHS = 20
DECAY = 3e-3
RATE = 0.1
RARE = 1
"""Occurrences below which a word or pair is not weighed: it would only remember one phrase."""

CALM_ASKED = 0.15
"""Share of the calm phrases held out that the weights alone may ask about; the threshold follows from it."""

CRIES_DOUBTED = 0.03
"""Share of the cries held out that the weights may make us ask about though a rule believes them."""

ROUND = 10
Example = tuple[str, bool]
Features = tuple[list[str], bool]


def examples() -> list[Example]:
    """Return every labelled phrase and whether it is a cry."""
    found: list[Example] = []
    for name in ("phrases.psv", "understanding/developed.psv"):
        found += [(row.text, row.level >= URGENT) for row in read_rows((DATA / name).read_text())]
    for line in (DATA / "heard.psv").read_text().splitlines():
        kind, _, text = line.partition("|")
        if text and not line.startswith("#"):
            found.append((text, kind == "cry"))
    return found


def train(data: list[Features]) -> dict[str, float]:
    """Return a weight for each feature; the order of the examples is fixed, so the same data give the same weights."""
    often = Counter(feature for features, _ in data for feature in set(features))
    weights: dict[str, float] = defaultdict(float)
    steps: dict[str, float] = defaultdict(lambda: 1e-6)
    for epoch in range(EPOCHS):
        for features, cry in sorted(data, key=lambda one: zlib.crc32(f"{epoch}{one[0]}".encode())):
            scale = 1 / math.sqrt(len(features) or 1)
            error = 1 / (1 + math.exp(-sum(weights[feature] for feature in features) * scale)) - cry
            for feature in set(features):
                if often[feature] < 2 * RARE:  # every phrase is there twice, with and without its tones
                    continue
                step = error * scale + DECAY * weights[feature]
                steps[feature] += step * step
                weights[feature] -= RATE * step / math.sqrt(steps[feature])
    return weights


def score(weights: dict[str, float], parts: list[list[str]]) -> float:
    """Return the weight of the heaviest part of a message."""
    known = ([weights[name] for name in part if name in weights] for part in parts)
    return max(sum(part) / math.sqrt(len(part) or 1) for part in known)


def main() -> None:
    """Learn and write, or hold out and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fold", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    signs = understanding_of(load().lexicon).signs
    known = [([signs(text), signs(fold(text))], cry) for text, cry in examples()]
    held: list[tuple[float, bool]] = []
    for part in range(options.fold):
        weights = train(_flat([one for place, one in enumerate(known) if place % options.fold != part]))
        for parts, cry in known[part :: options.fold]:
            held += [(score(weights, spelt), cry) for spelt in parts]
    calm = sorted((weight for weight, cry in held if not cry), reverse=True)
    for share in (0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2):
        enough = calm[int(len(calm) * share)]
        heard = sum(weight > enough for weight, cry in held if cry) / sum(cry for _, cry in held)
        sys.stdout.write(f"calm asked {share:.0%}: enough {enough:.2f}, cries heard {heard:.1%}\n")
    if options.write:
        cries = sorted(weight for weight, cry in held if cry)
        doubt = cries[int(len(cries) * CRIES_DOUBTED)]
        _write(train(_flat(known)), calm[int(len(calm) * CALM_ASKED)], doubt)


def _flat(known: list[tuple[list[list[list[str]]], bool]]) -> list[Features]:
    return [(part, cry) for spelt, cry in known for parts in spelt for part in parts]


def _write(weights: dict[str, float], enough: float, doubt: float) -> None:
    by_weight: dict[int, list[str]] = defaultdict(list)
    for name, weight in weights.items():
        rounded = round(weight * 100 / ROUND) * ROUND
        if rounded:
            by_weight[rounded].append(name)
    head = WRITTEN.read_text().partition("suspicion:")[0]
    lines = [f'{head}suspicion:\n  enough: "{round(enough * 100)}"\n  doubt: "{round(doubt * 100)}"']
    lines += [f'  "{weight}": "{" ".join(sorted(by_weight[weight]))}"' for weight in sorted(by_weight)]
    WRITTEN.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
