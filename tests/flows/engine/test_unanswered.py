"""What she was asked on the way to help is kept for a human's look, and whatever she writes on ends that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AwaitAnswer, Effect
from flows.model.facts import CaseSeen
from tests.flows.standings import NOW, standing, type_

MINUTE = timedelta(minutes=1)


def awaited(effects: list[Effect]) -> list[str]:
    """Return what is waited for after a step, in order."""
    return [effect.asked for effect in effects if isinstance(effect, AwaitAnswer)]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("state", "said", "asked"),
    [
        ("Menu:menu", "0", "help"),
        ("Topics:card", "0", "help"),
        ("Menu:menu", "em sợ quá", "danger"),
        ("Menu:menu", "họ giữ giấy tờ của em", "help"),
        ("GetHelp:entry", "2", "danger"),
        ("Menu:menu", "88", "silent"),
        ("Menu:menu", ".", "silent"),
        ("Menu:menu", "bế tắc", "danger"),
    ],
)
@pytest.mark.parametrize("on_duty", [True, False])
def test_what_she_was_asked_is_kept_without_a_word_of_hers(
    content: Conversation, lang: str, state: str, said: str, asked: str, on_duty: bool
) -> None:
    """A code and her language, with and without anybody on duty."""
    if state == "GetHelp:entry" and not on_duty:
        return
    _, effects = type_(content, standing(content, state, lang, on_duty=on_duty), said)
    assert [effect for effect in effects if isinstance(effect, AwaitAnswer)] == [AwaitAnswer(asked, lang)]


@pytest.mark.parametrize("state", ["GetHelp:entry", "GetHelp:danger_now", "Cry:danger", "Cry:unseen", "SilentCall:ask"])
@pytest.mark.parametrize("said", ["9", "dừng", "xx", "menu", "đánh vần giúp mình chữ hộ chiếu", "2"])
def test_whatever_she_writes_on_ends_it_or_asks_anew(content: Conversation, state: str, said: str) -> None:
    """Where she leaves the way to help nothing is waited for; where she is asked again, that is."""
    her, effects = type_(content, standing(content, state), said)
    if said in ("dừng", "xx"):
        assert (awaited(effects), her.session.state.partition(":")[0]) == ([], "Exit")
        return
    assert len(awaited(effects)) == (her.facts.case is None)
    there = her.session.state.startswith(("GetHelp:", "Cry:", "SilentCall:", "Despair:")) and her.session.prompt
    assert (awaited(effects) == [""]) == (not there and her.facts.case is None)


@pytest.mark.parametrize("state", ["Menu:menu", "Topics:card", "Checker:choose", "Exit:stopped", "Idle:away"])
def test_ordinary_talk_is_waited_for_by_nobody(content: Conversation, state: str) -> None:
    """A menu, a card, a list of questions: nothing is kept of them."""
    _, effects = type_(content, standing(content, state), "xin chào")
    assert awaited(effects) == []


@pytest.mark.parametrize("said", ["cứu em với", "em bị nhốt", "0"])
def test_with_a_case_nothing_is_waited_for(content: Conversation, said: str) -> None:
    """Its people see that nothing comes."""
    _, effects = type_(content, standing(content, "Menu:menu", case=CaseSeen("c1", "K7M2", 2)), said)
    assert awaited(effects) == []
    her, _ = type_(content, standing(content, "Menu:menu"), "0")
    _, effects = type_(content, her, "cứu em với", NOW + MINUTE)
    assert awaited(effects) == []
