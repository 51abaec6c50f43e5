"""Area lookup: a province or commune by what people type (old names, no tones, short forms); candidates if unclear."""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from content.directory import former_units
from content.directory.former_units import former_findings, read_former
from content.directory.place_names import OF_A_DISTRICT, bare, is_of, parted
from content.findings import Finding
from content.schema import Service
from content.strict_yaml import Document
from content.validation import shape

FILE = "areas.yaml"
UNITS_FILE = "administrative_units.csv"
"""Every unit of today as `code,province,name`: codes of 2 digits for provinces (no province), of 5 for communes.

Source: Decision 19/2025/QĐ-TTg of 30 June 2025 (units and codes), amended on 30 April 2026 by Resolutions 30/2026/QH16
and 237/NQ-UBTVQH16 (city of Đồng Nai, ten of its communes became wards); QD19_2025 in sources.yaml.
"""
PROVINCES, OLD_PROVINCES, COMMUNES = 34, 63, 3321
"""Source: Resolution 202/2025/QH15 of 12 June 2025, read in dientuungdung.vn (2025)."""

NEAR = 0.84
"""How alike two names must be (difflib) before a misspelling is offered as a candidate."""

How = Literal["name", "old", "typed", "former", "near"]


class MergedUnit(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds of one province: old units, short forms and towns, land borders (ISO 3166)."""

    old: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    borders: tuple[Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")], ...] = ()


class Area(msgspec.Struct, frozen=True):
    """A province or commune of today. `code` is the official one ("92", "31528"), `province` that of its province."""

    code: str
    name: str
    level: Literal["province", "commune"]
    province: str


class Candidate(msgspec.Struct, frozen=True):
    """An area that may be meant. `how` it was found; `as_typed` is the old or short name that matched.

    What was `former`ly a commune or district is found as the commune or the province of today that it lies in.
    """

    area: Area
    how: How
    as_typed: str


class Areas:
    """All provinces with their communes. The files of units of today and before are read when somebody first asks."""

    def __init__(self, merged: Mapping[str, MergedUnit], units: Path | None = None, former: Path | None = None) -> None:
        self.merged = dict(merged)
        self.units = units
        self.former = former

    def __iter__(self) -> Iterator[Area]:
        """Yield every unit of today, a province before its communes."""
        yield from self._nation

    @cached_property
    def provinces(self) -> dict[str, Area]:
        """Return the provinces of today by code."""
        return {area.code: area for area in self._nation if area.level == "province"}

    @cached_property
    def communes(self) -> tuple[Area, ...]:
        """Return the communes, wards and special zones of today."""
        return tuple(area for area in self._nation if area.level == "commune")

    def named(self, code: str) -> Area | None:
        """Return the province or commune with this official code, None when there is none."""
        return self.provinces.get(code) or next((area for area in self.communes if area.code == code), None)

    def find(self, text: str, within: str = "", *, near: bool = True) -> tuple[Candidate, ...]:
        """Return what may be meant by `text`, best first; more than one means: ask. `within` is a province's code.

        "Mường Mươn, Điện Biên" looks for the first name within the last, with a comma between them or without.
        Provinces come before communes; `near` offers provinces spelt almost so.
        """
        names = [part for part in text.replace(";", ",").split(",") if bare(part)]
        if not names:
            return ()
        if len(names) > 1 and not within:
            inside = _provinces(self.find(names[-1], near=near))
            return tuple(found for code in inside for found in self.find(names[0], code, near=near))
        found = self._written(names[0], within) or self._run_together(names[0], within)
        return found or (tuple(self._near(bare(names[0]), within)) if near else ())

    def written_alone(self, text: str) -> bool:
        """Say whether a text is one name as it is written: no misspelling, and no name within another."""
        return bool(self._written(text, ""))

    def _written(self, name: str, within: str) -> tuple[Candidate, ...]:
        """Return the areas with this name; a former one counts where none of today has it."""
        all_ = [found for found in self._index.get(bare(name), ()) if within in ("", found.area.province)]
        exact = [found for found in all_ if found.how != "former"] or all_
        if is_of(OF_A_DISTRICT, name):
            exact = [self._province_of(found) for found in exact]
        ranked = sorted(exact, key=lambda found: _rank(found, name))
        unique = {found.area.code: found for found in reversed(ranked)}
        return tuple(found for found in ranked if unique[found.area.code] is found)

    def _run_together(self, text: str, within: str) -> tuple[Candidate, ...]:
        """Return a name within the name behind it."""
        for name, behind in parted(text):
            for code in _provinces(self._written(behind, within)):
                found = self._written(name, code) or self._run_together(name, code)
                if found:
                    return found
        return ()

    def _province_of(self, found: Candidate) -> Candidate:
        """Return the province of what was found: a district is no unit of today."""
        province = self.provinces.get(found.area.province, found.area)
        return found if found.area == province else msgspec.structs.replace(found, area=province, how="former")

    def _near(self, name: str, within: str) -> Iterator[Candidate]:
        """Offer provinces spelt almost like it."""
        if len(name) < 4:
            return
        for close in difflib.get_close_matches(name, list(self._spelt), n=3, cutoff=NEAR):
            found = self._spelt[close]
            if within in ("", found.area.province):
                yield msgspec.structs.replace(found, how="near")

    @cached_property
    def _spelt(self) -> dict[str, Candidate]:
        """The names of provinces, for words that are spelt almost so."""
        named = {key: all_ for key, all_ in self._index.items() if any(_of_a_province(found) for found in all_)}
        return {key: next(filter(_of_a_province, all_[::-1])) for key, all_ in named.items()}

    @cached_property
    def _index(self) -> dict[str, list[Candidate]]:
        """Every way to write an area, without tones and without its kind, to the areas it may mean."""
        index: dict[str, list[Candidate]] = {}
        for found in (*self._named(), *self._commonly(), *self._formerly()):
            index.setdefault(bare(found.as_typed), []).append(found)
        return index

    def _named(self) -> Iterator[Candidate]:
        for area in (*self.provinces.values(), *self.communes):
            yield Candidate(area, "name", area.name)

    def _commonly(self) -> Iterator[Candidate]:
        for code, merged in self.merged.items():
            area = self.provinces.get(code)
            if area is not None:
                yield from (Candidate(area, "old", name) for name in merged.old)
                yield from (Candidate(area, "typed", name) for name in merged.typed)

    def _formerly(self) -> Iterator[Candidate]:
        units = {area.code: area for area in self._nation}
        for former in read_former(self.former) if self.former is not None else ():
            if former.now in units:
                yield Candidate(units[former.now], "former", former.name)

    @cached_property
    def _nation(self) -> tuple[Area, ...]:
        return read_units(self.units) if self.units is not None else ()


def read_units(file: Path) -> tuple[Area, ...]:
    """Read the file of today's units in its own order. A province goes by its name alone: "Điện Biên"."""
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(_unit(row["code"], row["province"], row["name"]) for row in csv.DictReader(lines))


def _unit(code: str, province: str, name: str) -> Area:
    if province:
        return Area(code, name, "commune", province)
    return Area(code, name.removeprefix("Tỉnh "), "province", code)


def read_areas(document: Document | None, findings: list[Finding], folder: Path) -> Areas:
    """Read the map; what does not fit becomes a finding. The files of units are read when somebody first asks."""
    merged: dict[str, MergedUnit] = {}
    for code, entry in dict(document.value.get("provinces") or {}).items() if document is not None else ():
        given = entry if isinstance(entry, dict) else {}
        made = shape(MergedUnit, document, ("provinces", code), given, findings) if document is not None else None
        if made is not None:
            merged[code] = made
    return Areas(merged, folder / UNITS_FILE, folder / former_units.FILE)


def area_findings(areas: Areas, services: Iterable[Service]) -> Iterator[Finding]:
    """Yield a map that does not add up to 63 old provinces in 34, and services of a province that is not there."""
    units = len(areas.merged) + sum(len(merged.old) for merged in areas.merged.values())
    if (len(areas.merged), units) != (PROVINCES, OLD_PROVINCES):
        message = f"{len(areas.merged)} provinces hold {units} old ones, not {PROVINCES} and {OLD_PROVINCES}"
        yield Finding(FILE, 1, message, "put the missing ones back (Resolution 202/2025)")
    yield from _unit_findings(areas)
    for service in services:
        if service.province and service.province not in areas.merged:
            message = f'the service "{service.id}" is in a province {service.province} that is not there'
            yield Finding(service.file, service.line, message, f"use a code of {FILE}")


def _rank(found: Candidate, typed: str) -> tuple[bool, bool, int]:
    """Order candidates: provinces first, then what was typed with the same tones, then how it is known."""
    same = found.as_typed.lower().endswith(typed.strip().lower())
    return found.area.level != "province", not same, ("name", "old", "typed", "former", "near").index(found.how)


def _provinces(outer: Iterable[Candidate]) -> tuple[str, ...]:
    """Return in which provinces a name is looked for that stands before these areas: in one that is named, if any."""
    found = tuple(outer)
    named = [one for one in found if _of_a_province(one)] or found
    return tuple(dict.fromkeys(one.area.province for one in named))


def _of_a_province(found: Candidate) -> bool:
    return found.area.level == "province" and found.how != "former"


def _unit_findings(areas: Areas) -> Iterator[Finding]:
    """Yield units that are counted, numbered or placed wrongly: a commune that is missing here can have no group."""
    remedy = "compare the file with the newest decision on units and codes"
    try:
        provinces, communes = areas.provinces, areas.communes
    except (OSError, KeyError, UnicodeDecodeError, csv.Error):
        yield Finding(UNITS_FILE, 1, "the file cannot be read as rows of code, province and name", remedy)
        return
    if (len(provinces), len({area.code for area in communes}), len(communes)) != (PROVINCES, COMMUNES, COMMUNES):
        message = f"{len(provinces)} provinces with {len(communes)} communes, not {PROVINCES} with {COMMUNES}"
        yield Finding(UNITS_FILE, 1, message, remedy)
    if set(provinces) != set(areas.merged):
        yield Finding(UNITS_FILE, 1, f"its provinces are not those of {FILE}", remedy)
    for line, area in enumerate(areas, start=2):
        if not _is_sound(area, provinces):
            yield Finding(UNITS_FILE, line, f'"{area.code}" is no unit of a province that is there', remedy)
    yield from former_findings(areas.former, frozenset(area.code for area in areas))


def _is_sound(area: Area, provinces: Mapping[str, Area]) -> bool:
    """Say whether a unit has a name in one spelling, digits for a code, and a province of the list."""
    digits = 2 if area.level == "province" else 5
    named = unicodedata.is_normalized("NFC", area.name) and area.name == " ".join(area.name.split()) != ""
    return named and area.province in provinces and area.code.isdecimal() and len(area.code) == digits
