"""Safety rule 3: the machine raises a danger level and never lowers it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.actions import ACTIONS
from flows.conversation import Conversation
from flows.effects import OpenCase, RaiseLevel
from flows.messages import Incoming
from flows.session import CaseSeen, Session
from flows.step import step
from tests.flows.standings import NOW, everywhere, type_

WORDS = ("1", "2", "3", "menu", "88", ".", "dung", "dừng", "xx", "cứu em với", "cứu", "không", "có", "alo", "hu hu")


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from((1, 12, 1500))), max_size=15))
@settings(deadline=None, max_examples=150)
def test_no_way_through_the_flows_lowers_a_level(content: Conversation, words: list[tuple[str, int]]) -> None:
    """Whatever she types and however long she is silent, the level of person and case only rises."""
    session, now = Session(on_duty=True), NOW
    for text, minutes in words:
        now += timedelta(minutes=minutes)
        before = session
        session, effects = step(before, Incoming(kind="text", at=now, text=text), now, content)
        assert session.level >= before.level
        if before.case is not None:
            assert session.case is not None
            assert session.case.level >= before.case.level
        raised = [effect.level for effect in effects if isinstance(effect, RaiseLevel)]
        assert all(level > (before.case.level if before.case else 0) for level in raised)


@pytest.mark.parametrize("answer", ["no", "menu", "decline"])
def test_a_calm_answer_leaves_an_open_case_open(answer: str, content: Conversation) -> None:
    """ "No" to the danger question, leaving and declining close nothing and lower nothing."""
    for session in everywhere(content, CaseSeen("c1", "K7M2", 4)):
        values = [choice.value for choice in session.prompt]
        if answer in values:
            after, effects = type_(content, session, str(values.index(answer) + 1))
            assert after.case == session.case
            assert not any(isinstance(effect, OpenCase | RaiseLevel) for effect in effects)


def test_there_is_no_action_that_could_lower_a_level() -> None:
    """The vocabulary of the flow files holds no word for it."""
    assert not [name for name in ACTIONS if "lower" in name or "close" in name]
