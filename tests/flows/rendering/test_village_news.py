"""A card as a group sends it: under its name, neutral whatever the name is, with how to stop and every number once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rendering.village_news import as_a_chat_sees, as_listeners_see
from tests.support.content import library

UNASKED = [card for shelf in library().shelves for card in library().shelf(shelf) if library().may_go_unasked(card)]


def _dialled(number: str) -> str:
    return re.sub(r"[ .]", "", number)


TELLING = ("Tổ phòng chống mua bán người Na Sang", "Nhóm bị đánh đập")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("card", UNASKED)
def test_whoever_gets_a_card_reads_who_sends_it_and_how_to_stop(card: str, lang: str) -> None:
    """The name stands first, the words of the card are whole, and the last line tells how to end it."""
    said = library().say(card, lang).text
    first, *lines = as_listeners_see(library(), card, "Tổ Na Sang", lang).text.splitlines()
    assert "Tổ Na Sang" in first
    assert "\n".join(lines[:-1]) == said
    assert {"vi": "DỪNG", "en": "STOP"}[lang] in lines[-1]
    assert "MENU" in lines[-1]


@pytest.mark.parametrize("card", UNASKED)
def test_numbers_stand_in_it_once_and_one_of_them_is_dialled_from_abroad(card: str) -> None:
    """Whoever is abroad is never shown short codes alone (safety rule 4), and nobody pays for a number twice."""
    news = as_listeners_see(library(), card, "Tổ Na Sang", "vi")
    written = [_dialled(number) for number in re.findall(r"\+?\d[\d .]*\d", news.text)]
    assert all(written.count(_dialled(phone)) == 1 for phone in news.phones)
    assert any(phone.startswith("+") for phone in news.phones)


@given(st.sampled_from(UNASKED), st.text(min_size=3, max_size=60) | st.sampled_from(TELLING))
def test_no_name_of_a_group_tells_on_a_lock_screen(card: str, title: str) -> None:
    """The first 40 characters hold no word of the sensitive list, whatever staff call a group (safety rule 7)."""
    for as_sent in (as_listeners_see, as_a_chat_sees):
        news = as_sent(library(), card, " ".join(title.split()) or "Tổ", "vi")
        assert library().is_neutral(news.text)


@pytest.mark.parametrize("title", TELLING)
def test_a_telling_name_stands_below_the_card(title: str) -> None:
    """It is said all the same whose news it is."""
    assert as_listeners_see(library(), "leave.prepared", title, "vi").text.endswith(f"Tin của {title}.")


def test_a_chat_is_told_of_no_command_that_it_does_not_hear() -> None:
    """In the group's own chat nobody writes to the service: neither a stop nor a menu is offered there."""
    text = as_a_chat_sees(library(), "leave.prepared", "Tổ Na Sang", "vi").text
    assert not {"DỪNG", "MENU"} & set(re.findall(r"\w+", text))
