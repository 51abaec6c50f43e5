"""Harmless things: the numbered list from which a word of her own is chosen, by the languages she may read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from content.cards.languages import BASE
from content.findings import Finding
from content.schema import Key, Texts
from content.strict_yaml import Document
from content.validation import shape

FILE = "harmless_things.yaml"


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for the list, where its words come from, and how far they have been read."""

    owner: str
    source: str
    status: str
    review_by: str


class HarmlessThings(msgspec.Struct, frozen=True, kw_only=True):
    """The names of the things by language, each under its id; `about` says where they come from."""

    about: Provenance | None = None
    names: Mapping[Key, Texts] = {}

    def name(self, thing: str, lang: str) -> str:
        """Return what a thing is called in a language, or in Vietnamese."""
        return self.names[thing].get(lang) or self.names[thing][BASE]


def read_things(document: Document | None, findings: list[Finding]) -> HarmlessThings:
    """Return the list; what does not fit becomes a finding."""
    made = shape(HarmlessThings, document, (), document.value, findings) if document is not None else None
    return made or HarmlessThings()
