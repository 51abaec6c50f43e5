"""Names of places as text: without their kind, run together without commas, and where one may be parted. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from content.directory.text_folding import folded

KINDS = ("thanh pho", "dac khu", "thi tran", "thi xa", "phuong", "huyen", "tinh", "quan", "tp", "xa", "tx")
"""Words before a name that say what kind of place it is; without tones."""
OF_A_DISTRICT = ("thanh pho", "thi xa", "huyen", "quan", "tp", "tx")
"""Kinds that no commune has: of old districts, and of towns that are provinces today."""
OF_A_COMMUNE = ("thi tran", "phuong", "xa")
OF_A_VILLAGE = ("thon", "ban", "ap", "buon", "bon", "lang", "xom", "khu", "plei", "to dan pho", "to")

MOST_WORDS = 16
"""Words of a text that are tried as several names without a comma between them."""


def bare(text: str) -> str:
    """Return a name without tones, signs and its kind: "TP. Hồ Chí Minh" becomes "ho chi minh"."""
    words = _words(text)
    for kind in KINDS:
        rest = words.removeprefix(f"{kind} ")
        if rest != words and rest and not rest.isdigit():
            return rest
    return words


def is_of(kinds: tuple[str, ...], text: str) -> bool:
    """Say whether a name is written with one of these kinds before it."""
    words = _words(text)
    return any(words.startswith(f"{kind} ") for kind in kinds)


def parted(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text as a name and the name behind it, the longest second one first: `na sang`, `dien bien`."""
    words = _words(text).split()
    if len(words) <= MOST_WORDS:
        for cut in range(1, len(words)):
            yield " ".join(words[:cut]), " ".join(words[cut:])


def _words(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded(text)).split())
