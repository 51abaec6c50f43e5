"""Find a province or commune by what people type: old names, no tones, short forms; candidates when it is unclear."""

from __future__ import annotations

import difflib
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from content.finding import Finding
from content.folding import folded
from content.schema import Service
from content.shape import shape
from content.strict_yaml import Document

FILE = "areas.yaml"
PROVINCES, OLD_PROVINCES, COMMUNES = 34, 63, 3321
"""Source: Resolution 202/2025/QH15 of 12 June 2025, read in dientuungdung.vn (2025)."""

KINDS = ("thanh pho", "dac khu", "thi tran", "thi xa", "phuong", "huyen", "tinh", "quan", "tp", "xa", "tx")
NEAR = 0.84
"""How alike two names must be (difflib) before a misspelling is offered as a candidate."""

How = Literal["name", "old", "typed", "near"]


class Merged(msgspec.Struct, frozen=True, kw_only=True):
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
    """An area that may be meant. `how` it was found; `as_typed` is the old or short name that matched."""

    area: Area
    how: How
    as_typed: str


class Areas:
    """All provinces with their communes; the big list is read when somebody first asks."""

    def __init__(self, merged: Mapping[str, Merged]) -> None:
        self.merged = dict(merged)

    @cached_property
    def provinces(self) -> dict[str, Area]:
        """Return the provinces of today by code."""
        return {
            area.code: area for area in (Area(_code(p.code), p.name, "province", _code(p.code)) for p in self._nation)
        }

    @cached_property
    def communes(self) -> tuple[Area, ...]:
        """Return the communes, wards and special zones of today."""
        return tuple(
            Area(f"{ward.code:05d}", ward.name, "commune", _code(p.code)) for p in self._nation for ward in p.wards
        )

    def named(self, code: str) -> Area | None:
        """Return the province or commune with this official code, None when there is none."""
        return self.provinces.get(code) or next((area for area in self.communes if area.code == code), None)

    def find(self, text: str, within: str = "") -> tuple[Candidate, ...]:
        """Return what may be meant by `text`, best first; more than one means: ask. `within` is a province's code.

        "Mường Mươn, Điện Biên" looks for the first name within the last. Provinces come before communes.
        """
        names = [part for part in text.replace(";", ",").split(",") if bare(part)]
        if not names:
            return ()
        if len(names) > 1 and not within:
            inside = [found.area.province for found in self.find(names[-1])]
            return tuple(found for code in dict.fromkeys(inside) for found in self.find(names[0], code))
        exact = [found for found in self._exact(bare(names[0])) if within in ("", found.area.province)]
        ranked = sorted(exact, key=lambda found: _rank(found, names[0]))
        unique = {found.area.code: found for found in reversed(ranked)}
        best = tuple(found for found in ranked if unique[found.area.code] is found)
        return best or tuple(self._near(bare(names[0]), within))

    def _exact(self, name: str) -> Iterable[Candidate]:
        return self._index.get(name, ())

    def _near(self, name: str, within: str) -> Iterator[Candidate]:
        """Offer provinces spelt almost like it."""
        names = {key: found for key, all_ in self._index.items() for found in all_ if found.area.level == "province"}
        if len(name) < 4:
            return
        for close in difflib.get_close_matches(name, list(names), n=3, cutoff=NEAR):
            found = names[close]
            if within in ("", found.area.province):
                yield msgspec.structs.replace(found, how="near")

    @cached_property
    def _index(self) -> dict[str, list[Candidate]]:
        """Every way to write an area, without tones and without its kind, to the areas it may mean."""
        index: dict[str, list[Candidate]] = {}
        for found in (*self._named(), *self._commonly()):
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

    @cached_property
    def _nation(self) -> tuple[_Province, ...]:
        return msgspec.json.decode(_data().read_bytes(), type=tuple[_Province, ...])


class _Ward(msgspec.Struct):
    name: str
    code: int


class _Province(msgspec.Struct):
    name: str
    code: int
    wards: tuple[_Ward, ...]


def bare(text: str) -> str:
    """Return a name without tones, signs and its kind: "TP. Hồ Chí Minh" becomes "ho chi minh"."""
    words = " ".join("".join(letter if letter.isalnum() else " " for letter in folded(text)).split())
    for kind in KINDS:
        rest = words.removeprefix(f"{kind} ")
        if rest != words and rest and not rest.isdigit():
            return rest
    return words


def read_areas(document: Document | None, findings: list[Finding]) -> Areas:
    """Read the file; what does not fit becomes a finding."""
    merged: dict[str, Merged] = {}
    for code, entry in dict(document.value.get("provinces") or {}).items() if document is not None else ():
        given = entry if isinstance(entry, dict) else {}
        made = shape(Merged, document, ("provinces", code), given, findings) if document is not None else None
        if made is not None:
            merged[code] = made
    return Areas(merged)


def area_findings(areas: Areas, services: Iterable[Service]) -> Iterator[Finding]:
    """Yield a map that does not add up to 63 old provinces in 34, and services of a province that is not there."""
    units = len(areas.merged) + sum(len(merged.old) for merged in areas.merged.values())
    if (len(areas.merged), units) != (PROVINCES, OLD_PROVINCES):
        message = f"{len(areas.merged)} provinces hold {units} old ones, not {PROVINCES} and {OLD_PROVINCES}"
        yield Finding(FILE, 1, message, "put the missing ones back (Resolution 202/2025)")
    for service in services:
        if service.province and service.province not in areas.merged:
            message = f'the service "{service.id}" is in a province {service.province} that is not there'
            yield Finding(service.file, service.line, message, f"use a code of {FILE}")


def _rank(found: Candidate, typed: str) -> tuple[bool, bool, int]:
    """Order candidates: provinces first, then what was typed with the same tones, then how it is known."""
    same = found.as_typed.lower().endswith(typed.strip().lower())
    return found.area.level != "province", not same, ("name", "old", "typed", "near").index(found.how)


def _code(number: int) -> str:
    return f"{number:02d}"


def _data() -> Path:
    """Find the list that the package ships; importing the package itself would cost 80 ms for the same names."""
    found = importlib.util.find_spec("vietnam_provinces")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("the package vietnam-provinces is not installed: pip install vietnam-provinces")
    return Path(found.submodule_search_locations[0]) / "data" / "nested-divisions.json"
