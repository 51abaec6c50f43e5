"""Rule 4: someone abroad never sees a message whose only numbers are short codes, 1800 or 1900; unknown is abroad."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from content.cards.templates import SLOT
from content.checks.numbers import places
from content.library import Library
from tests.support import content as shared_content

NOW = datetime(2026, 11, 22, 19, 5, tzinfo=UTC)
ANYWHERE = re.compile(r"\+84 9")
LANGUAGES = ("vi", "en")
ODD_PLACES = ("abroad:ZZ", "abroad:", "abroad:kh", "somewhere", "VN", "vn2", "abroad:AQ")

library = shared_content.library()
AWAY = [place for place in places(library) if place != "vn"]


@pytest.fixture(scope="module")
def content() -> Library:
    """The packaged content."""
    return library


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", [*AWAY, *ODD_PLACES])
def test_whoever_is_or_may_be_abroad_gets_a_number_that_works_there(content: Library, place: str, lang: str) -> None:
    """What is said first and what is said later carry an international number; below it no number is said again."""
    assert not re.search(r"📞|\b1\d\d\b", content.handoff(place, lang, NOW).text)
    for filled in (content.emergency(place, lang), content.unanswered(place, lang, NOW)):
        assert ANYWHERE.search(filled.text)
        assert any(phone.startswith("+") for phone in filled.phones)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_somebody_in_viet_nam_gets_the_short_codes_first(content: Library, lang: str) -> None:
    """At home the first number is the police, then 111, which is free; with nobody on duty it is the first to tap."""
    assert content.emergency("vn", lang).phones[:2] == ("113", "111")
    assert content.handoff("vn", lang, NOW).contacts[0][0] == "111"


def test_a_country_with_its_own_numbers_gets_them_and_nobody_elses(content: Library) -> None:
    """Taiwan's line is shown in Taiwan only."""
    assert "1955" in content.emergency("abroad:TW", "vi").phones
    assert "1955" not in content.emergency("abroad:KR", "vi").phones
    assert "117" not in content.emergency("abroad", "vi").phones


@pytest.mark.parametrize("place", ["", "somewhere", "VN", "vn2"])
def test_what_is_not_understood_counts_as_perhaps_abroad(content: Library, place: str) -> None:
    """Only the exact word for home is home; the unknown card holds numbers for both."""
    filled = content.emergency(place, "vi")
    assert filled.card == "emergency.unknown"
    assert {"113", "111", "+84981848484"} <= set(filled.phones)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_card_at_all_has_only_numbers_that_stop_at_the_border(content: Library, lang: str) -> None:
    """Topic cards are read anywhere, so each that has numbers has an international one.

    The sentence in front of the numbers is never said alone: below it they stand (test_rule_02_first_bubbles.py).
    """
    for name, versions in content.cards.items():
        used = [service for number, service in SLOT.findall(versions[lang].text) if number]
        if used and "lines" not in versions[lang].slots and not re.fullmatch(r"situation\..*\.lead", name):
            filled = content.say(name, lang, **dict.fromkeys(versions[lang].slots, ""))
            assert any(phone.startswith("+") for phone in filled.phones), name


def test_the_police_of_places_with_compounds_come_with_a_word_of_care(content: Library) -> None:
    """Where calling the police may be dangerous the card says: only when it is safe; in Myanmar none is shown."""
    assert "an toàn" in content.emergency("abroad:KH", "vi").text.splitlines()[0]
    assert "199" not in content.emergency("abroad:MM", "vi").phones
