"""Understanding of typed Vietnamese from cheap phones: danger, commands, topics."""

from __future__ import annotations

from functools import lru_cache

from content.lexicon.model import LexiconData
from flows.understanding.classifier import Classifier
from flows.understanding.meaning import Meaning

__all__ = ["Classifier", "Meaning", "understand", "understanding_of"]


@lru_cache(maxsize=4)
def understanding_of(lexicon: LexiconData) -> Classifier:
    """Return the lexicon compiled; made on first use and kept."""
    return Classifier(lexicon)


def understand(text: str, lexicon: LexiconData) -> Meaning:
    """Return what a message, as typed, means. Pure; the lexicon is compiled on first use and kept.

    Some 0.1 ms for 60 characters. Never raises, whatever the text.
    """
    return understanding_of(lexicon).meaning(text)
