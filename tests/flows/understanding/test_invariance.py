"""What must not matter: how a phrase is encoded, where its tone stands, capitals, invisible letters, missing tones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.text.letters import fold
from flows.understanding import understand
from flows.understanding.evaluation import URGENT, read_rows
from tests.flows.understanding.keyboards import telex
from tests.support.content import library

LEXICON = library().lexicon
DATA = Path(__file__).parents[1] / "data"
ROWS = read_rows((DATA / "phrases.psv").read_text()) + read_rows((DATA / "understanding/developed.psv").read_text())
TEXTS = st.sampled_from([row.text for row in ROWS])
CRIES = st.sampled_from([row.text for row in ROWS if row.level >= URGENT])
INVISIBLE = ("\u200b", "\u200d", "\ufeff", "\u2060", "\ufe0f", "\u00ad")
TONE_PLACES = [("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"), ("uý", "úy"), ("oẻ", "ỏe")]
bounded = settings(max_examples=120, deadline=None)


@bounded
@given(TEXTS, st.sampled_from(["NFC", "NFD"]), st.sampled_from([str, str.upper, str.title]))
def test_encoding_and_capitals_do_not_matter(text: str, form: str, case: type[str]) -> None:
    """Every phone composes letters in its own way, and fear writes in capitals."""
    assert understand(unicodedata.normalize(form, case(text)), LEXICON) == understand(text, LEXICON)  # type: ignore[arg-type]


@bounded
@given(TEXTS)
def test_the_place_of_a_tone_does_not_matter(text: str) -> None:
    """Old and new keyboards put it on different vowels: hòa and hoà."""
    moved = text
    for old, new in TONE_PLACES:
        moved = moved.replace(old, "\0").replace(new, old).replace("\0", new)
    assert understand(moved, LEXICON) == understand(text, LEXICON)


@bounded
@given(TEXTS, st.sampled_from(INVISIBLE), st.lists(st.integers(0, 200), max_size=8))
def test_invisible_letters_do_not_matter(text: str, noise: str, places: list[int]) -> None:
    """Copying from a web page brings them along, in the middle of words."""
    for place in places:
        text_with = text[: place % (len(text) + 1)] + noise + text[place % (len(text) + 1) :]
        assert understand(text_with, LEXICON) == understand(text, LEXICON)


@bounded
@example("c ứ u e m", 0, 2)
@example("c.ứ.u e.m", 0, 2)
@given(CRIES, st.integers(0, 40), st.integers(2, 9))
def test_a_stretched_word_never_silences_a_cry(text: str, place: int, more: int) -> None:
    """`cứuuuuu` is no less than cứu; a stretched word may only turn belief into a question. `kkk` is laughter."""
    words = text.split(" ")
    word = words[place % len(words)]
    if len(word) > 1 and word[-1:].isalpha() and understand(text, LEXICON).action != "calm":
        words[place % len(words)] = word + word[-1] * more
        assert understand(" ".join(words), LEXICON).action != "calm"


def long_presses(words: list[str]) -> Iterator[str]:
    """Yield the message with each vowel, w and tone key of each word held for two, three and five letters."""
    for place, word in enumerate(words):
        for key, letter in enumerate(word):
            if letter in "aeiouyw" or (key and letter in "sfrxj"):
                for more in (1, 2, 4):
                    yield " ".join([*words[:place], word[:key] + letter * more + word[key:], *words[place + 1 :]])


@pytest.mark.parametrize("tone_last", [True, False], ids=["tone last", "tone in the word"])
def test_keys_held_down_in_telex_hardly_ever_silence_a_cry(tone_last: bool) -> None:
    """Each key of each word of the protocol's cries, held down, is heard but for a few that make another word."""
    rows = [row for row in read_rows((DATA / "phrases.psv").read_text()) if row.level >= URGENT]
    typed = [[telex(word, tone_last=tone_last) for word in row.text.split(" ")] for row in rows]
    heard = [words for words in typed if understand(" ".join(words), LEXICON).action != "calm"]
    held = [text for words in heard for text in long_presses(words)]
    silent = [text for text in held if understand(text, LEXICON).action == "calm"]
    assert set(silent) <= ANOTHER_WORD


@pytest.mark.parametrize(
    "text", ["chiij owww giups em", "chij owiii giupsss em", "eem bij nhootss", "soos", "cu71uuu em"]
)
def test_a_key_held_too_long_is_heard(text: str) -> None:
    """Several keys at once, VNI, and a double that is a letter of its own."""
    assert understand(text, LEXICON).action != "calm"


MAY_FALL_SILENT = 0.023
"""Share of cries that without tones are no longer heard: `xin nhờ` is also `xin nho`, grapes."""

ANOTHER_WORD = {"da uong thuoc nguu roi"}
"""What a key held down makes another word of: `nguu` is ngưu, a buffalo."""


def test_a_cry_without_any_tone_is_still_heard() -> None:
    """Toneless may ask where toned raised; it does not fall to calm (the few that do are listed)."""
    cries = [row.text for row in ROWS if row.level >= URGENT and understand(row.text, LEXICON).action != "calm"]
    silent = [text for text in cries if understand(fold(text), LEXICON).action == "calm"]
    assert len(silent) <= MAY_FALL_SILENT * len(cries), silent


def test_no_cry_of_the_protocol_falls_silent_without_its_tones() -> None:
    """On the phrases of the protocol there is no exception."""
    cries = [row.text for row in read_rows((DATA / "phrases.psv").read_text()) if row.level >= URGENT]
    assert [text for text in cries if understand(fold(text), LEXICON).action == "calm"] == []


@pytest.mark.parametrize("text", ["dung", "Dung", "DUNG", "dung a", "dung roi", "dung dung", "dung nhan", "dung lai"])
def test_toneless_dung_is_never_stop(text: str) -> None:
    """It is right, use, do not and stop in one: never taken for an order to stop (safety rule 17)."""
    meaning = understand(text, LEXICON)
    assert (meaning.command == "stop", meaning.topic == "stop") == (False, False)


@pytest.mark.parametrize("number", ["1111", "1133", "1155", "11133", "*1113", "0911 222 333", "2 triệu 1155"])
def test_a_number_with_doubled_digits_is_no_shorter_one(number: str) -> None:
    """Only letters are keys held too long: a price, a key or a phone number is not taken for 111, 113 or 115."""
    assert understand(number, LEXICON).action == "calm"
