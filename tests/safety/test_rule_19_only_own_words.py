"""Safety rule 19: only her own words are her words; what a channel reports moves nothing, an edit may only raise."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from content.library import Library
from flows.engine.conversation import Conversation
from flows.engine.step import FROM_PERSON, PERSON
from flows.model.effects import (
    AddToCase,
    NoteOnCase,
    OpenCase,
    OpenTask,
    Reachable,
    Say,
    Silence,
    Unreachable,
    Withdraw,
)
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming, IncomingKind
from flows.parsing.own_cards import recognised
from tests.flows.standings import BESIDE_HUMAN, NOW, Standing, everywhere, said, standing, take, type_

REPORTS = sorted(set(get_args(IncomingKind)) - PERSON.keys() - {"edit"})
ALLOWED = (NoteOnCase, OpenTask, Reachable, Unreachable, AddToCase, Withdraw)
CRY = "cứu em với, em bị nhốt"


def report(kind: str, text: str = "") -> Incoming:
    """Something a channel reports."""
    return Incoming(kind, NOW, text=text)  # type: ignore[arg-type]


def still(her: Standing) -> Standing:
    """A session without what may be remembered of a report: when it came, that she called, and that staff spoke."""
    return her.but(present_at=None, called_at=None, data={})


@pytest.mark.parametrize("kind", REPORTS)
def test_what_a_channel_reports_moves_nothing(kind: str, content: Conversation) -> None:
    """In no state, with or without a case, stopped or hidden, whatever words come with it."""
    assert kind not in FROM_PERSON
    for her in everywhere(content, None, CaseSeen("c1", "K7M2", 3), BESIDE_HUMAN):
        for quiet in ({}, {"stopped": True}, {"quiet_until": NOW + timedelta(hours=20)}):
            before = her.but(**quiet)
            after, effects = take(content, before, report(kind, CRY))
            expected = still(before)
            if kind == "staff_spoke":  # a human's line withdraws the bot's question (rule 22)
                expected = expected.but(prompt=(), nonce=before.session.nonce + 1)
            assert still(after) == expected, her.session.state
            shown = said(effects)
            assert shown == (
                [content.card("call_missed", her.session.lang)] if kind == "call_missed" and not quiet else []
            )
            assert all(isinstance(effect, ALLOWED) for effect in effects if not isinstance(effect, Say))


@pytest.mark.parametrize("case", [None, CaseSeen("c1", "K7M2", 3)])
def test_a_missed_call_stands_in_the_console(case: CaseSeen | None, content: Conversation) -> None:
    """As a line of her case, or as a task; the words on her phone are harmless and the same either way."""
    her = standing(content, "Menu:menu", case=case)
    _, effects = take(content, her, report("call_missed"))
    at_the_desk = NoteOnCase("call", "missed") if case else OpenTask("call", "call.missed")
    assert effects == [Say(content.card("call_missed", "vi")), at_the_desk]
    assert content.library.is_neutral(said(effects)[0].text)
    assert said(effects)[0].phones == ()


def test_who_rings_and_rings_is_told_once(content: Conversation) -> None:
    """Her phone shows one line, also when ten minutes pass between the first call and the last; each call is told."""
    her, shown = standing(content, "Menu:menu", case=CaseSeen("c1", "K7M2", 3)), 0
    for minutes in (0, 1, 9, 18):
        her, effects = take(content, her, report("call_missed"), NOW + timedelta(minutes=minutes))
        assert NoteOnCase("call", "missed") in effects
        shown += len(said(effects))
    assert shown == 1
    assert len(said(take(content, her, report("call_missed"), NOW + timedelta(minutes=29))[1])) == 1


def test_only_a_newcomers_first_follow_is_answered(content: Conversation) -> None:
    """Unblocking is not, nor is following again."""
    assert len(said(take(content, Standing(), report("follow"))[1])) == 2
    assert said(take(content, Standing(), report("unblocked"))[1]) == []
    assert said(take(content, Standing().but(last_at=NOW), report("follow"))[1]) == []


def edit(text: str, number: str = "7") -> Incoming:
    """A message changed into this."""
    return Incoming("edit", NOW, text=text, message_id=number)


def typed(content: Conversation, her: Standing, text: str, number: str = "7") -> Standing:
    """The session after she typed a message that has an id."""
    return take(content, her, Incoming("text", NOW, text=text, message_id=number))[0]


def test_an_edit_that_changes_no_word_is_nothing(content: Conversation) -> None:
    """A report of the same words (a preview, a reaction) neither cries nor stops a second time."""
    for text in (CRY, "dừng", "xx", "alo"):
        before = typed(content, Standing().but(on_duty=True), text)
        closed = before.but(case=None, stopped=False, quiet_until=None)
        assert take(content, closed, edit(text)) == (closed, [])


def test_words_are_told_from_a_change_for_two_days(content: Conversation) -> None:
    """Sixty messages of that time; what can be changed no more is not remembered, and nothing of it can be read."""
    her = typed(content, Standing().but(on_duty=True), CRY).but(case=None)
    for n in range(59):
        her = typed(content, her, "alo", str(100 + n))
    assert take(content, her, edit(CRY)) == (her, [])
    assert len(her.session.typed) == 60
    assert not any(b"c\xe1\xbb\xa9u" in one.mark or len(one.mark) != 8 for one in her.session.typed)
    later = NOW + timedelta(hours=49)
    after, _ = take(content, her, Incoming("text", later, text="alo", message_id="900"), later)
    assert [one.id for one in after.session.typed] == ["900"]


@pytest.mark.parametrize("text", [CRY, "em bi danh, cuu em voi", "help me they locked me in"])
def test_an_edit_into_a_cry_is_a_cry(text: str, content: Conversation) -> None:
    """From every state: the numbers first and a case; beside a human the danger rises."""
    for her in everywhere(content, None, CaseSeen("c1", "K7M2", 2), msgspec.structs.replace(BESIDE_HUMAN, level=2)):
        before = typed(content, her, "alo")
        after, effects = take(content, before, edit(text))
        place, lang = before.session.place, before.session.lang
        numbers = content.emergency(place, lang)
        assert (said(effects)[0].cards, set(said(effects)[0].phones)) == (numbers.cards, set(numbers.phones)), lang
        assert max(effect.level for effect in effects if isinstance(effect, OpenCase)) >= 3
        assert after.session.last_at == before.session.last_at


@pytest.mark.parametrize("word", ["dừng", "stop"])
def test_an_edit_into_stop_stops(word: str, content: Conversation) -> None:
    """In every state, once."""
    for her in everywhere(content, None, BESIDE_HUMAN):
        before = typed(content, her, "dung" if word == "dừng" else "stpo it please no")
        if before.session.stopped:
            continue
        after, effects = take(content, before, edit(word))
        assert after.session.stopped, her.session.state
        assert Silence(0) in effects
        assert take(content, after, edit(word)) == (after, [])


CALM = ["alo chị", "1", "2", "menu", "không nguy hiểm", "em an toàn rồi", "xóa dữ liệu của em", "có", "rau muống", ""]


@pytest.mark.parametrize("text", CALM)
def test_any_other_edit_moves_nothing(text: str, content: Conversation) -> None:
    """It lowers nothing, answers no question, opens nothing, undoes no stop and no exit; nobody is answered."""
    for her in everywhere(content, CaseSeen("c1", "K7M2", 3), BESIDE_HUMAN):
        for quiet in ({}, {"stopped": True}, {"quiet_until": NOW + timedelta(hours=20)}):
            before = typed(content, her, "vâng chị ơi").but(**quiet)
            after, effects = take(content, before, edit(text))
            assert said(effects) == [], her.session.state
            assert after.but(typed=()) == before.but(typed=())


def test_an_edit_corrects_a_place(content: Conversation) -> None:
    """She typed the wrong number, or the wrong name: where she is follows, for the people of her case too."""
    for first, then in (("1", "2"), ("Việt Nam", "nước khác")):
        asked = standing(content, "GetHelp:where", case=CaseSeen("c1", "K7M2", 3))
        answered = typed(content, asked, first)
        assert answered.session.place == "vn"
        after, effects = take(content, answered, edit(then))
        assert (after.session.place, after.session.state) == ("abroad", answered.session.state)
        assert NoteOnCase("where", "abroad") in effects
        assert said(effects) == [content.emergency("abroad", "vi")]
    lies = typed(content, standing(content, "GetHelp:where", case=CaseSeen("c1", "K7M2", 3)), "em ở lào")
    after, effects = take(content, lies, edit("em ở campuchia"))
    assert (lies.session.place, after.session.place, after.session.place_at) == ("abroad:LA", "abroad:KH", NOW)
    assert NoteOnCase("where", "abroad:KH") in effects
    misspelt = typed(content, standing(content, "GetHelp:where", case=CaseSeen("c1", "K7M2", 3)), "nuoc khcs")
    assert take(content, misspelt, edit("nước khác"))[0].session.place == "abroad"
    assert take(content, misspelt, edit("2"))[0].session.place == "", (
        "a bare number may be meant for an earlier question"
    )


def test_the_people_of_a_case_get_new_words_for_the_old_ones_they_have(content: Conversation) -> None:
    """Not for what was an answer, a word of her own, or a number to call: those they never had."""
    her = standing(content, "GetHelp:queued", case=BESIDE_HUMAN)
    told = typed(content, her, "em ở nhà trọ")
    expected = [NoteOnCase("edited", "text"), AddToCase("em ở nhà trọ Hoa")]
    assert take(content, told, edit("em ở nhà trọ Hoa"))[1] == expected
    assert take(content, her, edit("em ở nhà trọ Hoa"))[1] == []
    choosing = typed(content, standing(content, "Words:offer", case=CaseSeen("c1", "K7M2", 2)), "1")
    chosen = typed(content, choosing, "3")
    assert chosen.session.state == "Words:kept"
    assert take(content, chosen, edit("4"))[1] == []


def test_every_version_of_a_cry_that_began_as_an_edit_is_told(content: Conversation) -> None:
    """Once her people have the words, what becomes of them is theirs; a picture asked about is no changed message."""
    her = typed(content, Standing().but(on_duty=True), "alo")
    her, _ = take(content, her, edit(CRY))
    assert take(content, her, edit("em nói đùa thôi"))[1] == [
        NoteOnCase("edited", "text"),
        AddToCase("em nói đùa thôi"),
    ]
    asked = Incoming("image", NOW, text="nhà em", media="m1", message_id="7")
    _, effects = take(content, take(content, Standing().but(on_duty=True), asked)[0], edit(CRY))
    assert effects.count(NoteOnCase("edited", "text")) == 1
    assert AddToCase("", "m1", kind="image") in effects


def test_a_card_of_ours_that_she_passes_on_is_no_word_of_hers(content: Conversation) -> None:
    """Every card long enough to be known, in both languages; a word of hers before or behind it makes it hers."""
    seen = 0
    for name, versions in content.library.cards.items():
        for lang in versions:
            card = content.library.card(name, lang)
            if "{" in card.text or len(card.text) < 80:
                continue
            seen += 1
            assert taken(content.library, card.text) == "own_card", name
            assert taken(content.library, f"{card.text}\n\n1. Có\n2. Không") == "own_card", name
            assert taken(content.library, f"{card.text}\ncứu em với") == "text", name
            assert taken(content.library, f"Chị ơi. {card.text}") == "text", name
    assert seen > 300
    for place in ("", "vn", "abroad", "abroad:KH"):
        assert taken(content.library, content.emergency(place, "vi").text) == "own_card"


def taken(library: Library, text: str) -> str:
    """What a typed text is taken for."""
    return recognised(Incoming("text", NOW, text=text), library).kind


def test_short_words_are_always_hers(content: Conversation) -> None:
    """A line that is on a card, too: she may have found it herself, or mean it."""
    for versions in content.library.cards.values():
        for card in versions.values():
            if len(card.text) < 60:
                assert taken(content.library, card.text) == "text"
    assert type_(content, Standing().but(on_duty=True), "Cứu tôi")[0].facts.case is not None
