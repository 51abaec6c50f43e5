"""Readability: the measures of reading.yaml, and the words that are too hard or never said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from content.findings import Finding
from content.strict_yaml import Document
from content.validation import shape

FILE = "reading.yaml"


class Measure(msgspec.Struct, frozen=True):
    """Two sizes: what an editor aims at, and what nothing may pass."""

    aim: Annotated[int, msgspec.Meta(ge=1)]
    most: Annotated[int, msgspec.Meta(ge=1)]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The measures. `screen` in characters, `sentences` per card, `words` per sentence by language.

    `hard` maps a word of offices to a plain one, `never` a forbidden wording to what is right; both by language.
    `capitals` may be written in capitals.
    """

    screen: Measure = Measure(250, 600)
    sentences: Measure = Measure(4, 8)
    words: Mapping[str, Measure] = {}
    capitals: tuple[str, ...] = ()
    hard: Mapping[str, Mapping[str, str]] = {}
    never: Mapping[str, Mapping[str, str]] = {}


def read_reading(document: Document | None, findings: list[Finding]) -> Reading:
    """Return the measures; what does not fit becomes a finding."""
    made = shape(Reading, document, (), document.value, findings) if document is not None else None
    return made or Reading()
