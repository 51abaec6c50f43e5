"""Safety rule 16, the conversation's half: the duty is told first, nothing is kept, nobody goes without 111."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, Forget, OpenCase, Say
from flows.model.messages import Incoming
from flows.parsing.ages import of_a_child
from tests.flows.standings import NOW, Standing, asked, said, standing, take, type_

YOUTH = ("start", "question", "read", "done")


@pytest.mark.parametrize("text", ["em 14 tuổi", "e 15t", "em hoc lop 8", "con tôi 9 tuổi", "em chưa đủ 18"])
def test_an_age_is_heard_however_it_is_typed(text: str, content: Conversation) -> None:
    """Toned, toneless, short, as a school year."""
    assert of_a_child(text, content.lexicon)


@pytest.mark.parametrize("text", ["em 25 tuổi", "số 15 đường Trần Phú", "tuổi trẻ", "lop hoc may", ""])
def test_other_numbers_are_no_age_of_a_child(text: str, content: Conversation) -> None:
    """A grown woman's age, a house, a class for sewing."""
    assert not of_a_child(text, content.lexicon)


@pytest.mark.parametrize("cry", ["e 15t bi ep di lam", "em học lớp 8 bị người ta bắt cưới", "em 14 tuổi cứu em với"])
def test_a_childs_cry_brings_the_numbers_and_then_the_duty(cry: str, content: Conversation) -> None:
    """In every state: the duty in the first bubble, above the numbers and before anything more is asked."""
    for state in content.states:
        first = said(type_(content, standing(content, state), cry)[1])[0]
        assert {"111", "113"} <= set(first.phones), state
        assert "dưới 16 tuổi" in first.text, state
        assert first.text.index("báo 111") < first.text.index("📞"), state
        assert not first.choices, state


def test_the_corner_keeps_nothing_she_answers(content: Conversation) -> None:
    """No answer becomes an effect, and none is left in the session when the corner is left."""
    her, effects = type_(content, standing(content, "Topics:safety"), "4")
    assert [effect for effect in effects if not isinstance(effect, Say)] == [Forget(24)]
    for word in ("1", "1", "1", "2", "1"):
        her, effects = type_(content, her, word)
        assert all(isinstance(effect, Say) for effect in effects)
    left, _ = type_(content, her, "menu")
    assert (left.session.data, left.session.kept) == ({}, {})


def test_help_from_the_corner_tells_the_duty_before_she_tells_anything(content: Conversation) -> None:
    """With somebody on duty and with nobody; the words come before the question that asks for hers."""
    for name in YOUTH:
        for on_duty in (True, False):
            her = standing(content, f"Youth:{name}", on_duty=on_duty)
            shown = said(type_(content, her, "em cần giúp")[1])
            assert shown[0] == content.card("youth_duty", "vi"), name


def test_the_first_words_of_the_corner_are_111_and_the_duty(content: Conversation) -> None:
    """Read on the screen before any question; a number that works abroad stands beside 111."""
    for lang in ("vi", "en"):
        words = content.card("youth_start", lang)
        assert words.text.index("111") < words.text.index("16")
        assert "+84981848484" in words.phones


def test_a_picture_in_the_corner_is_asked_about_like_everywhere(content: Conversation) -> None:
    """A child who sends what we cannot see is asked the one question, and nothing is kept of it."""
    incoming = Incoming(kind="image", at=NOW, media="m1")
    after, effects = take(content, standing(content, "Youth:question"), incoming)
    assert isinstance(after, Standing)
    assert asked(after) == ["yes", "no", "unsure"]
    assert not any(isinstance(effect, AddToCase) for effect in effects)


def test_a_voice_in_the_corner_is_kept_for_a_human_as_a_childs(content: Conversation) -> None:
    """Only a human can hear it, and it may be a child's one cry: a case knows that it may be a child."""
    incoming = Incoming(kind="voice", at=NOW, media="m1")
    after, effects = take(content, standing(content, "Youth:question"), incoming)
    assert isinstance(after, Standing)
    assert asked(after) == ["yes", "no", "unsure"]
    opened = [(effect.level, effect.flags) for effect in effects if isinstance(effect, OpenCase)]
    assert opened == [(2, ("voice", "child"))]


def test_a_case_from_the_corner_is_known_as_a_childs(content: Conversation) -> None:
    """Whoever reads it sees that it may be a child, from the corner as from an age in her words."""
    her = standing(content, "Youth:start", place="vn")
    for word in ("em cần giúp", "1"):
        her, effects = type_(content, her, word)
    assert [effect.flags for effect in effects if isinstance(effect, OpenCase)] == [("child",)]
    _, effects = type_(content, standing(content, "Menu:menu"), "e 15t bi ep di lam")
    assert [effect.flags for effect in effects if isinstance(effect, OpenCase)] == [("child",)]
