"""Several people behind one account: a key opens what is hers, a wrong one shows what everybody sees."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from flows.engine.conversation import Conversation
from flows.features.profiles import MOST, easy, key_in, tag
from flows.model.effects import AddToCase, Say
from flows.model.messages import Incoming
from tests.flows.standings import BESIDE_HUMAN, NOW, Standing, said, standing, take, type_

KEY = "*258013"
TICKS = {"checklist": "dndndn"}


def owner(content: Conversation, key: str = KEY) -> Standing:
    """Somebody who has made a profile of her own and stands in it."""
    her = standing(content, "Privacy:new_profile", kept=TICKS)
    return type_(content, her, key)[0]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *(("*2580", "2580"), (" * 25801379 ", "25801379"), ("🌸🌼", "🌸🌼"), ("❤️🌸", "❤🌸")),
        *(("*25", ""), ("2580", ""), ("*2580137912", ""), ("*abcd", ""), ("🌸", ""), ("hoa 🌸🌼", ""), ("", "")),
    ],
)
def test_a_key_is_a_star_and_digits_or_a_few_pictures(text: str, key: str) -> None:
    """A number alone is an answer, one picture is a mood, words are words."""
    assert key_in(text) == key


@pytest.mark.parametrize("key", ["1111", "1234", "4321", "890123", "🌸🌸🌸"])
def test_an_easy_key_is_refused(key: str, content: Conversation) -> None:
    """Rows and repetitions are what a stranger tries first; a key that is taken is refused in the same words."""
    assert easy(key)
    typed = f"*{key}" if key.isdigit() else key
    after, effects = type_(content, standing(content, "Privacy:new_profile"), typed)
    assert (after.session.profile, after.session.profiles) == ("", {})
    refused = [words.text for words in said(effects)]
    taken = owner(content)
    again = standing(content, "Privacy:new_profile").but(profiles={tag("258013"): taken.session.profiles[""]})
    assert [words.text for words in said(type_(content, again, KEY)[1])] == refused


def test_what_she_asked_to_keep_is_in_her_profile_only(content: Conversation) -> None:
    """The neutral profile keeps nothing of it; the key is kept as a hash."""
    her = owner(content)
    assert (her.session.profile, her.session.kept) == (tag("258013"), TICKS)
    stranger, _ = type_(content, her, "*777111")
    assert (stranger.session.profile, stranger.session.kept, stranger.session.data) == ("", {}, {})
    assert "258013" not in str(msgspec.to_builtins(stranger))
    back, _ = type_(content, stranger, KEY)
    assert (back.session.profile, back.session.kept) == (tag("258013"), TICKS)


def test_nothing_shows_that_another_profile_exists(content: Conversation) -> None:
    """A right key, a wrong key, and any key where there is no profile at all: the same words on the screen."""
    her = owner(content)
    neutral, _ = type_(content, her, "*777111")
    nobody = standing(content, "Menu:menu")
    shown = [said(type_(content, her, key)[1]) for her in (neutral, nobody) for key in (KEY, "*777111")]
    assert shown == [[content.card("menu", "vi")]] * 4


@pytest.mark.parametrize("word", ["dừng", "xx"])
def test_leaving_closes_it(word: str, content: Conversation) -> None:
    """Stop and the hurried exit leave the neutral profile behind."""
    after, _ = type_(content, owner(content), word)
    assert (after.session.profile, after.session.kept) == ("", {})


def test_ten_minutes_without_a_word_close_it(content: Conversation) -> None:
    """Whoever picks up the phone finds the neutral one; a word within the time keeps it open."""
    her = owner(content)
    for minutes, kept in ((9, TICKS), (11, {})):
        later = NOW + timedelta(minutes=minutes)
        after, _ = take(content, her, Incoming(kind="text", at=later, text="alo"), later)
        assert after.session.kept == kept


def test_a_cry_and_help_are_the_same_in_every_profile(content: Conversation) -> None:
    """Danger is nobody's private matter: the numbers come, the case is the account's."""
    for her in (owner(content), type_(content, owner(content), "*777111")[0]):
        assert said(type_(content, her, "cứu em với")[1])[0] == content.emergency("", "vi")


def test_a_key_typed_beside_a_human_is_no_message_for_her(content: Conversation) -> None:
    """The counsellor reads her words, never her key."""
    her = owner(content).but(case=BESIDE_HUMAN)
    assert not any(isinstance(effect, AddToCase) for effect in type_(content, her, KEY)[1])


def test_a_key_costs_no_words_to_anybody(content: Conversation) -> None:
    """Opening asks the service for nothing, and an account has only so many profiles."""
    her = owner(content)
    _, effects = type_(content, her, KEY)
    assert all(isinstance(effect, Say) for effect in effects)
    for number in range(2, 9):
        her = her.but(state="Privacy:new_profile", prompt=())
        her, _ = type_(content, her, f"*70{number}91{number}")
    assert len(her.session.profiles) == MOST
