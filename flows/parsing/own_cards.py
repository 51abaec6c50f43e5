"""Recognition of our own cards: whoever passes our words on says nothing of her own (safety rule 19).

Where a channel tells who wrote first, that decides. Elsewhere a message is ours when the whole of it is a card, tones,
case and signs aside; with a word of hers before or behind it is hers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from content.library import Library
from flows.model.messages import Incoming
from flows.text.letters import fold

SHORTEST, LONGEST = 60, 3000
"""Letters of a message that can be ours: fewer she may well have found herself, and no card of ours has more."""
LEAST = 40
"""Bare letters of a card, its slots aside, by which it is known."""
_SLOT = re.compile(r"\{[^{}]*\}")
_LISTED = re.compile(r"(?:\n\s*\d{1,2}\.[^\n]*)+\s*$")
"""The answers below a question, where a channel numbers them."""
_WORD = re.compile(r"[^\W_]+")
_BEGINS = 3
"""Words by which a card is looked up."""


def recognised(incoming: Incoming, library: Library) -> Incoming:
    """Return a typed message as what it is: a card of ours that she passed on, or her own words."""
    ours = incoming.kind == "text" and len(incoming.text) >= SHORTEST and _cards_of(library).has(incoming.text)
    return msgspec.structs.replace(incoming, kind="own_card") if ours else incoming


@lru_cache(maxsize=4)
def _cards_of(library: Library) -> OwnCards:
    return OwnCards(card.text for versions in library.cards.values() for card in versions.values())


class OwnCards:
    """The texts of all cards, by how they begin; what fills a slot may be anything."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[re.Pattern[str]]] = {}
        for text in texts:
            pieces = [plain for piece in _SLOT.split(text) if (plain := _plain(piece))]
            if pieces and sum(map(len, pieces)) >= LEAST:
                begins = "" if text.startswith("{") else _beginning(pieces[0])
                self._by_beginning.setdefault(begins, []).append(_pattern(text, pieces))

    def has(self, text: str) -> bool:
        """Say whether a text is one card, or several below each other, and not a word more."""
        if not SHORTEST <= len(text) <= LONGEST:
            return False
        whole = _LISTED.sub("", text)
        return self._is_card(whole) or all(map(self._is_card, _paragraphs(whole)))

    def _is_card(self, text: str) -> bool:
        said = _plain(text)
        known = [*self._by_beginning.get(_beginning(said), ()), *self._by_beginning.get("", ())]
        return any(pattern.fullmatch(said) for pattern in known)


def _pattern(text: str, pieces: Sequence[str]) -> re.Pattern[str]:
    """Make the pattern of a card out of its words between the slots."""
    before = "(?:.* )?" if text.startswith("{") else ""
    behind = "(?: .*)?" if text.rstrip(' .!?”"').endswith("}") else ""
    return re.compile(before + " (?:.* )?".join(map(re.escape, pieces)) + behind)


def _paragraphs(text: str) -> Iterator[str]:
    return (part for part in text.split("\n\n") if part.strip())


def _beginning(plain: str) -> str:
    words = plain.split()
    return " ".join(words[:_BEGINS]) if len(words) >= _BEGINS else ""


def _plain(text: str) -> str:
    """Return the bare words of a text."""
    return " ".join(_WORD.findall(fold(text)))
