"""Thanks alone, and what is around an order: thanks ("dừng, cảm ơn") and the order again ("dừng dừng"). Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from flows.text.letters import fold

MOST = 8
"""Words of a message that may be an order with thanks; a longer one tells something."""
AFTER = 2
"""Words that may follow thanks and belong to them: `cảm ơn chị nhiều`."""

_SAME_SIGN = frozenset(("\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))))
"""What follows a sign to make it a picture, or gives it the colour of a skin: it is the same sign."""


def phrases(thanks: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return thanks as words without tones, the longest first."""
    return tuple(sorted({tuple(fold(one).split()) for one in thanks}, key=len, reverse=True))


def without_thanks(words: Sequence[str], thanks: Iterable[tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield what may be left of a short message without its thanks; nothing where it has none."""
    found = _thanked(words, thanks)
    if found is not None:
        yield from _around(list(words[: found.start]), list(words[found.stop :]))


def said_once(words: Sequence[str]) -> list[str]:
    """Return what a short message says over and over, once; nothing where it says something else."""
    for length in range(1, len(words) // 2 + 1 if len(words) <= MOST else 0):
        if list(words[:length]) * (len(words) // length) == list(words):
            return list(words[:length])
    return []


def only_thanks(words: Sequence[str], thanks: Iterable[tuple[str, ...]], beside: Container[str]) -> bool:
    """Say whether a short message is thanks and nothing but what people say `beside` them."""
    found = _thanked(words, thanks)
    return found is not None and all(fold(word) in beside for word in (*words[: found.start], *words[found.stop :]))


def _thanked(words: Sequence[str], thanks: Iterable[tuple[str, ...]]) -> slice | None:
    """Return where the longest thanks stand in a short message."""
    if len(words) > MOST:
        return None
    folded = tuple(fold(" ".join(words)).split(" "))
    for phrase in thanks:
        if phrase[0] not in folded:
            continue
        for at in range(len(folded) - len(phrase) + 1):
            if folded[at : at + len(phrase)] == phrase:
                return slice(at, at + len(phrase))
    return None


def _around(before: list[str], after: list[str]) -> Iterator[list[str]]:
    if before and len(after) <= AFTER:
        yield before
    elif not before:
        yield from (after[skipped:] for skipped in range(min(AFTER, len(after) - 1) + 1) if after)


def repeated_sign(text: str) -> str:
    """Return the one picture that a message is, however often it stands there; "" for any other message."""
    if text.isascii():
        return ""
    sign = ""
    for letter in text:
        if letter == sign or letter in _SAME_SIGN or letter.isspace():
            continue
        if sign:
            return ""
        sign = letter
    return sign
