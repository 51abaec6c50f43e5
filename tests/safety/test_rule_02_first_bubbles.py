"""Safety rules 2, 4, 5 and 7 over every first bubble: each situation, place and language, by night and by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest

from content.checks.numbers import dialled, places
from content.directory.dialling import dialled as in_form
from content.directory.numbers import is_home, works_abroad
from content.directory.opening_hours import is_open
from content.library import FilledTemplate
from tests.support import content as shared_content

LIBRARY = shared_content.library()
SITUATIONS = ("", *LIBRARY.situations)
PLACES = (*places(LIBRARY), "vn:38", "vn:11", "somewhere")
NIGHT = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
"""Tuesday 02:05 in Viet Nam: what keeps office hours is closed."""
LISTENED = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
"""Wednesday 14:00 in Viet Nam: every line is open."""
PHONE = "📞"


def bubbles(situation: str) -> Iterator[tuple[str, datetime, str, FilledTemplate]]:
    """Yield the first bubble of a situation in every place, language and hour."""
    for place, lang, now in product(PLACES, ("vi", "en"), (NIGHT, LISTENED)):
        yield place, now, lang, LIBRARY.emergency(place, lang, situation, now)


def read(number: str, place: str) -> str:
    """Return a number as it is read and dialled at a place."""
    return in_form(number, at_home=is_home(place))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_warm_sentence_stands_before_the_first_number(situation: str) -> None:
    """The sentence of her situation is the beginning of the bubble, and ends before a number is named to call."""
    for _, _, lang, filled in bubbles(situation):
        lead = LIBRARY.say(f"situation.{situation or 'plain'}.lead", lang).text
        assert filled.text.startswith(lead)
        assert PHONE not in lead
        assert PHONE in filled.text


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_lock_screen_shows_nothing_of_it(situation: str) -> None:
    """The first 40 characters hold no word of the sensitive list, wherever she is."""
    for place, _, _, filled in bubbles(situation):
        assert LIBRARY.is_neutral(filled.text), (place, filled.text[:40])


@pytest.mark.parametrize("situation", SITUATIONS)
def test_whoever_has_not_said_that_she_is_at_home_has_the_line_of_abroad(situation: str) -> None:
    """Every bubble but those of Viet Nam names a number that is dialled from everywhere; at home 113 and 111 stand."""
    for place, _, _, filled in bubbles(situation):
        if is_home(place):
            assert {"113", "111"} <= set(filled.phones)
        else:
            assert "+84981848484" in filled.phones, place
            assert any(works_abroad(number) for _, number in dialled(LIBRARY, filled, place)), place


@pytest.mark.parametrize("situation", SITUATIONS)
def test_an_unknown_place_has_the_numbers_of_home_as_well(situation: str) -> None:
    """Perhaps abroad is perhaps at home: 113, 111 and 115 stand beside the line of abroad."""
    filled = LIBRARY.emergency("", "vi", situation, NIGHT)
    assert {"113", "111", "115", "+84981848484"} <= set(filled.phones)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_numbers_are_of_two_bodies_at_least_and_none_is_taken_away(situation: str) -> None:
    """A situation puts a sentence in front and orders; whatever the plain bubble names stands there too."""
    for place, _, lang, filled in bubbles(situation):
        assert len({service.body for service, _ in dialled(LIBRARY, filled, place)}) >= 2, place
        assert set(LIBRARY.emergency(place, lang).phones) <= set(filled.phones), place


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_fits_stands_first(situation: str) -> None:
    """Of the numbers that fit, the first that can be dialled where she is, is the first of the bubble."""
    services = LIBRARY.services
    for place, now, _, filled in bubbles(situation):
        first = LIBRARY.situations[situation].first if situation else ()
        fitting = [services[name].numbers[0] for name in first if not services[name].emergency or name[:2] == "vn"]
        open_now = {services[name].numbers[0] for name in first if is_open(services[name].hours, now) is not False}
        there = [number for number in fitting if number in open_now and (is_home(place) or works_abroad(number))]
        if there:
            assert filled.text.split(PHONE)[1].strip().startswith(read(there[0].display, place)), place


def test_a_line_that_is_closed_is_not_named() -> None:
    """Who listens now stands first; by night the line is not spoken of, with its hours or without."""
    line = LIBRARY.services["vn.suicide"].numbers[0]
    for place in PLACES:
        assert LIBRARY.emergency(place, "vi", "despair", LISTENED).phones[0] == read(line.number, place)
        assert read(line.display, place) not in LIBRARY.emergency(place, "vi", "despair", NIGHT).text


def test_no_word_of_waiting_stands_where_minutes_count() -> None:
    """Only who is held, or writes of somebody held, or says nothing, is bidden abroad to call when it is safe."""
    careful = {name for name, row in LIBRARY.situations.items() if row.when_safe}
    assert careful == {"held", "compound", "somebody_else"}
    for situation in set(LIBRARY.situations) - careful:
        assert not any("an toàn" in filled.text or "safe:" in filled.text for *_, filled in bubbles(situation))


def test_poison_and_rape_and_a_child_are_told_what_counts() -> None:
    """The nearest person and the health station; the doctor within three days; that the child is not to blame."""
    told = {name: LIBRARY.say(f"situation.{name}.lead", "vi").text for name in LIBRARY.situations}
    assert "trạm y tế" in told["self_harm"]
    assert "người gần nhất" in told["self_harm"]
    assert "72 giờ" in told["rape"]
    assert "không phải lỗi" in told["rape"]
    for name in ("child", "child_marriage"):
        assert told[name].startswith("Em không có lỗi")
        assert "phải báo 111" in told[name]
