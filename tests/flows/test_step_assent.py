"""A yes is a yes however it is said; a toneless `dung` is not one."""

from __future__ import annotations

import pytest

from flows.conversation import Conversation
from flows.effects import OpenCase
from tests.flows.standings import standing, type_

DANGER_QUESTIONS = ("GetHelp:danger_now", "Cry:danger", "Cry:unheard", "Cry:unseen")


@pytest.mark.parametrize(
    "word", ["Có", "có ạ", "co", "dạ", "Dạ vâng", "đúng", "Đúng rồi", "ừ", "phải", "yes", "Vâng.", "1"]
)
@pytest.mark.parametrize("state", DANGER_QUESTIONS)
def test_a_short_yes_to_the_danger_question_is_a_yes(word: str, state: str, content: Conversation) -> None:
    """Each opens the case at level 4."""
    _, effects = type_(content, standing(content, state), word)
    assert [effect.level for effect in effects if isinstance(effect, OpenCase)] == [4]


@pytest.mark.parametrize("word", ["Không", "khong", "ko", "không ạ", "dạ không", "chưa", "no", "2"])
def test_a_short_no_to_the_danger_question_is_a_no(word: str, content: Conversation) -> None:
    """None opens a case."""
    after, effects = type_(content, standing(content, "GetHelp:danger_now"), word)
    assert not any(isinstance(effect, OpenCase) for effect in effects)
    assert after.state == "GetHelp:where"


def test_a_short_yes_answers_no_question_of_another_kind(content: Conversation) -> None:
    """ "Dạ" at the menu chooses nothing."""
    assert type_(content, standing(content, "Menu:menu"), "dạ")[0].state == "Menu:menu"
