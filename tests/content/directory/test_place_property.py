"""Safety rule 4 over everything: all cards, all countries, everything that may be known about where she is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest

from content.cards.templates import FilledTemplate
from content.checks.numbers import LEADS, places
from flows.rendering.phrasing import Phrasing
from tests.support import content

library = content.library()
LANGUAGES = ("vi", "en")
NIGHT = datetime(2026, 11, 25, 19, 5, tzinfo=UTC)
UNKNOWN = ("", "somewhere", "abroad:", "abroad:zz", "abroad:ZZ", "VN ", "vn:VN:x", "home", "abroad:vn")
KNOWN = tuple(place for place in places(library) if place != "vn")
DISPLAYED = {number.display for service in library.services.values() for number in service.numbers}
_LOCAL = "|".join(re.escape(number) for number in sorted(DISPLAYED, key=len, reverse=True) if number[0] != "+")
BORDERED = re.compile(rf"(?<![\d+])(?:1[89]00[ .]?\d[\d ]+\d|{_LOCAL})(?!\d)")
"""A short code, an 1800 or a 1900 number, in a text as it is read."""

FACTS = sorted((words for fact in library.law.values() for words in fact.says.values()), key=len, reverse=True)
"""Words of law: a hundred and twenty days are no number to call."""


def shown(place: str, lang: str) -> Iterator[tuple[str, FilledTemplate]]:
    """Yield all that can be said to somebody at a place: every card but those of home, and the computed ones."""
    for name, versions in library.cards.items():
        card = versions[lang]
        if not card.slots and not name.endswith(".vn") and card.topic != LEADS:
            yield name, library.say(name, lang)
    for situation in ("", *library.situations):
        yield f"emergency {situation}", library.emergency(place, lang, situation, NIGHT)
    yield "handoff", library.handoff(place, lang, NIGHT)
    numbers = Phrasing(library).numbers(place, lang)
    yield "numbers", FilledTemplate(numbers.text, phones=numbers.phones)


def bordered(text: str) -> list[str]:
    """Return the numbers of a text that do not work everywhere."""
    for words in FACTS:
        text = text.replace(words, " ")
    return BORDERED.findall(text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whoever_is_or_may_be_abroad_never_reads_numbers_that_all_stop_at_a_border(lang: str) -> None:
    """Of all cards in all places: a text with a short code, 1800 or 1900 also has a number with a plus."""
    looked = 0
    for place in (*KNOWN, *UNKNOWN):
        for name, filled in shown(place, lang):
            if bordered(filled.text):
                looked += 1
                assert re.search(r"\+\d", filled.text), f"{name} at {place!r} ({lang}): {filled.text}"
                assert any(phone.startswith("+") for phone in filled.phones), f"{name} at {place!r} ({lang})"
    assert looked > 300


def test_every_number_that_can_be_read_can_be_dialled() -> None:
    """What stands in a text as a number is among its phones, so a channel can offer it as one."""
    for lang, place in product(LANGUAGES, ("vn", "", "abroad", "abroad:KH")):
        for name, filled in shown(place, lang):
            for display in (*bordered(filled.text), *re.findall(r"\+\d[\d ]+\d", filled.text)):
                digits = display.replace(" ", "").replace("-", "")
                assert digits in filled.phones, f"{name} ({lang}) shows {display}"


def test_the_places_are_those_of_the_directory() -> None:
    """Every country with a service is asked about, among them all that women are taken to."""
    countries = {place.removeprefix("abroad:") for place in KNOWN if ":" in place}
    assert {"KH", "LA", "MM", "TH", "CN", "PH", "MY", "TW", "KR", "JP", "RU", "GB", "AE", "SA"} <= countries
    assert all(len(country) == 2 and country.isupper() for country in countries)


def test_every_country_with_a_card_of_its_own_shows_its_line_only_beside_ours() -> None:
    """The cards stuck.xx name the country's line and the one that works from everywhere."""
    cards = [name for name in library.shelf("stuck") if re.fullmatch(r"stuck\.[a-z]{2}", name)]
    assert len(cards) >= 10
    for name in cards:
        phones = library.say(name, "vi").phones
        assert "+84981848484" in phones
        own = {n.number for s in library.services.values() if s.area == name[-2:].upper() for n in s.numbers}
        assert own & set(phones)
