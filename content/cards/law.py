"""Facts of law as data: acts, days, ages and fees that cards name as `{law:…}` and never type."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from content.findings import Finding
from content.schema import Day, Key, MaybeDay, Texts
from content.strict_yaml import Document
from content.validation import shape

FILE = "law.yaml"


class LawFact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of law. `says` is how a card words it; empty while nobody knows it well enough to be shown.

    An act has an official `number` and the day it came into force; any other fact names its `act` and `article`.
    `status` says whether a public source was read. `review_by` is at most six months ahead of a review.
    """

    id: Key
    says: Texts = {}
    number: str = ""
    in_force: MaybeDay = ""
    act: str = ""
    article: str = ""
    source: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    source_date: str
    status: Literal["verified", "unverified", "retired"]
    review_by: Day
    note: str = ""
    file: str = ""
    line: int = 0


def read_law(document: Document | None, findings: list[Finding]) -> dict[str, LawFact]:
    """Return the facts by id; what does not fit becomes a finding."""
    facts: dict[str, LawFact] = {}
    if document is None:
        return facts
    shared = {"review_by": document.value["review_by"]} if "review_by" in document.value else {}
    for name, entry in dict(document.value.get("facts") or {}).items():
        path = ("facts", name)
        fields = entry if isinstance(entry, dict) else {}
        given = {**shared, **fields, "id": name, "file": document.file, "line": document.line(*path)}
        made = shape(LawFact, document, path, given, findings, outside=frozenset({"id", "file", "line"}))
        if made is not None:
            facts[name] = made
    return facts
