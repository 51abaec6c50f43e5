"""What typing does to a cry must not silence it: the share of 240 that is heard through every kind of noise."""

from __future__ import annotations

import pytest

from flows.understanding import understand
from tests.flows.understanding.noise import CLEAN, KINDS, cries, noisy, percent
from tests.support.content import library

LEXICON = library().lexicon
CRIES = cries()
HEARD, HEARD_HARD = 85, 75
HARD = ("no spaces", "no spaces, no tones", "friends, no tones", "North, no tones", "South, no tones")
"""Nothing parts the words, or two kinds of noise at once."""


@pytest.mark.parametrize("kind", KINDS)
def test_noise_never_silences_more_than_a_few_cries(kind: str) -> None:
    """In per cent of the clean cries; what is lost is printed by `make noise`."""
    heard = [understand(noisy(kind, row.text), LEXICON).action != "calm" for row in CRIES]
    assert percent(heard) >= (HEARD_HARD if kind in HARD else HEARD)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_the_same_each_time(kind: str) -> None:
    """A figure that moves by itself measures nothing."""
    assert [noisy(kind, row.text) for row in CRIES] == [noisy(kind, row.text) for row in CRIES]


def test_the_clean_cries_are_two_hundred_and_thirty_sentences_or_more() -> None:
    """Every one its own sentence."""
    texts = [row.text for row in CRIES]
    assert len(set(texts)) == len(texts) >= 230
    assert CLEAN.read_text("utf-8").splitlines()[0] == "text|intent|min_level"
