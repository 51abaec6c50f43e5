"""Safety rule 23: whoever holds the phone learns nothing, byte for byte, in every outward state.

Each sentence of the table is written on her phone, with everything behind it that may be there, and on one that looks
the same and has no case, plan or word; what is shown is compared as bytes, over a whole talk too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import AddToCase, Forget, NoteOnCase, ReleaseKept
from flows.model.facts import CareSeen, CaseSeen
from flows.model.session import Profile, Words
from flows.parsing.code_words import folded, tag
from flows.understanding import understand
from tests.flows.standings import NOW, Standing, offered, said, standing, type_

TABLE = Path(__file__).parent.parent / "flows" / "data" / "whoever_holds_the_phone.psv"
SENTENCES = [line.split("|", 1)[1] for line in TABLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
SALT = b"hers alone"
OWN = Words(tag(SALT, folded("rau muống")), tag(SALT, folded("bí đỏ")))
IDLE = NOW - timedelta(minutes=20)
LEVELS = (2, 3, 4)
STOOD = ("GetHelp:queued", "GetHelp:where", "GetHelp:danger_now", "Despair:near", "Words:back", "SilentCall:kept")


def greeting(word: str) -> CareSeen:
    """A plan whose greeting lies on the screen."""
    return CareSeen("active", tag(SALT, folded(word)), greeted=True)


def idle(content: Conversation) -> Iterator[tuple[Standing, Standing]]:
    """A case of any level, left twenty minutes ago anywhere on the way to help, with words of her own or without."""
    for state in STOOD:
        for level in LEVELS:
            case = CaseSeen("c1", "4821", level, since=IDLE)
            for words in (Words(), OWN):
                behind = standing(content, state, last_at=IDLE, case=case, words=words, salt=SALT, level=level)
                yield behind.but(situation="self_harm"), standing(content, "Idle:away", last_at=IDLE, salt=SALT)


def covered(content: Conversation) -> Iterator[tuple[Standing, Standing]]:
    """A greeting that waits: with a case and words behind it, and with nothing but the greeting."""
    bare = standing(content, "Menu:menu", last_at=IDLE, salt=SALT, care=greeting("hoa cúc"))
    for case in (None, *(CaseSeen("c1", "4821", level) for level in LEVELS)):
        for words in (Words(), OWN):
            care = greeting("rau muống")
            yield standing(content, "GetHelp:queued", last_at=IDLE, salt=SALT, care=care, case=case, words=words), bare


def left(content: Conversation) -> Iterator[tuple[Standing, Standing]]:
    """After a hurried exit with nothing kept, at once and hours later."""
    for level in LEVELS:
        for words in (Words(), OWN):
            hers = standing(content, "GetHelp:queued", salt=SALT, words=words, case=CaseSeen("c1", "4821", level))
            other = standing(content, "Menu:menu", salt=SALT)
            after = [type_(content, one, "xx")[0] for one in (hers, other)]
            yield after[0].but(case=hers.facts.case), after[1]


def silent(content: Conversation) -> Iterator[tuple[Standing, Standing]]:
    """In the silent call, asked and answered, with an older case, words and a plan, and with what it opened alone."""
    for words in (Words(), OWN):
        for state in ("SilentCall:ask", "SilentCall:brief"):
            yield standing(content, state, salt=SALT, words=words, care=CareSeen("active")), standing(content, state)
        for level in LEVELS:
            case = CaseSeen("c1", "4821", level, since=IDLE)
            hers = standing(content, "SilentCall:kept", salt=SALT, words=words, case=case)
            yield hers, standing(content, "SilentCall:kept", case=CaseSeen("c2", "1111", 3))


def closed(content: Conversation) -> Iterator[tuple[Standing, Standing]]:
    """A shared account whose profile is closed, with what it keeps and a case behind it."""
    kept = {"k": Profile("vi", {"checklist": "dndndn"})}
    for case in (None, CaseSeen("c1", "4821", 3)):
        yield (
            standing(content, "Menu:menu", last_at=IDLE, profiles=kept, case=case),
            standing(content, "Idle:away" if case else "Menu:menu", last_at=IDLE),
        )


def alone(content: Conversation) -> Iterator[tuple[Standing, Standing]]:
    """A human has closed the case since, and she was never told; with words of her own, which nobody gave, too."""
    for state in STOOD[:-1]:
        for words in (Words(), OWN):
            hers = standing(content, state, last_at=IDLE, words=words, salt=SALT, left_by="Hoa Ban")
            yield hers, standing(content, "Idle:away", last_at=IDLE, salt=SALT)


ANSWERS = ("1", "2", "có", "không")
"""What leads on by itself: whoever walks into asking for help has opened a case that is no secret to them."""
STATES = {
    "idle case": idle,
    "cover waiting": covered,
    "after xx": left,
    "silent mode": silent,
    "profile closed": closed,
    "human left": alone,
}


def behind(content: Conversation) -> Iterator[Standing]:
    """Whoever holds the phone has opened the page of privacy, with the cover on."""
    for level in LEVELS:
        for words in (Words(covered=True), msgspec.structs.replace(OWN, covered=True)):
            case = CaseSeen("c1", "4821", level)
            yield standing(content, "Privacy:choose", salt=SALT, words=words, case=case, level=level)


CHOOSES = ("6", "1", "2")
"""A word is chosen from the list, the second thing on its first page."""
TRIES = ("1", "menu", "", "2", "tin này của ai")
"""Then it is tried (""): it leads nowhere on a phone without a case."""
FORGETS = ("4", "1", "xin chào", "tin này của ai", "0")


def encoded(shown: object) -> bytes:
    """Return what is shown as bytes."""
    return msgspec.msgpack.encode(shown)


def test_the_table_has_sixty_sentences_of_three_people() -> None:
    """A husband, an employer and a child; none of their sentences is a cry or a doubt."""
    assert len(SENTENCES) >= 60
    assert len(set(SENTENCES)) == len(SENTENCES)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_somebody_else_is_no_cry_and_no_doubt(sentence: str, content: Conversation) -> None:
    """It is calm to the understanding, whatever the weights make of its words."""
    assert understand(sentence, content.lexicon).action == "calm"


@pytest.mark.parametrize("pairs", STATES.values(), ids=STATES.keys())
def test_every_sentence_is_answered_as_on_a_phone_with_nothing_behind_it(
    pairs: Callable[[Conversation], Iterator[tuple[Standing, Standing]]], content: Conversation
) -> None:
    """Byte for byte; and every word reaches the people of the case, where there is one."""
    for hers, other in pairs(content):
        for sentence in SENTENCES:
            _, effects = type_(content, hers, sentence)
            _, expected = type_(content, other, sentence)
            assert encoded(said(effects)) == encoded(said(expected)), (hers.session.state, sentence)
            assert not any(isinstance(effect, ReleaseKept) for effect in effects), sentence
            if hers.facts.case is not None and not hers.session.prompt:
                assert any(isinstance(one, AddToCase) and one.text == sentence for one in effects), sentence


@pytest.mark.parametrize("pairs", STATES.values(), ids=STATES.keys())
def test_a_whole_talk_of_somebody_else_stays_the_same(
    pairs: Callable[[Conversation], Iterator[tuple[Standing, Standing]]], content: Conversation
) -> None:
    """All questions one after the other, a minute apart: no answer tells more for having asked before."""
    for hers, other in pairs(content):
        case, case_other = hers.facts.case, other.facts.case
        now = NOW
        for sentence in (one for one in SENTENCES if one not in ANSWERS):
            now += timedelta(minutes=1)
            hers, effects = type_(content, hers.but(case=case), sentence, now)
            other, expected = type_(content, other.but(case=case_other), sentence, now)
            assert encoded(said(effects)) == encoded(said(expected)), sentence


@pytest.mark.parametrize("sentence", SENTENCES)
def test_under_a_greeting_nothing_but_its_own_answer_is_shown(sentence: str, content: Conversation) -> None:
    """The same card for every sentence, in both languages."""
    for lang in ("vi", "en"):
        her = standing(content, "Menu:menu", lang, last_at=IDLE, salt=SALT, care=greeting("rau muống"))
        after, effects = type_(content, her, sentence)
        assert said(effects) == [content.card("cover_reply", lang)]
        assert after.session.state == "CheckIn:cover"


@pytest.mark.parametrize("sentence", SENTENCES)
def test_in_the_silent_call_one_neutral_line_is_shown_and_then_nothing(sentence: str, content: Conversation) -> None:
    """Neither a number nor a word that speaks, whoever asks."""
    if sentence in ("2", "không"):
        return  # the neutral "no" of the question itself
    asked = standing(content, "SilentCall:ask")
    after, effects = type_(content, asked, sentence)
    assert said(effects) == [content.card("silent_kept", "vi")]
    for again in SENTENCES:
        after, effects = type_(content, after, again)
        assert said(effects) == [], again


def test_what_is_kept_waits_for_1_whatever_else_is_asked(content: Conversation) -> None:
    """No sentence but `1` releases an answer; the line of the nudge says only that something waits."""
    case = CaseSeen("c1", "4821", 3, answered=True)
    for human in (False, True):
        seen = msgspec.structs.replace(case, human_here=human)
        her = standing(content, "GetHelp:queued", last_at=IDLE, case=seen, answer_kept=True)
        for sentence in SENTENCES:
            _, effects = type_(content, her, sentence)
            assert any(isinstance(one, ReleaseKept) for one in effects) == (sentence == "1"), sentence
            assert all(content.library.is_neutral(words.text) for words in said(effects))


@pytest.mark.parametrize("cry", ["cứu em với", "cuu em voi", "họ nhốt em trong phòng", "help me"])
def test_a_cry_gets_its_numbers_at_once_behind_every_cover(cry: str, content: Conversation) -> None:
    """Above every cover stands help: the numbers are the first that is shown."""
    for pairs in STATES.values():
        for hers, _ in pairs(content):
            assert said(type_(content, hers, cry)[1])[0].phones, (hers.session.state, cry)


def test_new_words_are_chosen_behind_the_cover_as_on_any_phone(content: Conversation) -> None:
    """Byte for byte; they take no cover off, and hers still do."""
    for hers in behind(content):
        other, case, now = standing(content, "Privacy:choose", salt=SALT), hers.facts.case, NOW
        thing = ""
        for typed in (*CHOOSES, "", *TRIES):
            now += timedelta(minutes=1)
            if other.session.state == "Words:own" and typed == "2":
                thing = other.session.prompt[1].label
            hers, effects = type_(content, hers.but(case=case), typed or thing, now)
            other, expected = type_(content, other.but(case=None), typed or thing, now)
            assert encoded(said(effects)) == encoded(said(expected)), typed
        assert hers.session.words.covered
        if hers.session.words.own:
            hers, _ = type_(content, hers.but(case=case), "rau muống", now)
            hers, _ = type_(content, hers.but(case=case), "1", now)
            assert hers.session.state == "GetHelp:queued"


def test_being_forgotten_is_asked_behind_the_cover_as_on_any_phone(content: Conversation) -> None:
    """Her people hear of it and nothing of hers goes; whoever writes next is met like somebody new."""
    for hers in behind(content):
        other, case, now, asked = standing(content, "Privacy:choose", salt=SALT), hers.facts.case, NOW, False
        for words in FORGETS:
            now += timedelta(minutes=1)
            hers, effects = type_(content, hers.but(case=case), words, now)
            other, expected = type_(content, other, words, now)
            assert encoded(said(effects)) == encoded(said(expected)), words
            asked = asked or NoteOnCase("wish", "forget") in effects
            assert not any(isinstance(one, Forget) for one in effects)
            if any(isinstance(one, Forget) for one in expected):
                other = Standing().but(on_duty=True, salt=SALT)
        assert asked


@pytest.mark.parametrize("sentence", ["em vẫn ở đây", "em vẫn chờ", "sao chưa ai trả lời em", "em chờ mãi rồi"])
def test_who_still_waits_is_no_sign_of_hers_behind_the_cover(sentence: str, content: Conversation) -> None:
    """Only a cry, stop, an exit or her own word is: it is answered as on any phone, and her people read it."""
    for hers, other in idle(content):
        _, effects = type_(content, hers, sentence)
        assert encoded(said(effects)) == encoded(said(type_(content, other, sentence)[1]))
        assert any(isinstance(one, AddToCase) and one.text == sentence for one in effects)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("state", ["CheckIn:cover", "CheckIn:garden", "CheckIn:strength", "CheckIn:answered"])
def test_nothing_below_a_coded_answer_speaks_of_help(state: str, lang: str, content: Conversation) -> None:
    """Neither the thanks nor the answers below them; 0 and 9 mean what they mean everywhere."""
    shown = [content.card(content.states[state].say, lang).text, *(one.label for one in offered(content, state, lang))]
    assert all(content.library.is_neutral(text) for text in shown), shown
    her, _ = type_(content, standing(content, state, lang, care=CareSeen("active")), "0")
    assert her.session.state.startswith("GetHelp:")
