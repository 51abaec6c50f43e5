"""A code word is known among polite words and signs, no other word ever is, and an answer is no code word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model.facts import CareSeen, Facts
from flows.parsing.code_words import folded, opens, tag, usable
from flows.text.letters import fold
from tests.support import content

LEXICON = content.library().lexicon
SALT = b"hers alone"
CODES = (
    *("rau muống", "bí đỏ", "cà chua", "lá lốt", "lốt", "gà nhà", "quả ổi", "mây nhẹ", "con cò", "bút chì", "đá banh"),
    *("dạ hương", "mã đề", "nấm", "măng", "bóng", "hoa sữa", "vàng anh", "mướp", "đước", "hoa ban", "quả roi"),
)
"""Words people choose; many hold a syllable that without its tone is also a polite one."""
BEGINNINGS = (
    "",
    "Dạ ",
    "vâng, ",
    "từ của em là ",
    "Mã là: ",
    "từ khóa là ",
    "tu cua em la ",
    "em chọn ",
    "dạ từ của chị là ",
)
ENDINGS = (
    "",
    ".",
    "!",
    " ạ",
    " ạ.",
    " nhé",
    "... nhé!",
    " chị ạ",
    " ạ chị",
    " chị ơi",
    " nha",
    " 🙂",
    " ,",
    "\n",
    " a",
    " nhe",
)
QUOTES = ("{}", "“{}”", '"{}"', "'{}'", "({})", "*{}*", "«{}»")


def asked_with(word: str) -> Facts:
    """Return the facts of a person whose check-in waits for a word."""
    return Facts(salt=SALT, care=CareSeen("active", tag(SALT, folded(word))))


def around(word: str, beginning: str, quote: str, ending: str) -> str:
    """Return a word as a polite person types it."""
    return f"{beginning}{quote.format(word)}{ending}"


POLITE = st.tuples(st.sampled_from(BEGINNINGS), st.sampled_from(QUOTES), st.sampled_from(ENDINGS))


@given(st.sampled_from(CODES), POLITE)
def test_a_word_with_polite_words_and_signs_is_the_word(word: str, polite: tuple[str, str, str]) -> None:
    """A full stop, quotes, "dạ", "từ của em là", "ạ" and "nhé" change nothing."""
    assert opens(around(word, *polite), asked_with(word))


@given(st.sampled_from(CODES))
def test_a_word_is_known_without_its_tones(word: str) -> None:
    """Cheap phones type no tones, and shout."""
    assert opens(fold(word).upper(), asked_with(word))


@given(st.sampled_from(CODES), POLITE, POLITE)
def test_a_word_chosen_politely_is_kept_as_the_word(
    word: str, chosen: tuple[str, str, str], typed: tuple[str, str, str]
) -> None:
    """What was around it when she chose it need not be there when she answers."""
    text = around(word, *chosen)
    if usable(text, LEXICON):
        assert opens(around(word, *typed), asked_with(text))


@given(st.sampled_from(CODES), st.sampled_from(CODES), POLITE, POLITE)
def test_another_word_is_never_the_word(
    word: str, other: str, chosen: tuple[str, str, str], typed: tuple[str, str, str]
) -> None:
    """Whatever is polite around it, and also where one word stands in the other: lốt and lá lốt."""
    if fold(word) != fold(other):
        assert not opens(around(other, *typed), asked_with(around(word, *chosen)))


@given(st.sampled_from(CODES), st.text(max_size=30))
def test_no_text_opens_but_one_that_holds_the_word(word: str, typed: str) -> None:
    """Taking words off never makes a word out of other letters."""
    if opens(typed, asked_with(word)):
        assert fold(word) in " ".join(fold(typed).split())


@pytest.mark.parametrize("said", ["rau muống ngon lắm ạ", "rau", "muống", "rau muống bí đỏ", "không phải rau muống"])
def test_more_or_less_than_the_word_is_not_the_word(said: str) -> None:
    """Only what is polite comes off."""
    assert not opens(said, asked_with("rau muống"))


@pytest.mark.parametrize(
    "answer",
    [
        "vâng",
        "dạ vâng",
        "Vâng ạ.",
        "không",
        "khong",
        "chưa",
        "đúng rồi",
        "được",
        "duoc a",
        "ừ",
        "dạ",
        "có",
        "ok ạ",
        "thôi",
        "không hiểu",
        "là gì",
        "để sau",
        "cảm ơn chị",
        "cảm ơn ạ",
        "chị ạ",
        "từ khóa",
        "123",
        "1",
        "hai",
        "năm",
        "ba bốn",
        "hello",
    ],
)
def test_an_answer_or_a_number_is_no_code_word(answer: str) -> None:
    """What she says every day would open her check-in by chance."""
    assert not usable(answer, LEXICON)


@pytest.mark.parametrize("word", CODES)
def test_names_of_things_are_code_words(word: str) -> None:
    """Among them some that begin or end like a polite word, as long as their tones tell it."""
    assert usable(word, LEXICON) or word == "mã đề" or len(word) < 3


@pytest.mark.parametrize("text", ["da bong", "ga nha", "ma rau muong"])
def test_a_word_that_can_be_read_in_two_ways_is_not_taken(text: str) -> None:
    """Without tones da is dạ or đá: whichever was kept, the other would be a wrong word made right."""
    assert not usable(text, LEXICON)


def test_polite_words_without_end_are_read_at_once() -> None:
    """No text makes the reading try every way to divide it."""
    for part in ("ạ chị ", "dạ vâng ", "từ của em là ", "chị ơi ", "ạ ạ chị "):
        assert not opens((part * 160)[:150] + "x", asked_with("rau muống"))
