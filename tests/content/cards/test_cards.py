"""The cards for people who only want to know: all of the programme's list, short, sourced, and no fact typed in."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from content.checks.wording import as_shown
from content.schema import Card
from tests.support import content

library = content.library()
CODES = {"BAS": 6, "TRK": 14, "SIG": 7, "CHK": 6, "PRE": 6, "STK": 7, "RGT": 7, "RET": 7, "VIO": 1, "MEN": 1, "NET": 2}
"""How many cards the programme's own list has of each kind: 64."""

CARDS = [library.cards[name][lang] for name in library.cards for lang in library.cards[name]]
SHELVED = [card for card in CARDS if library.card(card.id).topic in library.shelves]
PLACEHOLDER = re.compile(r"\{[^}]*\}")
TYPED = {
    "a phone number": re.compile(r"\+?\d[\d .-]{5,}\d|(?<!\d)1[89]00|(?<!\d)(?:111|112|113|114|115)(?!\d)"),
    "an amount": re.compile(
        r"\d[\d.,]*\s*(?:đồng|nghìn|ngàn|triệu|tỷ|usd|vnd|đô|dong|million|thousand|dollars?|%)", re.I
    ),
    "an article of law": re.compile(
        r"(?:điều|khoản|nghị định|thông tư|article|decree|circular)\s*(?:số )?\d|\d+/20\d\d", re.I
    ),
}


def test_every_card_of_the_programmes_list_is_here_once() -> None:
    """Sixty-four codes, each on one card; and there are cards beyond them."""
    wanted = {f"{kind}-{number:02d}" for kind, count in CODES.items() for number in range(1, count + 1)}
    found = Counter(versions["vi"].code for versions in library.cards.values() if versions["vi"].code)
    assert len(wanted) == 64
    assert found == Counter(wanted)
    assert len(SHELVED) > 2 * 64


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_card_to_read_fits_one_small_screen(lang: str) -> None:
    """With its numbers filled in every card of a shelf keeps to 250 characters, and no card at all passes 600."""
    sizes = {card.id: len(as_shown(library, card)) for card in SHELVED if card.lang == lang}
    assert {name: size for name, size in sizes.items() if size > 250} == {}
    assert max(len(as_shown(library, card)) for card in CARDS) <= 600


def test_a_card_to_read_says_where_it_comes_from_and_what_is_still_open() -> None:
    """Source, owner, day of review, a title to list it by; a draft names the reviews that people must still do."""
    for card in SHELVED:
        assert card.source
        assert card.owner
        assert card.review_by
        assert card.title
        assert card.status == "draft"
        assert {"safety", "language"} <= set(card.needs_review), card.id
        if "{number:" in card.text:
            assert "fact" in card.needs_review or "legal" in card.needs_review, card.id


@pytest.mark.parametrize("what", TYPED)
def test_no_card_has_a_fact_typed_in(what: str) -> None:
    """Numbers come from services, amounts and law from the law file; everything between braces is a placeholder."""
    for card in CARDS:
        for text in (card.title, card.text, *(choice.label for choice in card.choices)):
            assert not TYPED[what].search(PLACEHOLDER.sub(" ", text)), f"{card.id} ({card.lang}): {text}"


def test_what_a_card_shows_of_the_law_has_a_source_that_was_read() -> None:
    """Each fact that a card names is verified, has words in both languages and stands on an act with a number."""
    named = {name for card in CARDS for name in re.findall(r"\{law:([^}]+)\}", card.text)}
    assert named
    for name in named:
        fact = library.law[name]
        assert fact.status == "verified"
        assert {"vi", "en"} <= set(fact.says)
        assert library.law[fact.act].number
        assert fact.says["vi"] in library.fact("law", name, "vi")


def test_an_amount_nobody_has_verified_is_in_no_words() -> None:
    """The support amounts are known of, not known: the file has no words for them and the card says whom to ask."""
    assert library.law["support.amounts"].says == {}
    said = library.say("right.amounts", "vi")
    assert "18001233" in said.phones
    assert "+84981848484" in said.phones


def test_facts_in_a_card_follow_the_data() -> None:
    """Hours, cost and name of a service and a fact of law are put in the language of the card."""
    assert "từ thứ Hai đến thứ Sáu, 8 giờ sáng đến 5 giờ chiều, ngày lễ nghỉ" in library.say("return.law", "vi").text
    assert (
        "Monday to Friday, 8 in the morning to 5 in the afternoon, closed on public holidays"
        in library.say("return.law", "en").text
    )
    assert "không mất tiền" in library.say("basic.call-111", "vi").text
    assert "120 days" in library.say("return.place", "en").text
    assert "20 Thụy Khuê" in library.say("return.osso", "vi").text


def test_cards_for_children_speak_to_em_and_say_first_what_must_be_told() -> None:
    """The shelf of the young addresses "em"; before anything is told it says that the national line must be called."""
    cards: list[Card] = [library.card(name) for name in library.shelf("youth") if library.card(name).topic == "youth"]
    assert all("em" in re.findall(r"\w+", card.text.lower()) for card in cards)
    assert "111" in library.say("youth.we-must-tell", "vi").phones
    assert library.law["child.age"].says["vi"] in library.say("youth.we-must-tell", "vi").text


def test_what_may_be_sent_unasked_supposes_nothing_about_whoever_gets_it() -> None:
    """Cards that promise an opening for a lock screen are for everybody: none of coming home, of signs, of home."""
    promised = {card.id for card in SHELVED if card.neutral}
    assert len(promised) > 30
    for name in promised:
        card = library.card(name)
        assert card.topic in ("basics", "tricks", "checks", "leaving", "livelihood", "family", "youth")
        assert card.aud != "returnees"
        assert all(library.is_neutral(library.say(name, lang).text) for lang in ("vi", "en"))
