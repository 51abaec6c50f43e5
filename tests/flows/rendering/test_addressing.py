"""How she is called: by the word she chose, in every text and answer, and by none of it a meaning is changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.cards.tone import Address
from content.schema import Card
from flows.engine.conversation import Conversation
from flows.engine.step import step
from flows.features.profiles import tag
from flows.model.effects import Say
from flows.model.facts import Facts
from flows.model.messages import Incoming
from flows.model.session import Session
from flows.parsing.own_cards import recognised
from tests.support.content import library

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
VI = library().tone.address["vi"]
CARDS = sorted((name for name in library().cards), key=str)
CALLED = {"chi": "chị", "em": "em", "anh": "anh"}


def read(name: str) -> Card:
    """Return a card as it stands in the file."""
    return library().card(name, "vi")


@given(name=st.sampled_from(CARDS), chosen=st.sampled_from(sorted(CALLED)))
def test_no_card_calls_her_by_the_word_she_did_not_choose(name: str, chosen: str) -> None:
    """The word of the texts is gone, friends and classmates aside; numbers and slots stay as they were."""
    before = read(name).text
    after = VI.text(before, chosen)
    bare = re.sub("|".join(VI.not_her), "", after, flags=re.IGNORECASE)
    assert not re.search(rf"(?<!\w){VI.she}(?!\w)", bare, re.IGNORECASE)
    assert re.findall(r"[\d{}+]", after) == re.findall(r"[\d{}+]", before)
    assert VI.text(after, chosen) == after


@given(name=st.sampled_from(CARDS), chosen=st.sampled_from(["", "as_now", "nobody"]))
def test_who_chose_no_word_reads_the_texts_as_they_stand(name: str, chosen: str) -> None:
    """Nothing is guessed of her."""
    card = read(name)
    assert VI.text(card.text, chosen) == card.text
    assert [VI.label(choice.label, chosen) for choice in card.choices] == [choice.label for choice in card.choices]


@pytest.mark.parametrize(
    ("chosen", "text", "becomes"),
    [
        ("chi", "Bạn muốn xem gì? Người bạn tin.", "Chị muốn xem gì? Người chị tin."),
        ("anh", "Chào bạn.", "Chào anh."),
        ("em", "Một tài khoản lạ kết bạn với bạn.", "Một tài khoản lạ kết bạn với em."),
        ("em", "Bàn bạc với bản làng", "Bàn bạc với bản làng"),
    ],
)
def test_only_the_word_that_means_her_is_replaced(chosen: str, text: str, becomes: str) -> None:
    """Whole words, in their case, and no friend becomes a sister."""
    assert VI.text(text, chosen) == becomes


@pytest.mark.parametrize(("chosen", "label"), [("", "Tôi cần giúp"), ("chi", "Tôi cần giúp"), ("em", "Em cần giúp")])
def test_a_label_speaks_for_her_with_her_own_word(chosen: str, label: str) -> None:
    """Whoever is called em says em of herself; everybody else says tôi."""
    assert VI.label("Tôi cần giúp", chosen) == label


def _typed(content: Conversation, session: Session, text: str) -> tuple[Session, list[str]]:
    after, _, effects = step(session, Facts(on_duty=True), Incoming("text", NOW, text), NOW, content)
    return after, [effect.outgoing.text for effect in effects if isinstance(effect, Say)]


@pytest.mark.parametrize(("typed", "word"), [("Chị", "chị"), ("Em", "em"), ("Anh", "anh"), ("anh ạ", "anh")])
def test_she_is_asked_in_settings_and_called_so_from_then_on(content: Conversation, typed: str, word: str) -> None:
    """Men are addressed too; the very next words already are."""
    session = Session(state="Settings:choose", last_at=NOW, prompt=content.card("settings", "vi").choices)
    asked, said = _typed(content, session, "Gọi tôi là chị, em, anh")
    assert said == ["Bạn muốn Sổ tay gọi bạn là gì?"]
    after, said = _typed(content, asked, typed)
    assert said[0] == f"Vâng, từ giờ mình gọi {word} như vậy."
    _, said = _typed(content, after, "riêng tư")
    assert not re.search(r"\bbạn\b", " ".join(said), re.IGNORECASE)


def test_she_may_go_back_to_no_word(content: Conversation) -> None:
    """The fourth answer lets the choice go."""
    session = Session(state="Settings:address", last_at=NOW, address="em")
    session.prompt = content.card("settings_address", "vi").choices
    assert _typed(content, session, "4")[0].address == ""


def test_the_word_belongs_to_her_profile(content: Conversation) -> None:
    """Whoever else opens this account is called as before; her key brings her word back."""
    key = "258013"
    session = Session(state="Privacy:new_profile", last_at=NOW, address="chi")
    hers, _ = _typed(content, session, f"*{key}")
    assert (hers.profile, hers.address, hers.profiles[""].address) == (tag(key), "chi", "")
    others, _ = _typed(content, hers, "*994471")
    assert (others.profile, others.address) == ("", "")
    assert _typed(content, others, f"*{key}")[0].address == "chi"


@pytest.mark.parametrize("chosen", sorted(CALLED))
def test_our_words_that_call_her_by_her_word_are_still_ours(content: Conversation, chosen: str) -> None:
    """A card that comes back to us is no word of hers, whatever it calls her."""
    text = VI.text(read("basic.first-time").text, chosen)
    assert text != read("basic.first-time").text
    assert recognised(Incoming("text", NOW, text), content.library).kind == "own_card"


def test_a_language_without_words_for_it_is_left_alone() -> None:
    """English calls everybody you."""
    assert "en" not in library().tone.address
    assert isinstance(VI, Address)


CHILD = "em 14 tuổi bị bố dượng làm chuyện đó"
DOUBT = "chú sờ em, em 12 tuổi"


def talk(content: Conversation, *turns: tuple[int, str]) -> list[str]:
    """Say things to a first page, each so many minutes later; returns the texts of the last answer, answers and all."""
    session, facts, effects = step(Session(last_at=NOW), Facts(on_duty=True), _said("menu", NOW), NOW, content)
    now = NOW
    for minutes, text in turns:
        now += timedelta(minutes=minutes)
        session, facts, effects = step(session, facts, _said(text, now), now, content)
    told = [effect.outgoing for effect in effects if isinstance(effect, Say)]
    return [" ".join((one.text, *(choice.label for choice in one.choices))) for one in told]


def _said(text: str, at: datetime) -> Incoming:
    return Incoming(kind="text", at=at, text=text)


def test_a_child_who_tells_of_itself_is_called_em_as_long_as_it_is_spoken_of(content: Conversation) -> None:
    """From the numbers on, in texts and in answers, without having chosen a word."""
    told = ([(1, CHILD)], [(1, CHILD), (1, "1")], [(1, CHILD), (1, "1"), (1, "1")])
    corner = [(1, "em 14 tuổi"), (1, "0"), (1, "2"), (1, "2"), (1, "1")]
    for turns in (*told, *(corner[:number] for number in range(1, len(corner) + 1))):
        assert not re.search(r"(?<!\w)(bạn|tôi)(?!\w)", " ".join(talk(content, *turns)), re.IGNORECASE), turns


@pytest.mark.parametrize("before", [CHILD, DOUBT])
@pytest.mark.parametrize(
    "asked", [(11, "menu"), (1, "xx"), (11, "vợ tôi đâu"), (11, "xin chào"), (40, "ai nhắn gì đây")]
)
def test_whoever_holds_the_phone_later_is_called_as_anybody(
    content: Conversation, before: str, asked: tuple[int, str]
) -> None:
    """Nothing that a child told shows in the word she is called by: byte for byte what another phone gets."""
    after = [(1, "alo")] if asked[1] == "xx" else []
    assert talk(content, (1, before), asked, *after)[:1] == talk(content, (1, "alo"), asked, *after)[:1]
