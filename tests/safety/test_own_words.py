"""Two words of her own: under duress the screen is the same, the same is done, and people know (rules 3, 8, 9, 11)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

import msgspec
import pytest

from flows.engine.conversation import Conversation
from flows.features import own_words
from flows.model.effects import AddToCase, Effect, Forget, Later, NoteOnCase, OpenCase
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming, Outgoing
from flows.model.session import Words
from flows.parsing.code_words import folded, tag
from flows.rendering.pagination import on_screen
from tests.flows.standings import NOW, Standing, everywhere, said, standing, take, type_

OWN, DURESS, WRONG = "rau muống", "bí đỏ", "cà chua"
SALT = b"hers alone"
HERS = Words(tag(SALT, folded(OWN)), tag(SALT, folded(DURESS)))
COVERED = msgspec.structs.replace(HERS, covered=True)
CASE = CaseSeen("c1", "4821", 3)
STATES = ("Menu:menu", "Idle:away", "GetHelp:queued", "GetHelp:danger_now", "SilentCall:ask", "Exit:hidden")


def with_words(her: Standing, words: Words = HERS) -> Standing:
    """Give a session her words."""
    return her.but(words=words, salt=SALT)


def levels(effects: list[Effect]) -> list[int]:
    """Return the levels of the cases a step opens or raises, now or later."""
    return [effect.level for effect in [*effects, *later(effects)] if isinstance(effect, OpenCase)]


def later(effects: list[Effect]) -> list[Effect]:
    """Return what is done once she has been answered."""
    return [told for effect in effects if isinstance(effect, Later) for told in effect.does]


def test_both_words_are_answered_byte_for_byte_alike_in_every_state(content: Conversation) -> None:
    """In every state, place, language, roster and with every case: the same texts, buttons, state and prompt."""
    for her in everywhere(content):
        if her.session.state == own_words.CHOSEN_IN:
            continue
        for words in (HERS, COVERED):
            own, own_effects = type_(content, with_words(her, words), OWN)
            duress, duress_effects = type_(content, with_words(her, words), DURESS)
            assert encoded(said(own_effects)) == encoded(said(duress_effects)), her.session.state
            assert (own.session.state, own.session.prompt, own.session.nonce) == (
                duress.session.state,
                duress.session.prompt,
                duress.session.nonce,
            )
            assert max(levels(duress_effects)) >= 3, her.session.state
            assert NoteOnCase("word", "duress") in later(duress_effects)
            assert [type(effect) for effect in own_effects] == [type(effect) for effect in duress_effects]


def encoded(shown: list[Outgoing]) -> bytes:
    """Return what is shown as bytes."""
    return msgspec.msgpack.encode(shown)


def test_what_follows_the_duress_word_is_what_somebody_without_a_case_sees(content: Conversation) -> None:
    """A walk behind the cover and the walk of a person with nothing open show the same bytes, turn by turn."""
    for on_duty in (True, False):
        hers = with_words(standing(content, "GetHelp:queued", place="vn", case=CASE, on_duty=on_duty))
        other = with_words(standing(content, "Menu:menu", place="vn", on_duty=on_duty))
        hers, _ = type_(content, hers, DURESS)
        other, _ = type_(content, other, OWN)
        for text in ("1", "đọc tin cũ", "ai đã nhắn gì", "menu", "8", "menu", "Tôi cần giúp", "3"):
            hers, shown = type_(content, hers.but(case=CASE), text)
            other, expected = type_(content, other, text)
            assert encoded(said(shown)) == encoded(said(expected)), text


@pytest.mark.parametrize("state", STATES)
def test_the_same_is_executed_for_both_words(state: str, content: Conversation) -> None:
    """Not timed: every function that runs, in order; with a case open not one call differs, nor one kind of effect."""
    her = with_words(standing(content, state, case=CASE))
    own_calls, own = recorded(lambda: type_(content, her, OWN)[1])
    duress_calls, duress = recorded(lambda: type_(content, her, DURESS)[1])
    assert own_calls == duress_calls
    assert [type(effect) for effect in own] == [type(effect) for effect in duress]
    assert own_calls.count("tag") == 2


def test_a_word_that_is_none_of_hers_costs_one_hash_whether_or_not_she_has_words(content: Conversation) -> None:
    """Known and unknown: what is compared does not tell from outside whether anything was ever chosen."""
    for her in (standing(content, "Menu:menu"), with_words(standing(content, "Menu:menu"))):
        calls, effects = recorded(lambda her=her: type_(content, her, WRONG)[1])  # type: ignore[misc]
        assert calls.count("tag") == 1
        assert encoded(said(effects)) == encoded(
            [content.card("not_understood", "vi"), content.card("menu", "vi")],
        )


def recorded(act: Callable[[], list[Effect]]) -> tuple[list[str], list[Effect]]:
    """Return the names of the functions of ours that run, in order, and what came of it."""
    calls: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        ours = frame.f_globals.get("__name__", "").startswith("flows.")
        if event == "call" and ours and frame.f_code.co_name != "<genexpr>":  # resumed once for each flag of a case
            calls.append(frame.f_code.co_name)

    act()  # what is made once (labels, cards) is made before
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        effects = act()
    finally:
        sys.setprofile(before)
    return calls, effects


def test_ten_minutes_without_her_put_the_cover_on_and_only_her_word_takes_it_off(content: Conversation) -> None:
    """Any other answer shows what somebody without a case sees; every word reaches the people all the same."""
    early = NOW - timedelta(minutes=11)
    hers = with_words(standing(content, "GetHelp:danger_now", last_at=early, case=CASE))
    anybody = standing(content, "Idle:away", last_at=early)
    for text in ("1", "có", WRONG, "chị ơi"):
        after, effects = type_(content, hers, text)
        assert after.session.state == "Menu:menu"
        assert said(effects) == said(type_(content, anybody, text)[1])
        assert said(effects)[-1] == content.card("menu", "vi")
        assert [e for e in effects if not hasattr(e, "outgoing")] == [AddToCase(text, behind="cover")]
    back, effects = type_(content, hers, OWN)
    assert said(effects) == [content.card("words_back", "vi")]
    resumed, effects = type_(content, back, "1")
    assert resumed.session.state == "GetHelp:queued"
    assert "4821" in said(effects)[0].text


def test_a_button_from_before_the_cover_is_taken_without_a_failure(content: Conversation) -> None:
    """Every answer of every question, pressed when the cover is on; a card that it has put away is not passed on."""
    early = NOW - timedelta(minutes=11)
    for state in content.states:
        her = with_words(standing(content, state, last_at=early))
        for index, choice in enumerate(on_screen(her.session.prompt)):
            press = Incoming(kind="press", at=NOW, press=f"{her.session.nonce}:{index}")
            after, effects = take(content, her, press)
            assert said(effects) or choice.value == "quick_exit", (state, choice.value)
            if choice.value == "share":
                assert after.session.state == "Menu:menu"
                assert said(effects) == [content.card("menu", "vi")]


def test_a_cry_behind_the_cover_is_a_cry(content: Conversation) -> None:
    """Help comes first: numbers, the case raised, her words with its people, and the cover is off."""
    after, effects = type_(content, with_words(standing(content, "Menu:menu", case=CASE), COVERED), "cứu em với")
    assert said(effects)[0] == content.emergency("", "vi")
    assert levels(effects) == [3]
    assert effects.count(AddToCase("cứu em với", behind="cover")) == 1
    assert not after.session.words.covered


def test_nobody_behind_the_cover_makes_us_forget_her(content: Conversation) -> None:
    """A forget request goes to her people; on the screen it is answered as on a phone without a case."""
    hers = with_words(standing(content, "Privacy:forget", case=CASE), COVERED)
    number = [choice.value for choice in hers.session.prompt].index("forget_now") + 1
    _, effects = type_(content, hers, str(number))
    assert not any(isinstance(effect, Forget) for effect in effects)
    assert NoteOnCase("wish", "forget") in effects
    assert said(effects) == [content.card("privacy_forgotten", "vi")]


def test_beside_a_human_both_words_are_met_with_silence(content: Conversation) -> None:
    """The counsellor is told; on the screen nothing happens."""
    case = msgspec.structs.replace(CASE, human_here=True, level=2)
    for word, expected in ((OWN, 2), (DURESS, 3)):
        _, effects = type_(content, with_words(standing(content, "GetHelp:queued", case=case)), word)
        assert said(effects) == []
        assert levels(effects) == [expected]


def test_the_words_are_kept_as_keyed_hashes_and_never_as_words(content: Conversation) -> None:
    """Neither the session nor an effect holds the thing she chose, by digit or by name; another salt, another hash."""
    for by_name in (False, True):
        asked, _ = type_(content, with_words(standing(content, "Words:offer"), Words()), "1")
        thing = asked.session.prompt[2].label
        her, effects = type_(content, asked, thing if by_name else "3")
        assert her.session.state == "Words:kept"
        assert her.session.words == Words(tag(SALT, folded(thing)))
        stored = msgspec.msgpack.encode([her, *effects])
        assert not any(form.encode() in stored for form in (thing, thing.lower(), folded(thing)))
        assert own_words_heard(content, her, thing) == own_words.OWN
        assert own_words_heard(content, her.but(salt=b"another's"), thing) == ""


def own_words_heard(content: Conversation, her: Standing, text: str) -> str:
    """Say which word a text is heard as."""
    after, _ = take(content, her, Incoming(kind="text", at=NOW, text=text))
    return own_words.OWN if after.session.state == "Words:back" else ""


def test_a_reply_to_her_own_word_does_not_tell_it(content: Conversation) -> None:
    """What she answers is handed on with her answer, but a key of hers, quoted, is as secret as when it was typed."""
    hers = with_words(standing(content, "GetHelp:queued", case=CASE))
    for quoted, told in ((OWN, ""), (DURESS, ""), ("*4711", ""), ("Chị có an toàn không?", "Chị có an toàn không?")):
        _, effects = take(content, hers, Incoming("text", NOW, text="em đây ạ", answers=quoted))
        assert [e for e in effects if isinstance(e, AddToCase)] == [AddToCase("em đây ạ", answers=told)]
