"""Former communes and districts: where a name that no unit of today has is to be looked for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec

from content.findings import Finding

FILE = "former_units.csv"
"""Every former commune or district of no unit's name in its province today, as `name,now`.

`now` is the code of the commune that took it in; of the province where several did, where it was a district, or where
it had been merged before 2025. Source: SAP_NHAP in sources.yaml.
"""


class FormerUnit(msgspec.Struct, frozen=True):
    """A commune or district that is no more. `now` is the code of the unit of today that it lies in."""

    name: str
    now: str


def read_former(file: Path) -> tuple[FormerUnit, ...]:
    """Read the file of former units in its own order."""
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(FormerUnit(row["name"], row["now"]) for row in csv.DictReader(lines))


def former_findings(file: Path | None, known: frozenset[str]) -> Iterator[Finding]:
    """Yield former units that lie in no unit of today."""
    try:
        former = read_former(file) if file is not None else ()
    except (OSError, KeyError, UnicodeDecodeError, csv.Error):
        yield Finding(FILE, 1, "the file cannot be read as rows of name and now", "compare it with its source")
        return
    for line, unit in enumerate(former, start=2):
        if unit.now not in known or not unit.name or unit.name != " ".join(unit.name.split()):
            yield Finding(FILE, line, f'"{unit.name}" lies in no unit of today', "put the code of a unit of today")
