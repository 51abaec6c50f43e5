"""Whatever is sent, in whatever state: a kind, short answer that leaves a way on, and no case for what is calm."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import Effect, OpenCase, Say
from flows.model.messages import Incoming, IncomingKind, Outgoing
from tests.flows.standings import NOW, Standing, asked, said, standing, take

TALK = (
    *("😀", "❤️❤️❤️", "…", "???", "0", "99", "  ", "đồ ngu", "mày nói dở quá", "hahaha", "asdfghjkl"),
    *("hello, good morning to you", "bonjour madame", "你好吗", "ខ្ញុំចង់សួរ", "ສະບາຍດີ", "koj puas nyob zoo"),
    "a" * 5_000,
    "Xã ta họp về trồng rau sạch, mời bà con đến dự đông đủ. " * 90,
    "Chia sẻ: hôm nay trời đẹp, cả bản đi cấy lúa, ai cũng vui. " * 8,
)
SENT: tuple[IncomingKind, ...] = ("sticker", "image", "voice", "location", "file", "contact", "other")
MOST = 4
"""Messages that answer one thing we cannot take in: covers, numbers and a question at most."""
SHORT = 1_000
"""Characters; the longest answer is a list of numbers or a result with its reasons."""


@pytest.mark.parametrize("text", TALK, ids=[text[:12] for text in TALK])
def test_odd_words_are_answered_kindly_and_lead_on(text: str, content: Conversation) -> None:
    """No case is opened, no state is a trap, and after an odd word a plain one still works."""
    for state in content.states:
        her = standing(content, state)
        after, effects = take(content, her, Incoming(kind="text", at=NOW, text=text))
        assert_kind(content, her, after, effects)
        if not (content.states[state].for_people or state.startswith(("GetHelp:", "SilentCall:", "Cry:"))):
            assert not any(isinstance(effect, OpenCase) for effect in effects), state


@pytest.mark.parametrize("kind", SENT)
def test_things_that_are_not_words_lead_on(kind: IncomingKind, content: Conversation) -> None:
    """A voice may be urgent and is asked about; a picture and a place too; the rest shows the question again."""
    for state in content.states:
        her = standing(content, state)
        after, effects = take(content, her, Incoming(kind=kind, at=NOW, media="m1"))
        assert_kind(content, her, after, effects)
        if kind in ("voice", "image", "location"):
            question = asked(after) == ["yes", "no", "unsure"]
            awaited = kind in content.states[state].expect
            assert question or awaited or any(isinstance(e, OpenCase) for e in effects), state


def assert_kind(content: Conversation, before: Standing, after: Standing, effects: list[Effect]) -> None:
    """Few and short messages without an exclamation, and a way on: answers on offer or words that are awaited."""
    shown: list[Outgoing] = said(effects)
    assert shown or any(not isinstance(effect, Say) for effect in effects), before.session.state
    assert len(shown) <= MOST, before.session.state
    assert all("!" not in words.text and len(words.text) <= SHORT for words in shown), before.session.state
    state = content.states[after.session.state]
    assert after.session.prompt or "text" in state.expect, before.session.state
    again, effects = take(content, after, Incoming(kind="text", at=NOW, text="menu"))
    assert again.session.state == "Menu:menu" or after.facts.case is not None, before.session.state
    assert effects, before.session.state
