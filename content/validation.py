"""Validation: a mapping of strings into one of the shapes of `schema`, with a finding for each field that does not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from content.findings import Finding
from content.strict_yaml import Document, Path_

S = TypeVar("S", bound=msgspec.Struct)


def shape(
    kind: type[S],
    document: Document,
    path: Path_,
    given: Mapping[str, Any],
    findings: list[Finding],
    *,
    outside: frozenset[str] = frozenset(),
) -> S | None:
    """Build a `kind` from `given`, found at `path` of `document`; on mistakes, extend `findings` and return None.

    `outside` names fields that the file may not set because the reader sets them (id, file, line).
    """
    before = len(findings)
    fields = _fields(kind)
    for name in given:
        if name not in fields:
            allowed = ", ".join(sorted(set(fields) - outside))
            findings.append(_at(document, (*path, name), f'unknown field "{name}"', f"use one of: {allowed}"))
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in given:
            _take(document, (*path, name), given[name], field.type, values, name, findings)
        elif field.required:
            findings.append(_at(document, path, f'the field "{name}" is missing', _wanted(name, field.type)))
    return kind(**values) if len(findings) == before else None


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """Look the fields of a shape up once: resolving its annotations costs more than filling it."""
    return {field.name: field for field in msgspec.structs.fields(kind)}


def _take(
    document: Document,
    path: Path_,
    value: Any,
    kind: Any,
    values: dict[str, Any],
    name: str,
    findings: list[Finding],
) -> None:
    try:
        values[name] = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        findings.append(_at(document, path, f'"{name}": {_problem(error, value)}', _wanted(name, kind)))


def _problem(error: msgspec.ValidationError, value: Any) -> str:
    shown = f' ("{value}")' if isinstance(value, str | int) else ""
    return str(error)[:1].lower() + str(error)[1:] + shown


def _wanted(name: str, kind: Any) -> str:
    """Say what the field holds when it is right."""
    inner = get_args(kind)[0] if get_origin(kind) is not None and get_args(kind) else kind
    for candidate in (kind, inner):
        if get_origin(candidate) is Literal:
            return f'give "{name}" one of: {", ".join(str(word) or chr(34) * 2 for word in get_args(candidate))}'
    if name in ("review_by", "verified_on", "source_date"):
        return f'write "{name}" as a quoted day: "2027-05-22"'
    if name == "source":
        return 'name where the fact comes from: source: ["key of sources.yaml"] ("own" for our wording)'
    return f'give "{name}" as {EXPECTED.get(name, "text")}'


EXPECTED = {
    "id": "small letters, digits, dots and dashes",
    "version": "a whole number from 1",
    "numbers": 'a list of {number: "111", display: "111", dial_from: vn, cost: free}',
    "hours": "{kind: always}, {kind: unknown} or {kind: office, days, opens, closes}",
    "choices": "a list of {label, value}",
    "slots": "a list of names",
    "name": "one text per language: {vi: …, en: …}",
}


def _at(document: Document, path: Path_, message: str, remedy: str) -> Finding:
    return Finding(document.file, document.line(*path), message, remedy)
