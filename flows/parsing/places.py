"""Parsing of places: a typed country, province or commune as a code; pure, nothing else of the text is kept.

Where she is needs a name that can be nothing else (a wrong place would show the wrong numbers, safety rule 4); where
something happened may be less certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from content.directory.areas import Area, Candidate
from content.directory.place_names import KINDS, OF_A_COMMUNE, OF_A_VILLAGE, is_of, parted
from content.lexicon.model import LexiconData
from content.library import Library
from flows.text.letters import fold, tidy

LONGEST = 100
"""Letters of a typed place that are looked at."""
LONGEST_ALONE = 60
"""The same of the place where she is: it stands alone."""

AROUND = frozenset(
    (
        *("em", "toi", "minh", "tui", "con", "chau", "chi", "da", "vang", "a", "dang", "hien", "roi", "nhe", "nha"),
        *("la", "nay", "gio", "bay", "van", "thi", "hoi", "tinh", "xa"),
    )
)
AT = frozenset(("o", "tai", "ben", "nuoc", "sang", "qua"))
"""Small words around the name of a place, and words that say that a place follows; compared without tones."""

MOST_AROUND = 5
"""Small words that are taken off either end."""

SHORT = 4
"""Letters up to which one word without tones names a country only after such a word: `nga` may be a fall."""
WORDS = frozenset({"tàu", "anh"})
"""Names that are other words everywhere, a ship, beside him: names only alone, where a country is asked for."""

FEW = 2
"""Words without tones, the kind among them, that name no commune for certain."""

CITIES = frozenset(("huế", "hue", "hn", "sg", "hcm"))
"""The only names as short as that: `kh` is Khánh Hòa, Campuchia and no."""

REGIONS = frozenset(("tinh", "thanh", "pho", "tp", "khu", "vung", "casino", "song", "bac", "o", "ben", "nuoc"))
"""Words between the names of a country and of a place in it; without tones."""

HOME, ELSEWHERE = "vn", "elsewhere"
CERTAIN = frozenset({"name", "old", "typed"})
"""How a province is found that may be named alone."""


def area_named(library: Library, text: str) -> str:
    """Return the code of the one commune that may be meant, else of the one province, else "".

    Of a commune that nobody knows, the province written after it still is.
    """
    named = _certain(library, text) or _certain(library, text[:LONGEST].rpartition(",")[2]) or _last(library, text)
    if not named:
        return ""
    if len({area.province for area in named if area.level == "province"}) > 1:  # a district that several had
        return ""
    first, same_province = named[0], len({area.province for area in named}) == 1
    if first.level == "province" or (len(named) > 1 and same_province):
        return first.province
    return first.code if same_province else ""


def province_named(library: Library, text: str) -> str:
    """Return the code of the province that is meant, misspelt or by its old name; "" when that is not clear."""
    exact = library.areas.find(text[:LONGEST])
    if exact and all(one.how == "former" for one in exact):  # one name of before may lie in several provinces of today
        today = {one.area.province for one in exact}
        return today.pop() if len(today) == 1 else ""
    found = [one.area for one in exact] or _certain(library, text) or _last(library, text)
    provinces = [area for area in found if area.level == "province"] or found
    every = list(dict.fromkeys(area.province for area in provinces))
    return every[0] if every and (provinces[0].level == "province" or len(every) == 1) else ""


def place_named(library: Library, lexicon: LexiconData, text: str, *, country_asked: bool = False) -> str:
    """Return where somebody is who names a country or a place in Viet Nam and nothing besides; else ""."""
    for before, name in _names(text) if len(text) <= LONGEST_ALONE else ():
        if not name or (_may_be_a_word(before, name) and not (country_asked and not before)):
            continue
        found = _country(lexicon, name) or (HOME if _is_at_home(library, lexicon, name) else "")
        if found:
            return found
    return ""


def is_province(library: Library, name: str) -> bool:
    """Say whether a name is that of a province, or of a place with its province behind it."""
    found = (library.areas.find(place, near=False) for place in (name, *(behind for _, behind in parted(name))))
    return any(one.area.level == "province" and one.how in CERTAIN for all_ in found for one in all_)


def _country(lexicon: LexiconData, name: str) -> str:
    """Return the country of a name, or of several names of one country: `trung quốc tỉnh vân nam`."""
    codes = {_countries(lexicon).get(name, "")} - {""} or set(_codes(lexicon, name.split()))
    code = codes.pop() if len(codes) == 1 else ""
    return code if code in ("", HOME) else "abroad" if code == ELSEWHERE else f"abroad:{code.upper()}"


def _codes(lexicon: LexiconData, words: list[str]) -> list[str]:
    """Return the countries of names that follow one another; nothing where any other word is among them."""
    codes: list[str] = []
    while words:
        names = ((length, " ".join(words[:length])) for length in range(len(words), 0, -1))
        known = (length for length, name in names if name in _countries(lexicon) and not _may_be_a_word([], name))
        length = next(known, 0)
        if not length and fold(words[0]) not in REGIONS:
            return []
        codes += [_countries(lexicon)[" ".join(words[:length])]] if length else []
        words = words[length or 1 :]
    return codes


def _is_at_home(library: Library, lexicon: LexiconData, name: str) -> bool:
    """Say whether a name is surely one of Viet Nam: a province, or a smaller place with its kind or its province.

    A commune named alone may be any word: An Toàn, Biên Giới, Trung Tâm, Biển Hồ.
    """
    if name in _safe_words(lexicon) or (len(name) < SHORT and name not in CITIES):
        return False
    found = library.areas.find(name, near=False)
    if any(one.area.level == "province" and one.how in CERTAIN for one in found):
        return True
    if not found or not library.areas.written_alone(name):
        return bool(found)
    return is_of(KINDS, name) and any(_as_typed(one, name) for one in found)


def _as_typed(found: Candidate, name: str) -> bool:
    """Say whether a name with its kind is surely that of an area: `xa lắm` is far away, and no Xã Lâm."""
    return len(name.split()) > FEW if name.isascii() else tidy(found.as_typed).endswith(name.removeprefix("huyện "))


def _may_be_a_word(before: list[str], name: str) -> bool:
    """Say whether a name may be a common word, which it is not behind a word that says that a place follows."""
    common = name.isascii() and len(name) <= SHORT and set(name) & set("aeiouy")
    return bool(name in WORDS or (common and not any(fold(word) in AT for word in before)))


def _names(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield what may be a name without the small words around it, the longest first: `nước ngoài` before `ngoài`."""
    words = "".join(letter if letter.isalnum() else " " for letter in tidy(text)).split()
    ends = product(range(_first(words) + 1), range(_first(words[::-1]) + 1))
    for before, after in sorted(ends, key=sum):
        yield words[:before], " ".join(words[before : len(words) - after])


def _first(words: list[str]) -> int:
    """Return how many small words come first, as many as are taken off."""
    words = words[:MOST_AROUND]
    return next((place for place, word in enumerate(words) if fold(word) not in AROUND | AT), len(words))


@lru_cache(maxsize=4)
def _countries(lexicon: LexiconData) -> dict[str, str]:
    """Return the code of every name as it is written, and as it is written without tones."""
    names = [(tidy(name), code) for code, all_ in lexicon.countries.items() for name in all_]
    return {fold(name): code for name, code in names} | dict(names)


@lru_cache(maxsize=4)
def _safe_words(lexicon: LexiconData) -> frozenset[str]:
    """Return words that say that she is well; some are names of places too: An Toàn."""
    return frozenset(form for word in lexicon.answers.get("safe", ()) for form in (tidy(word), fold(tidy(word))))


def _certain(library: Library, text: str) -> list[Area]:
    """Return the areas that are written so, perhaps among small words; a misspelling is no certainty."""
    names = (text[:LONGEST], *(name for _, name in _names(text[:LONGEST])), *_behind(text[:LONGEST]))
    found = next((found for name in names if (found := library.areas.find(name, near=False))), ())
    return [one.area for one in found]


def _behind(text: str) -> Iterator[str]:
    """Yield what stands behind other words where it is named as a commune, or behind a village."""
    yield from (place for name, place in parted(text) if is_of(OF_A_COMMUNE, place) or is_of(OF_A_VILLAGE, name))


def _last(library: Library, text: str) -> list[Area]:
    """Return the province that a text ends with."""
    found = (library.areas.find(place, near=False) for _, place in parted(next(_names(text[:LONGEST]))[1]))
    named = ([one.area for one in all_ if one.area.level == "province" and one.how in CERTAIN] for all_ in found)
    return next(filter(None, named), [])
