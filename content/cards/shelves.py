"""Shelves: where cards stand, on one matter each, in rooms that are the first page's choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from content.findings import Finding
from content.schema import Key, Texts
from content.strict_yaml import Document
from content.validation import shape

FILE = "shelves.yaml"


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """A shelf of cards. `typed` are the topics of the understanding that lead to it, `label` (≤ 40) its name.

    `opens` are topics that lead to one card of it: she asked just that.
    """

    id: Key
    room: Key
    label: Texts
    typed: tuple[Key, ...] = ()
    opens: Mapping[Key, Key] = {}
    line: Annotated[int, msgspec.Meta(ge=0)] = 0


def read_shelves(document: Document | None, findings: list[Finding]) -> dict[str, Shelf]:
    """Return the shelves by id, in reading order; what does not fit becomes a finding."""
    shelves: dict[str, Shelf] = {}
    given = document.value.get("shelves") if document is not None else None
    if document is None:
        return shelves
    if not isinstance(given, dict) or set(document.value) != {"shelves"}:
        findings.append(Finding(document.file, 1, "there is something else than shelves", "list them under `shelves:`"))
        return shelves
    for name, entry in given.items():
        path = ("shelves", name)
        fields: Mapping[str, object] = entry if isinstance(entry, dict) else {}
        made = shape(Shelf, document, path, {**fields, "id": name, "line": document.line(*path)}, findings)
        if made is not None:
            shelves[name] = made
    return shelves


def text_of(texts: Mapping[str, str], lang: str) -> str:
    """Return the text in `lang`, or the Vietnamese one."""
    return texts.get(lang) or texts.get("vi", "")
