"""Learn content/data/lexicon/suspicion.yaml, the weights of danger.

Usage: `make weights ORDINARY="FILE …"` or `python -m tests.learning.danger FILE … [--fold 3] [--write]`.

The examples are our labelled phrases and calm messages, and FILEs of ordinary messages of real people, one a line.
Features are words, pairs of words, sets of the lexicon and the ids of the rules that hold. First every feature is
weighed, then the `MOST` heaviest are weighed anew by themselves. `--fold N` trains N times with a part held out and
prints for each share of ordinary messages asked about how many cries would be; `--write` writes the file.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from content.loader import load
from flows.understanding import understanding_of
from tests.learning.examples import Example, examples
from tests.learning.logistic import Strictness, frequencies, score, train
from tests.learning.weights_file import lines_of, rewrite, rounded

WRITTEN = Path(__file__).parents[2] / "content/data/lexicon/suspicion.yaml"
MOST = 2_000
"""Weights of the file: as many as somebody can read."""

STRICT = Strictness(l1=1.0)
ASKED, ASKED_KNOWN = 0.057, 0.03
"""Share of ordinary messages that the weights alone may ask about; `enough` follows from it.

And of short ones, and of those whose subject a rule knows: `enough_known`.
"""

DOUBTED = 0.04
"""Share of the cries that the weights may make us ask about though a rule believes them; `doubt` follows from it."""

SHARES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)
Scored = tuple[float, Example]


def learn(known: Sequence[Example]) -> dict[str, float]:
    """Return the weights of the features that do most, learnt by themselves: heavy ones, and frequent ones."""
    spelt = [(features, one.cry, one.counts) for one in known for features in one.spelt()]
    first, often = train(spelt, STRICT), frequencies(spelt)
    does = {name: abs(weight) * math.sqrt(often[name]) for name, weight in first.items()}
    kept = frozenset(sorted(does, key=lambda name: (-does[name], name))[:MOST])
    narrowed = [([name for name in features if name in kept], cry, counts) for features, cry, counts in spelt]
    return train(narrowed, msgspec.structs.replace(STRICT, l1=0.0))


def left_out(known: Sequence[Example], folds: int) -> list[Scored]:
    """Return every example with what weights say of it that were learnt without it."""
    scored: list[Scored] = []
    for part in range(folds):
        weights = learn([one for place, one in enumerate(known) if place % folds != part])
        scored += [(max(score(weights, features) for features in one.typed), one) for one in known[part::folds]]
    return scored


def threshold(calm: Sequence[float], share: float) -> float:
    """Return the weight that a share of the calm messages exceeds; `calm` is sorted, the heaviest first."""
    return calm[int(len(calm) * share)]


def report(scored: Sequence[Scored]) -> None:
    """Print what share of the cries is heard at each share of real messages asked about, and of our calm ones."""
    real, cries = _weights(scored, cry=False, real=True), _weights(scored, cry=True)
    ours = _weights(scored, cry=False, real=False)
    for share in SHARES:
        enough = threshold(real, share)
        heard, asked = (sum(weight > enough for weight in some) / len(some) for some in (cries, ours))
        sys.stdout.write(f"asked {share:.1%}: enough {enough:.2f}, cries {heard:.1%}, our calm phrases {asked:.1%}\n")


def _weights(scored: Sequence[Scored], *, cry: bool, real: bool = False) -> list[float]:
    return sorted((weight for weight, one in scored if one.cry == cry and one.real == real), reverse=True)


def thresholds(scored: Sequence[Scored]) -> dict[str, float]:
    """Return the weights from which a message is asked about, and up to which it is not believed at once."""
    real, cries = _weights(scored, cry=False, real=True), _weights(scored, cry=True)
    return {
        "enough": threshold(real, ASKED),
        "enough_known": threshold(real, ASKED_KNOWN),
        "doubt": threshold(cries, 1 - DOUBTED),
    }


def main() -> None:
    """Hold out and print; learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--fold", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    known = examples(understanding_of(load().lexicon), options.files)
    scored = left_out(known, options.fold)
    report(scored)
    if options.write:
        limits = [f'  {name}: "{round(weight * 100)}"' for name, weight in thresholds(scored).items()]
        rewrite(WRITTEN, "suspicion", iter([*limits, *lines_of(rounded(learn(known)))]))


if __name__ == "__main__":
    main()
