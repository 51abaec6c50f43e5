"""Tone: how she is called, what labels and questions must and must not hold, and the word for another word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import msgspec

from content.cards.patterns import whole_words
from content.findings import Finding
from content.strict_yaml import Document
from content.validation import shape

FILE = "tone.yaml"


class Address(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """How one language calls her: `she` in the texts, `chosen` by value, `herself` in labels, `changed` by value.

    `not_her` are expressions in which the word of the texts means somebody else.
    """

    she: str
    chosen: Mapping[str, str]
    herself: str
    changed: Mapping[str, str] = {}
    not_her: tuple[str, ...] = ()

    def text(self, text: str, chosen: str) -> str:
        """Return a text that calls her by the chosen word; as it is where none was chosen."""
        word = self.chosen.get(chosen)
        return _replaced(text, (*self.not_her, self.she), self.she, word) if word else text

    def label(self, label: str, chosen: str) -> str:
        """Return a label in which she calls herself, and is called, by the chosen word."""
        word = self.changed.get(chosen)
        own = _replaced(label, (self.herself,), self.herself, word) if word else label
        return self.text(own, chosen)


class Questions(msgspec.Struct, frozen=True, kw_only=True):
    """Words of which a question holds one, and words that make one without them read as advice."""

    asking: tuple[str, ...]
    advice: tuple[str, ...] = ()


class Tone(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The rules by language; `labels` and `words` map a word to what is said instead."""

    about: Mapping[str, str] = {}
    address: Mapping[str, Address] = {}
    labels: Mapping[str, Mapping[str, str]] = {}
    questions: Mapping[str, Questions] = {}
    words: Mapping[str, Mapping[str, str]] = {}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The values by which she may choose how she is called."""
        return frozenset(value for address in self.address.values() for value in address.chosen)


def read_tone(document: Document | None, findings: list[Finding]) -> Tone:
    """Return the rules; what does not fit becomes a finding."""
    made = shape(Tone, document, (), document.value, findings) if document is not None else None
    return made or Tone()


def _replaced(text: str, spared: tuple[str, ...], old: str, new: str) -> str:
    """Replace a word wherever it stands alone, in its case, the spared expressions aside."""
    return whole_words(spared).sub(lambda found: _as_written(found[0], old, new), text)


def _as_written(found: str, old: str, new: str) -> str:
    if found.lower() != old:
        return found
    return new[:1].upper() + new[1:] if found[:1].isupper() else new
