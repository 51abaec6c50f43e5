"""Cries of neighbour languages: phrases to recognise and never to show, with who has checked them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from content.findings import Finding
from content.schema import LangCode, Words
from content.strict_yaml import Document
from content.validation import shape

SECTION = "cries"
Meanings = dict[Words, Words]
"""A phrase as it is written, and what it means in Vietnamese."""

OUTSIDE = frozenset({"lang", "file", "line"})


class CryLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """The cries of one language. `raises` are unmistakable, `asks` lead to the danger question with the numbers.

    Until a native reader has checked them the `status` is "needs native review". "no text yet" keeps a place free: no
    phrase of such a language is made by a machine.
    """

    lang: LangCode
    status: Literal["needs native review", "reviewed", "no text yet"]
    source: Words
    reviewed_by: str = ""
    raises: Meanings = {}
    asks: Meanings = {}
    file: str = ""
    line: Annotated[int, msgspec.Meta(ge=0)] = 0

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every phrase, as it is written."""
        return (*self.raises, *self.asks)


def read_cries(document: Document, given: Mapping[str, Any], findings: list[Finding]) -> Iterator[CryLanguage]:
    """Yield the languages of a file; what does not fit is a finding with its line."""
    for lang, entry in given.items():
        path = (SECTION, lang)
        if not isinstance(entry, dict):
            findings.append(
                Finding(document.file, document.line(*path), f'"{lang}" is not a mapping', "give it fields")
            )
            continue
        about = {**entry, "lang": lang, "file": document.file, "line": document.line(*path)}
        shaped = shape(CryLanguage, document, path, about, findings, outside=OUTSIDE)
        if shaped is not None:
            findings += _mistakes(document, shaped)
            yield shaped


def _mistakes(document: Document, one: CryLanguage) -> Iterator[Finding]:
    at = document.line(SECTION, one.lang, "status")
    if one.status == "no text yet" and one.phrases:
        message = f'the cries of "{one.lang}" have phrases but the status "no text yet"'
        yield Finding(document.file, at, message, "take the phrases out, or say who wrote them")
    if one.status != "no text yet" and not one.phrases:
        yield Finding(document.file, at, f'the cries of "{one.lang}" have no phrase', 'say status: "no text yet"')
    if one.status == "reviewed" and not one.reviewed_by:
        message = f'the cries of "{one.lang}" are reviewed by nobody'
        yield Finding(document.file, at, message, "name the native reader: reviewed_by: …")
    for phrase in one.raises.keys() & one.asks.keys():
        line = document.line(SECTION, one.lang, "asks", phrase)
        yield Finding(document.file, line, f'"{phrase}" both raises and asks', "keep one of the two")


def repeated(languages: tuple[CryLanguage, ...]) -> Iterator[Finding]:
    """Yield the languages that are described twice."""
    seen: set[str] = set()
    for one in languages:
        if one.lang in seen:
            yield Finding(one.file, one.line, f'the cries of "{one.lang}" stand twice', "keep them in one place")
        seen.add(one.lang)
