"""Safety rule 24: what her second word is for is written nowhere she or anybody else can read it in the chat."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from flows.engine.conversation import Conversation
from flows.features import own_words
from flows.model.facts import CaseSeen
from flows.model.session import Words
from flows.parsing.code_words import folded, tag
from tests.flows.standings import NOW, said, standing, type_

TELLING = re.compile(
    r"bị ép|ép buộc|bắt bạn|không phải tự bạn|cần giúp|nguy|người của mình|forced|danger|will|our people", re.I
)
SALT = b"hers alone"
OWN = Words(tag(SALT, folded("rau muống")), tag(SALT, folded("bí đỏ")))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_card_of_the_words_says_what_the_second_is_for(lang: str, content: Conversation) -> None:
    """Whoever scrolls back finds that there are words, and nothing of danger or force."""
    for name in ("words_offer", "words_own", "words_other", "words_kept", "words_back"):
        assert not TELLING.search(content.card(name, lang).text), name


def test_a_wrong_word_never_locks_a_person_out(content: Conversation) -> None:
    """However many wrong words were typed before, her own opens at once."""
    her = standing(content, "Idle:away", words=OWN, salt=SALT, case=CaseSeen("c1", "4821", 3))
    for wrong in ("cà chua", "hoa cúc", "con trâu", "quả na") * 5:
        her, _ = type_(content, her, wrong)
    after, effects = type_(content, her, "Dạ, rau muống ạ!")
    assert said(effects) == [content.card("words_back", "vi")]
    assert after.session.state == "Words:back"
    assert own_words.OWN in str(effects)


def test_the_number_of_a_case_opens_and_links_nothing(content: Conversation) -> None:
    """Behind the cover it is a text like any other: what a phone without a case shows (safety rule 23)."""
    idle = NOW - timedelta(minutes=20)
    her = standing(content, "GetHelp:queued", words=OWN, salt=SALT, case=CaseSeen("c1", "4821", 3), last_at=idle)
    other = standing(content, "Idle:away", salt=SALT, last_at=idle)
    for text in ("4821", "số của em là 4821"):
        assert said(type_(content, her, text)[1]) == said(type_(content, other, text)[1])
