"""Dialling forms: every number of Viet Nam, as it is dialled where she is."""

from __future__ import annotations

from itertools import product

import pytest

from content.checks.dialling import dialling_findings
from content.directory.dialling import national
from content.directory.numbers import is_home, line_with_cost, phones_of
from flows.rendering.phrasing import outgoing, read_at_home
from tests.support import content as shared_content

LIBRARY = shared_content.library()
PLACES = ("", "vn", "vn:92", "abroad", "abroad:KH", "abroad:TW")
LANGUAGES = ("vi", "en")
WITH_DIAL = sorted(name for name, both in LIBRARY.cards.items() if any("{dial:" in one.text for one in both.values()))


@pytest.mark.parametrize(
    ("written", "at_home"),
    [
        ("+84 981 84 84 84", "0981 84 84 84"),
        ("+84 96 306 1414", "096 306 1414"),
        ("+84 24 3824 9517", "024 3824 9517"),
        ("+84981848484", "0981848484"),
        ("111", "111"),
        ("1900 969 680", "1900 969 680"),
        ("0377 672 444", "0377 672 444"),
        ("+855 23 861 001", "+855 23 861 001"),
        ("+886 800 024 111", "+886 800 024 111"),
    ],
)
def test_a_number_is_written_as_it_is_dialled_at_home(written: str, at_home: str) -> None:
    """Only the code of Viet Nam becomes the 0; short codes and numbers of other countries stay."""
    assert national(written) == at_home


@pytest.mark.parametrize(("place", "lang"), product(PLACES, LANGUAGES))
def test_every_line_of_a_number_fits_the_place(place: str, lang: str) -> None:
    """In Viet Nam no line begins with +84; anywhere else, and where nobody knows, each such number keeps it."""
    at_home = is_home(place)
    for one in LIBRARY.services.values():
        if one.numbers and one.numbers[0].number.startswith("+84"):
            line, (phone,) = line_with_cost(LIBRARY.say, one, lang, at_home=at_home), phones_of([one], at_home=at_home)
            assert ("+84" in line) == (not at_home), line
            assert phone in "".join(letter for letter in line if letter.isdigit() or letter == "+"), line


@pytest.mark.parametrize(("name", "lang"), product(WITH_DIAL, LANGUAGES))
def test_a_card_read_at_home_gives_the_same_numbers_as_they_are_dialled_there(name: str, lang: str) -> None:
    """None is lost, none is left in the form of abroad, and what is tapped is what is read."""
    card = LIBRARY.card(name, lang)
    anywhere = outgoing(LIBRARY.say(name, lang, **dict.fromkeys(card.slots, "…")))
    at_home = read_at_home(anywhere)
    assert [national(phone) if national(phone) in at_home.phones else phone for phone in anywhere.phones] == [
        *at_home.phones
    ]
    digits = at_home.text.replace(" ", "")
    assert all(phone in digits for phone in at_home.phones), at_home.text
    assert all(number in anywhere.text and number not in at_home.text for number in anywhere.dialled)


def test_a_card_gives_no_number_in_two_forms() -> None:
    """One reader, one form: the check finds a card that would mix them."""
    assert WITH_DIAL
    assert not list(dialling_findings(LIBRARY))
