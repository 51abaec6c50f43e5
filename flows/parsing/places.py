"""Parsing of places: a typed commune or province as an official code; pure, nothing else of the text is kept."""

from __future__ import annotations

from content.directory.areas import Area
from content.library import Library

LONGEST = 100
"""Letters of a typed place that are looked at."""


def area_named(library: Library, text: str) -> str:
    """Return the code of the one commune that may be meant, else of the one province, else "".

    A commune that was merged away is not known; the province written after it still is.
    """
    named = _certain(library, text) or _certain(library, text[:LONGEST].rpartition(",")[2])
    if not named:
        return ""
    first, same_province = named[0], len({area.province for area in named}) == 1
    if first.level == "province" or (len(named) > 1 and same_province):
        return first.province
    return first.code if same_province else ""


def province_named(library: Library, text: str) -> str:
    """Return the code of the province that is meant, misspelt or by its old name; "" when that is not clear."""
    found = [one.area for one in library.areas.find(text[:LONGEST])]
    provinces = [area for area in found if area.level == "province"] or found
    every = list(dict.fromkeys(area.province for area in provinces))
    return every[0] if every and (provinces[0].level == "province" or len(every) == 1) else ""


def _certain(library: Library, text: str) -> list[Area]:
    """Return the areas that are written so; a misspelling is no certainty."""
    return [one.area for one in library.areas.find(text[:LONGEST]) if one.how != "near"]
