"""Answers in words of her own, at the questions that the lexicon has them for."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, NoteOnCase, RecordConsent
from flows.model.facts import CaseSeen
from flows.parsing.replies import EVERY, reply
from tests.flows.standings import standing, type_

OPEN = CaseSeen("c1", "K7M2", 3)
YEAR = 2026


def value(content: Conversation, state: str, typed: str) -> str:
    """Return the answer that words are at the question of a state."""
    card = content.states[state].say or content.states[state].choices
    choice = reply(typed, card, standing(content, state).session.prompt, content.lexicon, YEAR)
    return choice.value if choice else ""


@pytest.mark.parametrize(
    ("state", "typed", "meant"),
    [
        *(
            ("GetHelp:contact", "nhắn ở đây đi chị", "here"),
            ("GetHelp:contact", "khi nào em nhắn", "only_when_i_write"),
        ),
        *(("GetHelp:contact", "không", "decline"), ("GetHelp:write_back", "đừng nhắn trước", "only_when_i_write")),
        *(("GetHelp:write_back", "thôi", "skip"), ("GetHelp:who", "em", "self"), ("GetHelp:who", "cho em ạ", "self")),
        *(("GetHelp:who", "con gái em", "someone_else"), ("GetHelp:who", "ban em", "someone_else")),
        *(("GetHelp:need", "chỗ ở", "shelter"), ("GetHelp:need", "em muốn về nước ạ", "home")),
        *(("GetHelp:need_more", "không cần gì nữa", "done"), ("Tip:when", "hôm qua ạ", "week")),
        *(("Tip:when", "lâu rồi chị", "earlier"), ("Tip:kind", "không biết", "something_else")),
        *(("GetHelp:who", "em bị đánh", ""), ("GetHelp:who", "con gái em bị bắt", ""), ("GetHelp:who", "ai?", "")),
        *(("GetHelp:contact", "ở đây nguy hiểm", ""), ("GetHelp:need", "không còn tiền", ""), ("Menu:menu", "em", "")),
        *(
            ("GetHelp:who", "bỏ em đi", ""),
            ("GetHelp:write_back", "em thôi đi", ""),
            ("GetHelp:who", "thôi chị ạ", "skip"),
        ),
    ],
)
def test_words_of_her_own_are_the_answer_when_nothing_else_is_said(
    state: str, typed: str, meant: str, content: Conversation
) -> None:
    """With what is polite around them; a story is none."""
    assert value(content, state, typed) == meant


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        *(("14", "under_16"), ("em 14 tuổi", "under_16"), ("15t ạ", "under_16"), ("mười lăm tuổi", "under_16")),
        *(("16", "from_16"), ("17 tuoi", "from_16"), ("con năm nay 17", "from_16"), ("dưới 16", "under_16")),
        *(
            ("18", "adult"),
            ("em 25", "adult"),
            ("hơn 30 tuổi", "adult"),
            ("trên 18", "adult"),
            ("sinh năm 1999", "adult"),
        ),
        *(
            ("sn 2012", "under_16"),
            ("sinh 2009 ạ", "from_16"),
            ("dưới 18", ""),
            ("trên 16", ""),
            ("0", ""),
            ("150", ""),
        ),
        *(("14 người", ""), ("2 tháng", ""), ("mười năm", ""), ("em không biết tuổi", "")),
    ],
)
def test_an_age_is_the_group_it_lies_in(typed: str, group: str, content: Conversation) -> None:
    """And a bound that two groups have is none."""
    assert value(content, "GetHelp:age", typed) == group


def test_an_age_that_is_also_a_number_on_the_screen_is_that_answer(content: Conversation) -> None:
    """ "2" is the second answer, and not a child of two."""
    _, effects = type_(content, standing(content, "GetHelp:age", case=OPEN), "2")
    assert NoteOnCase("age", "from_16") in effects


def test_every_phrase_is_heard_at_its_question(content: Conversation) -> None:
    """Whoever adds one to the data sees that it means what stands above it."""
    for name, phrases in content.lexicon.replies.items():
        card, _, meant = name.partition(".")
        states = [state.state for state in content.states.values() if card in (state.say or state.choices, EVERY)]
        asking = [one for one in states if meant in {answer.value for answer in standing(content, one).session.prompt}]
        assert asking, name
        for state in asking:
            assert [value(content, state, phrase) for phrase in phrases] == [meant] * len(phrases), name


def test_beside_a_case_such_words_reach_its_people_as_well(content: Conversation) -> None:
    """ "Con gái em" tells them more than "somebody else"; leaving a question out tells nothing."""
    after, effects = type_(content, standing(content, "GetHelp:who", case=OPEN), "con gái em")
    assert (after.session.state, AddToCase("con gái em") in effects) == ("GetHelp:age", True)
    after, effects = type_(content, standing(content, "GetHelp:who", case=OPEN), "bỏ qua ạ")
    assert (after.session.state, AddToCase("bỏ qua ạ") in effects) == ("GetHelp:age", False)


def test_a_no_where_we_ask_how_to_write_back_opens_nothing(content: Conversation) -> None:
    """Her no is recorded, and no case is made of it."""
    after, effects = type_(content, standing(content, "GetHelp:contact"), "không ạ")
    assert after.session.state == "Menu:menu"
    assert [effect.given for effect in effects if isinstance(effect, RecordConsent)] == [False]


def test_an_answer_that_sounds_like_a_stop_stops_nothing(content: Conversation) -> None:
    """ "Đừng nhắn trước" says how we write back; elsewhere it ends our messages."""
    after, _ = type_(content, standing(content, "GetHelp:write_back", case=OPEN), "đừng nhắn trước")
    assert (after.session.state, after.session.stopped) == ("GetHelp:queued", False)
    assert type_(content, standing(content, "GetHelp:who", case=OPEN), "đừng nhắn trước")[0].session.stopped
