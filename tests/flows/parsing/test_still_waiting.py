"""That she still waits: words that only she would say, however they are spelt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.engine.conversation import Conversation
from flows.model.facts import CaseSeen
from flows.parsing.still_waiting import asks_for_anybody, is_still_waiting
from tests.flows.standings import NOW, said, standing, type_


@pytest.mark.parametrize(
    "words",
    [
        *("em vẫn ở đây", "em van o day a", "dạ em vẫn chờ", "em đang đợi ạ", "chị ơi em còn đây", "tôi vẫn đợi"),
        *("em chờ mãi rồi", "em đợi từ hôm qua", "sao chưa ai trả lời em", "chưa thấy ai nhắn lại cho em"),
        *("sao không ai trả lời", "I'm still here", "nobody answers me"),
    ],
)
def test_she_says_that_she_still_waits(words: str) -> None:
    """With and without tones, with polite words around it."""
    assert is_still_waiting(words)


@pytest.mark.parametrize(
    "words",
    [
        *("có ai không", "ai nhắn gì đây", "ai đấy", "vợ tôi đâu", "nó vẫn ở đây", "alo", "em ở đây là ở đâu"),
        *("em chờ xe", "chồng em vẫn ở nhà", "chưa ai trả lời tôi hỏi thằng nào nhắn cho vợ tôi thế hả", ""),
    ],
)
def test_other_words_do_not(words: str) -> None:
    """What whoever holds the phone may ask, and what tells of somebody else."""
    assert not is_still_waiting(words)


@pytest.mark.parametrize("words", ["có ai không", "alo có ai đấy không ạ", "chị ơi có ai đọc không", "co ai o do ko"])
def test_she_asks_whether_anybody_is_there(words: str) -> None:
    """Whoever holds the phone may ask it too, so it is answered and is no plea."""
    assert asks_for_anybody(words)
    assert not is_still_waiting(words)


@pytest.mark.parametrize(
    "words", ["có ai đi làm bên đó chưa", "ai đấy", "có ai biết không tin này", "em có ai đâu", ""]
)
def test_other_questions_are_none_of_it(words: str) -> None:
    """Of work, of who writes, of who knows."""
    assert not asks_for_anybody(words)


def test_the_hour_of_the_next_turn_is_told_where_the_roster_knows_it(content: Conversation) -> None:
    """A fact of the roster, and no promise that anybody answers by then."""
    her = standing(content, "GetHelp:waiting", place="vn", on_duty=False, case=CaseSeen("c1", "K7M2", 3))
    known = her.but(next_shift=NOW + timedelta(hours=5))
    texts = [words.text for words in said(type_(content, known, "em vẫn ở đây")[1])]
    assert texts[0] == content.emergency("vn", "vi").text or "113" in texts[0]
    assert "Ca trực sau bắt đầu lúc" in texts[1]
    unknown = [words.text for words in said(type_(content, her, "em vẫn ở đây")[1])]
    assert "Ca trực" not in unknown[1]
