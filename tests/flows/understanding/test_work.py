"""What the longest messages cost: calls are counted, not time, so that a busy machine changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from flows.text.letters import fold
from flows.understanding import understand
from tests.flows.understanding.noise import cries
from tests.support.content import library

LEXICON = library().lexicon
LONGEST = 5_000
MOST = 90_000
"""Calls for the longest message; some ten milliseconds on one slow core."""

TOLD = ". ".join(row.text for row in cries())
WORDS = TOLD.replace(".", "").split()
SHAPES: dict[str, str] = {
    "cries": TOLD,
    "cries without tones": fold(TOLD),
    "cries without spaces": "".join(WORDS),
    "cries in rows of letters": " ".join(" ".join(word) for word in WORDS),
    "cries spelt out": " ".join(".".join(word) for word in WORDS),
    "words run together": " ".join("".join(WORDS[at : at + 7]) for at in range(0, len(WORDS), 7)),
    "words held down": " ".join(word + word[-1] * 4 for word in WORDS),
    "doubled letters": " ".join("".join(letter * 2 for letter in word) for word in WORDS),
    "a sign behind each word": "".join(f"{word}😭" for word in WORDS),
    "one syllable": "chết" * LONGEST,
    "no words": "qzxw wqzx " * LONGEST,
    "letters and digits": "1a2b3c " * LONGEST,
    "written by ear": "nàm xang chốn nừa báng diết giồi zề hok trồng xợ " * LONGEST,
    "single letters": "a b " * LONGEST,
    "dots": "a.b.c." * LONGEST,
    "addresses": "http://a.b " * LONGEST,
    "spaces": " " * LONGEST,
    "digits": "1" * LONGEST,
    "pictures": "😭🙏" * LONGEST,
    "marks": "a" + "\u0301" * LONGEST,
    "signs that stand for many": "\ufdfa" * LONGEST,
    "another script": "ช่วยด้วย" * LONGEST,
}


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count every call of a function, ours or the interpreter's."""
    calls = [0]

    def count(frame: FrameType, event: str, argument: Any) -> None:
        calls[0] += event in ("call", "c_call")

    before: Callable[[FrameType, str, Any], object] | None = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def work(text: str) -> int:
    """Return the calls that understanding a message takes, its syllables met for the second time."""
    understand(text, LEXICON)
    with counted() as calls:
        understand(text, LEXICON)
    return calls[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_long_message_holds_up_the_others(shape: str) -> None:
    """Whatever its words are."""
    assert work(SHAPES[shape][:LONGEST]) <= MOST


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_length_costs_little_more_than_twice_the_work(shape: str) -> None:
    """No part of the reading goes through the message for each of its words."""
    text = SHAPES[shape][:LONGEST]
    assert work(text) <= 3 * work(text[: LONGEST // 2]) + 2_000
