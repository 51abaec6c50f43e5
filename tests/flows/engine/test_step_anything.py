"""Whatever comes in, in whatever order: the step does not raise, and what it returns holds together."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.conversation import Conversation
from flows.engine.step import unreadable
from flows.model.effects import HELP, OpenCase, Say
from flows.model.facts import CaseSeen, Facts
from flows.model.messages import Incoming, IncomingKind
from flows.model.session import Session, Words
from flows.rendering.pagination import numbered, on_screen
from flows.rendering.render import render
from tests.flows.standings import NOW, Standing, as_called, everywhere, said, standing, take

PRESSES = ("0:0", "1:0", "2:1", "7:0", "7:2", "7:4", "8:1", "9999999999999:0", "1:²")
INCOMING = st.builds(
    Incoming,
    kind=st.sampled_from(get_args(IncomingKind)),
    at=st.just(NOW),
    text=st.one_of(
        st.text(max_size=40), st.sampled_from(("1", "2", "có", "cứu em với", "dung", "88", "menu", "²", "٣"))
    ),
    press=st.one_of(st.text(max_size=8), st.sampled_from(PRESSES)),
    media=st.sampled_from(("", "m1")),
)


@given(
    st.lists(st.tuples(INCOMING, st.integers(0, 3000), st.booleans(), st.booleans()), max_size=25),
    st.none() | st.integers(0, 999),
    st.sampled_from((Words(), Words(b"o" * 16, b"d" * 16))),
)
@settings(deadline=None, max_examples=150)
def test_no_order_of_events_breaks_a_conversation(
    content: Conversation, events: list[tuple[Incoming, int, bool, bool]], began: int | None, words: Words
) -> None:
    """From nothing or any state: every state is a real one, prompt numbers rise and the session can be stored."""
    states = list(content.states)
    now = NOW
    her = Standing() if began is None else standing(content, states[began % len(states)], words=words)
    for incoming, minutes, on_duty, human in events:
        now += timedelta(minutes=minutes)
        case = her.facts.case and CaseSeen("c1", "K7M2", her.facts.case.level, human)
        her = her.but(on_duty=on_duty, case=case)
        after, effects = take(content, her, incoming, now)
        assert after.session.state in content.states
        assert after.session.nonce >= her.session.nonce
        assert after.session.prompt == her.session.prompt or after.session.nonce > her.session.nonce
        if after.session.state == "GetHelp:contact":
            assert after.facts.case is None, "she is asked whether to send what has been sent already"
        assert sum(bool(words.choices) for words in said(effects)) <= 1
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(after.session), type=Session) == after.session
        her = after


def test_the_same_press_again_is_nothing(content: Conversation) -> None:
    """A button pressed twice, resent under a new id, has one effect."""
    for her in everywhere(content, None):
        for index in range(len(on_screen(her.session.prompt))):
            press = Incoming(kind="press", at=NOW, press=f"{her.session.nonce}:{index}", message_id="a")
            after, _ = take(content, her, press)
            assert after.session.nonce > her.session.nonce, her.session.state
            again = msgspec.structs.replace(press, message_id="b")
            assert take(content, after, again) == (after, []), her.session.state


def test_every_message_of_hers_is_answered_unless_a_human_or_her_wish_does(content: Conversation) -> None:
    """No dead end: each kind of message, in each state, is answered or handed to the people of her case."""
    for her in everywhere(content, None, CaseSeen("c1", "K7M2", 2)):
        for kind in ("text", "voice", "image", "file", "contact", "location", "sticker", "other"):
            incoming = Incoming(kind=kind, at=NOW, text="" if kind != "text" else "zzz", media="m1")  # type: ignore[arg-type]
            _, effects = take(content, her, incoming)
            assert effects, (her.session.state, kind)


def test_what_every_state_says_fits_every_channel(content: Conversation) -> None:
    """Rendered for each channel a question is one message, with its answers in it."""
    for her in everywhere(content, None):
        for limits in content.library.limits.values():
            after, effects = take(content, her, Incoming(kind="text", at=NOW, text="menu"))
            assert len(render(said(effects)[-1], limits, after.session.nonce)) == 1


def test_an_unreadable_message_shows_the_numbers_and_a_human_looks(content: Conversation) -> None:
    """An authentic message nobody can parse: emergency card, a case for staff, one question she can answer."""
    for her in everywhere(content):
        after, _, effects = unreadable(her.session, her.facts, NOW, content)
        first = next(effect for effect in effects if isinstance(effect, Say))
        shown = content.emergency(her.session.place, her.session.lang)
        young = "child" if her.session.state.startswith("Youth:") else ""
        assert first.outgoing == as_called(content, shown, young, her.session.lang)
        assert first.priority == HELP
        assert OpenCase in {type(effect) for effect in effects}
        assert [choice.value for choice in numbered(after.prompt)] == ["yes", "no", "unsure"]


def test_an_unreadable_message_is_urgent_only_where_help_was_near(content: Conversation) -> None:
    """Level 3 in the middle of asking for help or with a case, level 2 out of the blue."""
    levels = {}
    for state, case in (("Menu:menu", None), ("GetHelp:danger_now", None), ("Menu:menu", CaseSeen("c", "K", 2))):
        *_, effects = unreadable(Session(state=state), Facts(case=case), NOW, content)
        levels[state, case is None] = [effect.level for effect in effects if isinstance(effect, OpenCase)]
    assert levels == {("Menu:menu", True): [2], ("GetHelp:danger_now", True): [3], ("Menu:menu", False): [3]}
