"""Aliases: the names under which staff see people, made of two words: a thing and how it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from content import strict_yaml
from content.directory.text_folding import folded
from content.findings import ContentErrors, Finding
from content.packaged import PACKAGED
from content.strict_yaml import Document

FILE = "aliases.yaml"
FEWEST = 2000
"""How many different names there must be: as many people may be known at once, and none is called like another."""


def read_aliases(document: Document | None, findings: list[Finding]) -> Sequence[str] | None:
    """Return every name, or None with what is wrong added to `findings`."""
    if document is None:
        return None
    things, qualities = (_words(document.value, key) for key in ("things", "qualities"))
    names = [f"{thing} {quality}" for thing in things for quality in qualities]
    found = list(_findings(names))
    findings += found
    return None if found else names


def _words(given: Any, key: str) -> list[str]:
    words = given.get(key) if isinstance(given, dict) else None
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def _findings(names: Sequence[str]) -> Iterator[Finding]:
    if len(names) < FEWEST:
        yield Finding(FILE, 1, f"there are {len(names)} names", f"add things and qualities until there are {FEWEST}")
    known: dict[str, str] = {}
    for name in names:
        if (other := known.setdefault(folded(name), name)) is not name:
            yield Finding(FILE, 1, f'"{name}" and "{other}" are the same without marks', "take another word")


@cache
def aliases() -> Sequence[str]:
    """Return the names as they ship, read once. Raises ContentErrors."""
    findings: list[Finding] = []
    names = read_aliases(strict_yaml.read(PACKAGED / FILE), findings)
    if names is None:
        raise ContentErrors(findings)
    return names
