"""Set the thresholds of content/data/lexicon/together.yaml anew, for the weights as they are.

Usage: `python -m tests.learning.talks FILE … [--write]`; calm messages that were not learnt from, one a line.

`next_alone` is what few calm messages weigh, `next_heard` what most cries weigh about which a rule asks, `together`
what the calm messages of few talks add up to. Without `--write` they are only printed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from content.lexicon.model import LexiconData
from content.loader import load_lexicon
from flows.engine.small_signs import FADES, SAYS_SOMETHING, share
from flows.understanding import understand, understanding_of
from flows.understanding.decision import SUSPICION
from flows.understanding.evaluation import URGENT, read_rows
from tests.learning.examples import DATA, ordinary

WRITTEN = Path(__file__).parents[2] / "content/data/lexicon/together.yaml"
CALM_ALONE = 0.005
"""Share of the calm messages that the weights alone may take for a cry while a question of danger stands."""
CRIES_HEARD = 0.9
"""Share of the cries about which a rule asks that the weights must agree to."""
CALM_TALKS = 0.01
"""Share of calm talks that the line of the offer may be added to."""
LENGTH = 6
"""Messages of one talk: older ones hardly count."""


def main() -> None:
    """Print the thresholds, and write them where that is asked for."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    lexicon = load_lexicon()
    calm = [line for file in given.files for line in ordinary(file)]
    found = thresholds(calm, lexicon)
    for name, value in found.items():
        sys.stdout.write(f"{name}: {value}\n")
    if given.write:
        text = WRITTEN.read_text("utf-8")
        for name, value in found.items():
            text = re.sub(rf'^  {name}: ".*"$', f'  {name}: "{value}"', text, flags=re.MULTILINE)
        WRITTEN.write_text(text, "utf-8")


def thresholds(calm: Sequence[str], lexicon: LexiconData) -> dict[str, int]:
    """Return the thresholds that follow from calm messages and from the labelled cries about which a rule asks."""
    weigh = understanding_of(lexicon).weight
    alone = max(_quantile([weigh(text) for text in calm], 1 - CALM_ALONE), lexicon.enough)
    heard = _quantile([weigh(text) for text in _asked(lexicon)], 1 - CRIES_HEARD)
    sums = [max(_sums(calm[at : at + LENGTH], lexicon)) for at in range(0, len(calm) - LENGTH + 1, LENGTH)]
    return {
        "together": max(round(_quantile(sums, 1 - CALM_TALKS)), 1),
        "next_heard": round(min(heard, alone)),
        "next_alone": round(alone),
    }


def _asked(lexicon: LexiconData) -> Iterator[str]:
    """Yield the labelled cries about which a rule asks that is no net."""
    nets = {rule.id for rule in lexicon.rules if rule.net} | {SUSPICION.rule.id}
    for row in read_rows((DATA / "understanding/developed.psv").read_text("utf-8")):
        meaning = understand(row.text, lexicon)
        if row.level >= URGENT and meaning.action == "ask" and meaning.rule not in nets:
            yield row.text


def _sums(talk: Sequence[str], lexicon: LexiconData) -> Iterator[float]:
    """Yield what the messages of a talk add up to, one after the other; doubted ones have an offer of their own."""
    total = 0.0
    for text in talk:
        if understand(text, lexicon).action == "calm" and len(text.split()) >= SAYS_SOMETHING:
            total = total * FADES + share(text, lexicon)
        yield total


def _quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which this part of the values lies; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


if __name__ == "__main__":
    main()
