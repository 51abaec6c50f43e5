"""Examples to learn from: the labelled phrases in tests/flows/data, and files of ordinary messages, one a line.

What is held back is never read here: held_back.psv, fresh.psv, calm.psv, unopened.psv.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from flows.text.letters import fold
from flows.understanding.classifier import Classifier
from flows.understanding.evaluation import URGENT, Row, read_rows

DATA = Path(__file__).parents[1] / "flows/data"
LABELLED = ("phrases.psv", *(f"understanding/{name}.psv" for name in ("developed", "veiled", "clean")))
HEARD = DATA / "heard.psv"
CRIES = DATA / "understanding/written.psv"
"""Cries written for learning alone."""
QUESTIONS = DATA / "understanding/questions.psv"
"""Questions written for learning their topics alone: some of them are asked by somebody in danger."""
EVERYDAY = DATA / "understanding/everyday.txt"
"""Calm messages written for learning alone."""

WRITTEN, WRITTEN_COVERT, OURS_CALM = 0.5, 0.3, 1.5
"""How much a cry counts that was written for learning, in plain words or between the lines, and calm talk that was:
what is only hinted is told from small talk by the next message, seldom by this one.
"""

SHORTEST = 2
"""Words of an ordinary message that says something about the others."""


class Example(msgspec.Struct, frozen=True):
    """A message as it is weighed, its parts as typed and without tones: a cry or not, by real people or by us."""

    cry: bool
    real: bool
    counts: float
    typed: list[list[str]]
    toneless: list[list[str]]

    def spelt(self) -> Iterator[list[str]]:
        """Yield what is learnt of it: of a cry the whole, of a calm message every part by itself."""
        for parts in (self.typed, self.toneless):
            yield from [[name for part in parts for name in part]] if self.cry else parts


def labelled() -> list[Row]:
    """Return every labelled phrase; one of heard.psv has the intent `CRY`, `NEG` or `TOPIC`."""
    return [*(row for name in LABELLED for row in read_rows((DATA / name).read_text())), *_heard()]


def _heard() -> Iterator[Row]:
    for line in HEARD.read_text().splitlines():
        kind, _, text = line.partition("|")
        if text and not line.startswith("#"):
            topics = () if kind in ("cry", "calm") else (kind,)
            intent = {"cry": "CRY", "calm": "NEG"}.get(kind, "TOPIC")
            yield Row(text, intent, URGENT if kind == "cry" else 0, topics)


def written() -> list[Row]:
    """Return the cries that were written for learning alone."""
    return read_rows(CRIES.read_text())


def _counts(row: Row) -> float:
    return WRITTEN_COVERT if row.level == URGENT or row.intent == "COVERT" else WRITTEN


def ordinary(file: Path) -> list[str]:
    """Return the messages of a file of ordinary talk, single words left out."""
    return [line for line in file.read_text().splitlines() if len(line.split()) >= SHORTEST]


def examples(classifier: Classifier, files: Iterable[Path]) -> list[Example]:
    """Return the features of every labelled phrase, of the calm messages of ours, and of real ones in `files`."""
    told = [(row.text, row.level >= URGENT, False, 1.0) for row in labelled()]
    told += [(row.text, True, False, _counts(row)) for row in written()]
    told += [(line, False, False, OURS_CALM) for line in ordinary(EVERYDAY)]
    told += [(line, False, True, 1.0) for file in files for line in ordinary(file)]
    signs = classifier.signs
    return [Example(cry, real, counts, signs(text), signs(fold(text))) for text, cry, real, counts in told]
