"""Learn content/data/lexicon/leanings.yaml, the weights of topics.

Usage: `make weights ORDINARY="FILE …"` or `python -m tests.learning.topics FILE … [--fold 3] [--write]`.

One logistic regression a topic, against the other topics and ordinary messages, over the same words as danger.py
without the rules. `stop`, `quick_exit` and `human` are never learnt: only a rule that was reviewed may read an order to
us, or a wish for a person, out of somebody's words.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from content.lexicon.model import LexiconData
from content.loader import load
from flows.text.letters import fold
from flows.understanding import understanding_of
from flows.understanding.evaluation import Row, read_rows
from flows.understanding.topic_weights import TopicWeights
from tests.learning.examples import EVERYDAY, QUESTIONS, labelled, ordinary
from tests.learning.logistic import Strictness, train
from tests.learning.weights_file import lines_of, rewrite, rounded

WRITTEN = Path(__file__).parents[2] / "content/data/lexicon/leanings.yaml"
NEVER = frozenset({"stop", "quick_exit", "human"})
STRICT = Strictness(l1=3.0, epochs=5)
EACH = 3
"""Of this many ordinary messages one is learnt from."""

FEWEST = 40
"""Phrases of a topic that is learnt; one that has fewer is left to the rules."""

Labelled = tuple[list[list[str]], tuple[str, ...]]
"""The words of a message, as typed and without tones, and the topics of which any is right; none for small talk."""


def known(lexicon: LexiconData, files: Iterable[Path]) -> list[Labelled]:
    """Return what is learnt from: labelled phrases that have a topic, and talk that has none."""
    rows = [row for row in [*labelled(), *read_rows(QUESTIONS.read_text())] if _is_learnt(row)]
    talk = [line for file in (EVERYDAY, *files) for line in ordinary(file)[::EACH]]
    signs = understanding_of(lexicon).signs
    told = [*((row.text, () if row.intent == "NEG" else row.topics) for row in rows), *((line, ()) for line in talk)]
    return [([_words(signs(spelt)[0]) for spelt in (text, fold(text))], topics) for text, topics in told]


def _is_learnt(row: Row) -> bool:
    return (row.intent == "NEG" or bool(row.topics)) and not NEVER & set(row.topics)


def _words(features: Iterable[str]) -> list[str]:
    return [feature for feature in features if not feature.startswith("@")]


def learn(examples: Sequence[Labelled]) -> dict[str, dict[str, int]]:
    """Return the weights in hundredths of every topic."""
    often = Counter(topic for _, right in examples for topic in right)
    topics = sorted(topic for topic, phrases in often.items() if phrases >= FEWEST)
    spelt = [(features, right) for both, right in examples for features in both]
    return {topic: rounded(train([(f, topic in right, 1.0) for f, right in spelt], STRICT)) for topic in topics}


def report(examples: Sequence[Labelled], folds: int) -> None:
    """Print how many phrases lead to their topic by the learnt words alone, and how much small talk does to any."""
    hits: Counter[tuple[bool, bool]] = Counter()
    for part in range(folds):
        leaning = TopicWeights(learn([one for place, one in enumerate(examples) if place % folds != part]))
        for both, right in examples[part::folds]:
            said = leaning.topic(both[0], None)
            hits[bool(right), said in right if right else said is None] += 1
    sys.stdout.write(f"routed by words alone {hits[True, True] / (hits[True, True] + hits[True, False]):.1%}\n")
    sys.stdout.write(f"small talk left alone {hits[False, True] / (hits[False, True] + hits[False, False]):.1%}\n")


def main() -> None:
    """Hold out and print; learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    examples = known(load().lexicon, options.files)
    if options.fold:
        report(examples, options.fold)
    if options.write:
        rewrite(WRITTEN, "leanings", _file(learn(examples)))


def _file(weights: dict[str, dict[str, int]]) -> Iterator[str]:
    for topic, of_topic in weights.items():
        yield f"  {topic}:"
        yield from lines_of(of_topic, "    ")


if __name__ == "__main__":
    main()
