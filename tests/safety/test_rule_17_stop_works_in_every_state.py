"""Safety rule 17: stop works in any state; 88 and a dot are the silent call; toneless `dung` is never stop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, CleanChat, OpenCase, Say, Silence
from flows.model.facts import CaseSeen
from tests.flows.standings import BESIDE_HUMAN, NOW, everywhere, said, standing, type_

DANGER_QUESTIONS = ("GetHelp:danger_now", "Cry:danger", "Cry:unheard", "Cry:unseen", "Despair:asked")


@pytest.mark.parametrize("word", ["dừng", "DỪNG", "stop", "STOP", "Stop."])
def test_stop_works_in_any_state(word: str, content: Conversation) -> None:
    """Said anywhere, also beside a human, it ends in silence; said twice it is answered by nothing."""
    for her in everywhere(content, None, CaseSeen("c1", "K7M2", 3), BESIDE_HUMAN):
        if her.session.state == "Exit:stopped":
            continue
        after, effects = type_(content, her, word)
        assert after.session.stopped, her.session.state
        assert effects[-1] == Silence(0)
        assert said(effects) == [content.card("stopped", her.session.lang)]
        assert type_(content, after, word)[1] == []


@pytest.mark.parametrize("word", ["thoát", "xx", "XX"])
def test_the_hurried_exit_works_in_any_state(word: str, content: Conversation) -> None:
    """The chat is cleaned where it can be, harmless messages follow, then a day of silence."""
    for her in everywhere(content, None, CaseSeen("c1", "K7M2", 3), BESIDE_HUMAN):
        after, effects = type_(content, her, word)
        covers = said(effects)
        assert len(covers) == 3, her.session.state
        assert len(set(covers)) == 3
        assert all(words.neutral and not words.choices for words in covers)
        assert CleanChat() in effects
        assert effects[-1] == Silence(24)
        assert after.session.quiet_until == NOW + timedelta(hours=24)
        assert after.session.prompt == ()


def test_the_silent_exit_answers_nothing_when_she_chose_that(content: Conversation) -> None:
    """With her choice made, nothing at all appears on the screen."""
    for state in content.states:
        _, effects = type_(content, standing(content, state, quiet_exit=True), "xx")
        assert said(effects) == [], state


@pytest.mark.parametrize("word", ["88", ".", " . "])
def test_the_silent_call_is_one_neutral_question_in_any_state(word: str, content: Conversation) -> None:
    """Never stop, never a menu: two answers, and a screen that says nothing to a stranger."""
    for her in everywhere(content, None, CaseSeen("c1", "K7M2", 3), BESIDE_HUMAN):
        after, effects = type_(content, her, word)
        assert said(effects) == [content.card("silent_ask", her.session.lang)], her.session.state
        assert not after.session.stopped
        assert len(after.session.prompt) == 2
        assert content.library.is_neutral(said(effects)[0].text)


def test_one_answers_the_silent_call_with_a_case(content: Conversation) -> None:
    """1 raises without any number on the screen, 2 is calm; beside a human as well."""
    for her in everywhere(content, None, BESIDE_HUMAN):
        asked, _ = type_(content, her, "88")
        raised, effects = type_(content, asked, "1")
        assert [effect.level for effect in effects if isinstance(effect, OpenCase)] == [3]
        assert said(effects) == [content.card("silent_kept", her.session.lang)]
        assert raised.session.level >= 3
        assert not any(isinstance(effect, OpenCase) for effect in type_(content, asked, "2")[1])


def test_toneless_dung_is_never_stop(content: Conversation) -> None:
    """It may mean stop, yes, do not or use: nobody is silenced by it, in no state."""
    for her in everywhere(content):
        after, effects = type_(content, her, "dung")
        assert not after.session.stopped, her.session.state
        assert not any(isinstance(effect, Silence) for effect in effects), her.session.state


def test_dung_at_the_danger_question_raises_silently(content: Conversation) -> None:
    """The case opens; the screen shows a neutral 1 or 2 and no number, also when the question has grown old."""
    for state in DANGER_QUESTIONS:
        for minutes in (1, 30):
            her = standing(content, state, last_at=NOW - timedelta(minutes=minutes))
            after, effects = type_(content, her, "dung")
            assert [effect.level for effect in effects if isinstance(effect, OpenCase)] == [3], state
            assert said(effects) == [content.card("silent_ask", "vi")]
            assert [choice.value for choice in after.session.prompt] == ["yes", "no"]
            assert said(effects)[0].phones == ()


def test_dung_elsewhere_is_asked_about(content: Conversation) -> None:
    """Everywhere else one question tells stop from the other words; an open case keeps the word too."""
    for her in everywhere(content):
        if her.session.state in (*DANGER_QUESTIONS, "SilentCall:ask", "SilentCall:brief"):
            continue
        _, effects = type_(content, her, "dung")
        assert said(effects) == [content.card("dung_unclear", her.session.lang)], her.session.state
        assert (AddToCase("dung") in effects) == (her.facts.case is not None)


def test_beside_a_human_dung_is_left_to_the_human(content: Conversation) -> None:
    """In a live conversation it is most often "đúng"; whoever talks with her reads it and can ask."""
    for her in everywhere(content, BESIDE_HUMAN):
        _, effects = type_(content, her, "dung")
        assert not any(isinstance(effect, Say) for effect in effects)
        assert AddToCase("dung") in effects
