"""Thanks around an order: "dừng, cảm ơn" is the order that is left when the thanks are taken away. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flows.text.letters import fold

MOST = 8
"""Words of a message that may be an order with thanks; a longer one tells something."""
AFTER = 2
"""Words that may follow thanks and belong to them: `cảm ơn chị nhiều`."""


def phrases(thanks: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return thanks as words without tones, the longest first."""
    return tuple(sorted({tuple(fold(one).split()) for one in thanks}, key=len, reverse=True))


def without_thanks(words: Sequence[str], thanks: Iterable[tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield what may be left of a short message without its thanks; nothing where it has none."""
    folded = [fold(word) for word in words[: MOST + 1]]
    if len(folded) > MOST:
        return
    for phrase in thanks:
        for at in range(len(folded) - len(phrase) + 1):
            if tuple(folded[at : at + len(phrase)]) == phrase:
                yield from _around(list(words[:at]), list(words[at + len(phrase) :]))
                return


def _around(before: list[str], after: list[str]) -> Iterator[list[str]]:
    if before and len(after) <= AFTER:
        yield before
    elif not before:
        yield from (after[skipped:] for skipped in range(min(AFTER, len(after) - 1) + 1) if after)
