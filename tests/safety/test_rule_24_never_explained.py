"""Safety rule 24: the chat asks for no second word and explains none; the first is a digit in a harmless list.

What the second is for stands in the console alone; that its words have their effect in the chat on every channel:
tests/integration/cases/test_duress.py.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.conversation import Conversation
from flows.features import own_words
from flows.model.effects import AddToCase, RecordConsent
from flows.model.facts import CaseSeen
from flows.model.messages import Incoming
from flows.model.session import Words
from flows.parsing.code_words import folded, is_one, tag, tags, usable
from flows.rendering import harmless_things
from flows.rendering.pagination import numbered
from flows.rendering.render import render
from tests.flows.standings import BESIDE_HUMAN, NOW, Standing, said, standing, take, type_
from tests.support.content import conversation, limits_of

TELLING = re.compile(
    r"bị ép|ép buộc|bắt bạn|không phải tự bạn|cần giúp|nguy|người của mình|forced|danger|will|our people", re.I
)
SECOND = re.compile(
    r"hai từ|từ (mật )?(thứ )?(hai|2)\b|từ kia|từ khác|two (secret )?words|second|other word|both", re.I
)
PURPOSE = re.compile(r"biết là bạn|xem tiếp|sau này|know that it is you|go on|later, ", re.I)
SALT = b"hers alone"
OWN = Words(tag(SALT, folded("rau muống")), tag(SALT, folded("bí đỏ")))
CASE = CaseSeen("c1", "4821", 3)
CHANNELS = ("zalo_oa", "zalo_bot", "telegram")
WAYS = tuple(product(CHANNELS, ("vi", "en")))
FLOW = ("words_offer", "words_own", "words_kept", "words_back")


def offered_words(content: Conversation, lang: str, **known: object) -> Standing:
    """Somebody before the offer; beside a human it is she who asked for it, a moment ago."""
    asked = {"data": {"beside_human": "7"}, "asked_at": NOW} if known.get("case") == BESIDE_HUMAN else {}
    return standing(content, "Words:offer", lang, salt=SALT, **known, **asked)


def opened(content: Conversation, lang: str, **known: object) -> Standing:
    """Somebody before the list, after her yes."""
    after, _ = type_(content, offered_words(content, lang, **known), "1")
    assert after.session.state == "Words:own"
    return after


@pytest.mark.parametrize(("channel", "lang"), WAYS)
def test_the_chat_speaks_of_one_word_and_says_nothing_of_danger(channel: str, lang: str, content: Conversation) -> None:
    """Each card of the flow as each channel shows it: no second word, no force, no danger."""
    cards = [content.card(name, lang) for name in FLOW]
    for bubble in (bubble for words in cards for bubble in render(words, limits_of(channel), 7)):
        assert not TELLING.search(bubble.text), bubble.text
        assert not SECOND.search(bubble.text), bubble.text


def test_no_state_of_the_chat_asks_for_a_second_word(content: Conversation) -> None:
    """The flow has one place where a word is chosen, and nothing in it waits for a word to be typed."""
    assert [state for state in content.states if state.startswith("Words:")] == [
        *("Words:offer", "Words:own", "Words:kept", "Words:back"),
    ]
    for versions in content.library.cards.values():
        for card in versions.values():
            if card.topic == "words" or card.id.startswith("privacy"):
                assert not SECOND.search(card.text), card.id


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("case", [None, CASE, BESIDE_HUMAN])
def test_no_bubble_has_a_word_of_the_list_beside_its_purpose(
    lang: str, case: CaseSeen | None, content: Conversation
) -> None:
    """By every answer there is: the list says not what it is for, and what says that names nothing of the list."""
    her = offered_words(content, lang, case=case)
    names = {name.lower() for called in content.library.things.names.values() for name in called.values()}
    entry = type_(content, her, "1")
    todo, known, listed = [(her, content.card("words_offer", lang)), (entry[0], said(entry[1])[-1])], set(), 0
    while todo:
        at, words = todo.pop()
        whole = "\n".join((words.text, *(choice.label for choice in words.choices))).lower()
        named = [name for name in names if name in whole]
        listed += bool(named)
        assert not (named and PURPOSE.search(whole)), whole
        assert not TELLING.search(whole), whole
        for number in range(1, 9):
            after, effects = type_(content, at, str(number))
            place = after.session.state, after.session.data.get(harmless_things.PAGE, "")
            if place[0].startswith("Words:") and place not in known:
                known.add(place)
                todo += [(after, bubble) for bubble in said(effects)]
    assert listed >= harmless_things.PAGES
    assert {"Words:own", "Words:kept"} <= {state for state, _ in known}


@given(salt=st.binary(min_size=16, max_size=32), nonce=st.integers(0, 10_000), lang=st.sampled_from(["vi", "en"]))
def test_every_thing_on_a_list_can_be_a_word_and_is_heard_as_hers(salt: bytes, nonce: int, lang: str) -> None:
    """Of any account and opening: what a digit chooses is heard when its name is typed, toneless and polite too."""
    content = conversation()
    things = content.library.things
    drawn = harmless_things.drawn(tuple(things.names), salt, str(nonce))
    assert len(set(drawn)) == harmless_things.ON_A_PAGE * harmless_things.PAGES
    name = things.name(drawn[nonce % len(drawn)], lang)
    assert usable(name, content.library.lexicon)
    kept = tag(salt, folded(name))
    for typed in (name, name.upper(), folded(name), *([f"dạ {name} ạ"] if lang == "vi" else [])):
        assert is_one(tags(typed, salt), kept), typed


def test_a_list_that_somebody_has_seen_is_no_key(content: Conversation) -> None:
    """Another account, and the same one opened again, show other things; each thing stands first for somebody."""
    names = tuple(content.library.things.names)
    accounts = [harmless_things.drawn(names, number.to_bytes(16, "big"), "1") for number in range(400)]
    openings = [harmless_things.drawn(names, SALT, str(opening)) for opening in range(400)]
    for lists in (accounts, openings):
        assert {thing for one in lists for thing in one[: harmless_things.ON_A_PAGE]} == set(names)
    assert harmless_things.drawn(names, SALT, "1") == openings[1]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_more_leads_on_and_never_back(lang: str, content: Conversation) -> None:
    """Four pages without a thing twice; the last has no "more", and each screen has a person and the first page."""
    her, seen = opened(content, lang), []
    for page in range(harmless_things.PAGES):
        values = [choice.value for choice in numbered(her.session.prompt)]
        seen += [value for value in values if value in content.library.things.names]
        assert ("page" in values) is (page < harmless_things.PAGES - 1)
        assert {choice.digit for choice in her.session.prompt} >= {"0", "9"}
        if "page" in values:
            her, _ = type_(content, her, "7")
    assert len(seen) == len(set(seen)) == harmless_things.ON_A_PAGE * harmless_things.PAGES


def test_which_thing_she_chose_reaches_no_human(content: Conversation) -> None:
    """Beside a human her digit and the button are a key of hers, kept and not handed on."""
    her = opened(content, "vi", case=BESIDE_HUMAN)
    label = her.session.prompt[2].label
    digit = Incoming(kind="text", at=NOW, text="3")
    button = Incoming(kind="press", at=NOW, press=f"{her.session.nonce}:2")
    for sent in (digit, button):
        after, effects = take(content, her, sent)
        assert after.session.words.own == tag(SALT, folded(label))
        assert not any(isinstance(effect, AddToCase) for effect in effects)


@pytest.mark.parametrize("case", [None, CASE])
@pytest.mark.parametrize("number", ["1", "2"])
def test_behind_the_cover_nobody_changes_her_words_and_the_screen_is_that_of_any_phone(
    number: str, case: CaseSeen | None, content: Conversation
) -> None:
    """Whoever holds the phone chooses or refuses as on any phone: her words, the cover and her yes stay as they are."""
    covered = msgspec.structs.replace(OWN, covered=True)
    her = standing(content, "Words:offer", salt=SALT, words=covered, case=case)
    other = standing(content, "Words:offer", salt=SALT)
    for text in (number, "3", "menu"):
        her, effects = type_(content, her.but(case=case), text)
        other, expected = type_(content, other, text)
        assert said(effects) == said(expected), text
        assert not any(isinstance(effect, RecordConsent) for effect in effects)
        assert msgspec.structs.replace(her.session.words, shown=b"") == covered


def test_a_new_first_word_leaves_what_was_agreed_with_staff(content: Conversation) -> None:
    """Chosen anew in the chat, only the first is another one."""
    her, _ = type_(content, opened(content, "vi", words=OWN), "2")
    assert her.session.words.own not in (b"", OWN.own)
    assert her.session.words.duress == OWN.duress


@pytest.mark.parametrize("case", [None, CASE])
def test_a_wrong_word_never_locks_a_person_out(case: CaseSeen | None, content: Conversation) -> None:
    """However many wrong words were typed before, her own opens at once, and so does the second."""
    wrongs = ("cà chua", "hoa cúc", "con trâu", "quả na") * 5
    for word in ("Dạ, rau muống ạ!", "bi do"):
        her = standing(content, "Idle:away", words=OWN, salt=SALT, case=case)
        for wrong in wrongs:
            her, _ = type_(content, her, wrong)
        after, effects = type_(content, her, word)
        assert said(effects) == [content.card("words_back", "vi")]
        assert after.session.state == "Words:back"
        assert own_words.OWN in str(effects) or own_words.DURESS in str(effects)


def test_the_number_of_a_case_opens_and_links_nothing(content: Conversation) -> None:
    """Behind the cover it is a text like any other: what a phone without a case shows (safety rule 23)."""
    idle = NOW - timedelta(minutes=20)
    her = standing(content, "GetHelp:queued", words=OWN, salt=SALT, case=CASE, last_at=idle)
    other = standing(content, "Idle:away", salt=SALT, last_at=idle)
    for text in ("4821", "số của em là 4821"):
        assert said(type_(content, her, text)[1]) == said(type_(content, other, text)[1])
