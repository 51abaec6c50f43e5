"""Rule 22: beside a human the bot is a wire."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, OpenCase, Say
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming
from flows.model.session import Words
from flows.rendering.pagination import on_screen
from tests.flows.standings import NOW, said, standing, take, type_

WALKED = (
    "menu",
    "1",
    "2",
    "3",
    "4",
    "5",
    "9",
    "0",
    "có",
    "không",
    "em cần giúp",
    "cứu em với",
    "88",
    "xin chào",
    "tiếng Anh",
)
"""What leads through the flows before the counsellor writes."""
FOR_PEOPLE = (
    *("1", "2", "3", "9", "0", "12", "số 1 ạ", "có", "không", "dạ", "vâng ạ", "em không biết", "đồng ý", "ok", "👍"),
    *(
        "xin chào",
        "cảm ơn chị",
        "là sao ạ",
        "em nhầm",
        "em ở campuchia",
        "điện biên",
        "0912345678",
        "dung",
        "quên tôi đi",
    ),
    *("Xem số điện thoại", "số điện thoại", "đi nhật hết bao nhiêu tiền", "chồng em về rồi", "?"),
)
"""Messages that are no stop, exit, silent call, word for the menu or cry."""
WROTE = CaseSeen("c1", "K7M2", 4, human_here=True, answered=True)


@given(
    st.integers(0, 999),
    st.lists(st.tuples(st.sampled_from(WALKED), st.integers(0, 30)), max_size=6),
    st.lists(st.tuples(st.sampled_from(FOR_PEOPLE), st.integers(0, 30), st.booleans()), min_size=1, max_size=5),
)
@settings(deadline=None, max_examples=150)
def test_once_a_counsellor_has_written_every_message_goes_to_her_and_the_bot_asks_nothing(
    content: Conversation, began: int, walked: list[tuple[str, int]], hers: list[tuple[str, int, bool]]
) -> None:
    """Wherever she stood: what she then writes is in the case, nothing is shown, and no question is on offer."""
    states, now = list(content.states), NOW
    her = standing(content, states[began % len(states)])
    for text, minutes in walked:
        now += timedelta(minutes=minutes)
        her, _ = type_(content, her, text, now)
    for number, (text, minutes, again) in enumerate(hers):
        now += timedelta(minutes=minutes)
        her = her.but(case=CaseSeen("c1", "K7M2", 4, human_here=True, answered=again or number == 0))
        before = her.session.state
        her, effects = type_(content, her, text, now)
        assert AddToCase in {type(effect) for effect in effects}, (before, text)
        assert not [effect for effect in effects if isinstance(effect, Say)], (before, text)
        assert her.session.prompt == (), (before, text)


def test_a_button_of_any_question_is_shown_to_the_human_and_answered_by_nobody(content: Conversation) -> None:
    """On channels with buttons the old questions stay on the screen."""
    for state in content.states:
        her = standing(content, state, case=WROTE)
        for index in range(len(on_screen(her.session.prompt))):
            after, effects = take(content, her, Incoming(kind="press", at=NOW, press=f"{her.session.nonce}:{index}"))
            assert [type(effect) for effect in effects if isinstance(effect, AddToCase)], state
            assert said(effects) == [], state
            assert after.session.prompt == (), state


def test_an_older_button_is_words_for_the_human_and_is_not_executed(content: Conversation) -> None:
    """The question it stood under is withdrawn; what stands on the button reaches the human, and nothing moves."""
    for state in content.states:
        her = standing(content, state, case=WROTE)
        if not her.session.prompt:
            continue
        nonce, case = her.session.nonce, her.facts.case
        her, _ = type_(content, her, "vâng chị")
        press = Incoming(kind="press", at=NOW, press=f"{nonce}:0", text="Quên hết")
        for answered in (True, False):
            seen = her.but(case=msgspec.structs.replace(case, answered=answered))
            after, effects = take(content, seen, press)
            assert effects == [AddToCase("Quên hết")], state
            assert (after.session.state, after.session.prompt) == (her.session.state, ()), state


@pytest.mark.parametrize(("text", "leads"), [("dừng", "Exit:stopped"), ("xx", "Exit:hidden"), ("88", "SilentCall:ask")])
def test_stop_exit_and_the_silent_call_keep_their_effect(content: Conversation, text: str, leads: str) -> None:
    """In every state, the moment after the counsellor has written; and she sees that it was sent."""
    for state in content.states:
        her = standing(content, state, case=WROTE)
        after, effects = type_(content, her, text)
        assert after.session.state == leads, state
        if state not in ("Exit:stopped",):
            assert AddToCase(text) in effects, state


def test_a_worse_cry_brings_the_numbers_and_no_question(content: Conversation) -> None:
    """The level rises, the numbers stand first, and the bot asks nothing where a human does."""
    low = CaseSeen("c1", "K7M2", 2, human_here=True, answered=True)
    for state in content.states:
        her = standing(content, state, case=low)
        after, effects = type_(content, her, "cứu em với")
        assert said(effects)[0].phones, state
        assert [effect.level for effect in effects if isinstance(effect, OpenCase)] == [3], state
        assert AddToCase("cứu em với") in effects, state
        assert after.session.prompt == (), state
        assert not any(words.choices for words in said(effects)), state


def test_a_case_that_somebody_has_taken_and_not_written_in_is_no_human_beside_her(content: Conversation) -> None:
    """Until the first line she is answered as somebody who waits."""
    her = standing(content, "GetHelp:queued", case=CaseSeen("c1", "K7M2", 3))
    _, effects = take(content, her, Incoming(kind="text", at=NOW, text="chị ơi"))
    assert [words.text for words in said(effects)] == [content.card("case_kept", "vi").text]


def test_behind_the_cover_nobody_is_told_who_has_left_or_asked_whether_it_helped(content: Conversation) -> None:
    """Whoever holds the phone meets what a phone without a case meets, byte for byte; her own time comes later."""
    for state in (state for state in content.states if not state.startswith("Words:")):  # there words are chosen anew
        for text in ("cảm ơn chị", "xin chào", "menu", "1", "zzz"):
            covered = standing(content, state, words=Words(b"o" * 16, b"d" * 16, covered=True))
            after, shown = type_(content, covered.but(left_by="Hoa Ban"), text)
            assert said(shown) == said(type_(content, covered, text)[1]), (state, text)
            assert after.facts.left_by == ("" if after.facts.case else "Hoa Ban"), (state, text)
