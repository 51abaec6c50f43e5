"""Fixed answers: what has the same digit on every screen (0 a person, 9 the first page), and where it does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from flows.tables.loader import read_table

DIGITS: Mapping[str, str] = {"human": "0", "menu": "9"}
"""The digit of each fixed answer, by what it leads to."""
EVERY = "every"


class FixedAnswersException(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """States without fixed answers on the screen, and why; with `heard` their digits are understood all the same."""

    states: tuple[str, ...]
    because: str
    heard: bool = False


CARDS: Mapping[str, str] = read_table("fixed_answers", "cards", str)
"""The card with the labels by flow."""
EXCEPTIONS: Mapping[str, FixedAnswersException] = read_table("fixed_answers", "exceptions", FixedAnswersException)
"""The exceptions by name."""


@lru_cache(maxsize=512)
def exception_of(state: str) -> FixedAnswersException | None:
    """Return the exception that a state is; None where its question is one of ordinary talk."""
    names = {state, state.partition(":")[0]}
    return next((one for one in EXCEPTIONS.values() if not names.isdisjoint(one.states)), None)


def labels_of(state: str) -> str:
    """Return the card with the labels of the fixed answers of a state."""
    return CARDS.get(state.partition(":")[0], CARDS[EVERY])
