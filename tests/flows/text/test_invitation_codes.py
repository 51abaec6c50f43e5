"""What an invitation code is, however it was copied, and that none is ever taken for words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.text.invitation_codes import ALPHABET, LETTERS, code_in, is_code, lone_code, nearly_code, written
from flows.understanding import understand
from flows.understanding.meaning import NOTHING
from tests.support import content

LEXICON = content.library().lexicon
CODES = st.text(ALPHABET, min_size=LETTERS, max_size=LETTERS).map(written)


@given(
    CODES, st.sampled_from([str.upper, str.lower]), st.sampled_from(["{}", " {} ", "/start {}", "/start@nhipcau {}"])
)
def test_no_code_is_taken_for_a_cry_or_for_any_words(code: str, cased: Callable[[str], str], around: str) -> None:
    """A wrong, used or mistyped code is answered like a word nobody knows, whatever its letters spell."""
    typed = around.format(cased(code))
    assert code_in(typed) == code
    assert understand(typed, LEXICON) == NOTHING


@pytest.mark.parametrize("code", ["NC-8GNU-2RUR", "NC-6YYE-ZU6T", "NC-UD3V-8P5T", "NC-X9G7-8UCU"])
def test_codes_that_were_taken_for_a_cry_mean_nothing(code: str) -> None:
    """Each of these was believed or asked about once."""
    assert understand(code, LEXICON) == NOTHING


@pytest.mark.parametrize("typed", ["nc cuus ngay", "cuu em voi", "nc-cuu em voi", "NC-8GNU-2RUR cuu em voi"])
def test_words_are_never_hidden_by_looking_like_a_code(typed: str) -> None:
    """What has no hyphen, or anything beside the code, is read as words."""
    assert not is_code(typed)
    assert understand(typed, LEXICON).level >= 3


TYPED = (
    *(
        "{}.",
        "{} ạ",
        "{}!",
        "“{}”",
        "mã {}",
        "ma {}",
        "Mã là {}",
        "ma la {}",
        "mã mời: {}",
        "mã của em là {} ạ.",
        "dạ {}",
    ),
    *("em có mã {} chị ạ", "code {}", "/start {}.", "mã số {} nhé", "mã thôn {}", "{} 🙂"),
    *("xin chào, mã em là {}", "chị ơi mã đây {}", "tôi gửi mã {}", "cháu có mã {}", "mã của tôi: {}"),
)
"""Ways in which people send a code that a poster or a neighbour gave them."""


@given(
    CODES, st.sampled_from(TYPED), st.sampled_from([str.upper, str.lower]), st.sampled_from(["-", " ", "", " - ", "–"])
)
def test_a_code_is_known_as_people_type_it(code: str, around: str, cased: Callable[[str], str], between: str) -> None:
    """Small letters, no hyphen or another sign, "mã" before it, "ạ" and a full stop after it."""
    assert code_in(around.format(cased(code.replace("-", between)))) == code


@pytest.mark.parametrize("typed", ["NC-8GNO-2RUR", "nc 8gn0 2rur", "mã nc8gno2rur."])
def test_a_round_letter_of_a_code_is_the_only_one_a_code_has(typed: str) -> None:
    """No code has an O or a 0: what was read as one on a poster is a Q."""
    assert code_in(typed) == "NC-8GNQ-2RUR"


@given(CODES, CODES, st.sampled_from(TYPED))
def test_what_is_around_a_code_never_makes_another_code(code: str, other: str, around: str) -> None:
    """One code is read as that code or as none."""
    assert code_in(around.format(other)) != code or code == other


@given(CODES, st.sampled_from(["mã {}.", "{} ạ", "Mã là {}", "mã của em là {} chị ạ"]))
def test_a_wrong_code_among_polite_words_is_not_taken_for_a_cry(code: str, around: str) -> None:
    """What cannot be words with its hyphens is none beside "mã" and "ạ" either."""
    assert understand(around.format(code), LEXICON) == NOTHING


@pytest.mark.parametrize(
    "typed",
    ["NC-8GNU-2RUR bị đánh", "mã NC-8GNU-2RUR cứu em", "mã", "mã NC", "nccc", "em ở nhà số 8", "NC-8GNU-2RU", "ncs"],
)
def test_a_code_with_more_to_say_or_less_is_none(typed: str) -> None:
    """Words beside a code are heard as words."""
    assert not code_in(typed)


@given(CODES)
def test_in_a_group_only_a_code_by_itself_is_read(code: str) -> None:
    """Somebody who tells the others a code is talking to them."""
    assert lone_code(f"{code.lower()}.") == code
    assert not lone_code(f"mã: {code}")


@pytest.mark.parametrize("typed", ["NC-8GNU-2RU", "nc-8gnu-2rur7", "mã của em là NC-8GN1-2RUR ạ", "/start NC-8GNU"])
def test_a_code_with_a_letter_missing_or_wrong_was_meant_as_one(typed: str) -> None:
    """It opens nothing, and is told to be a wrong code rather than words that were not understood."""
    assert nearly_code(typed)
    assert not code_in(typed)


@pytest.mark.parametrize("typed", ["NC-8GNU-2RUR bị đánh", "mã", "mã NC", "nccc", "ncs", "em ở nhà số 8", "nc cuu em"])
def test_words_were_not_meant_as_a_code(typed: str) -> None:
    """What says more than a code, or has no hyphen behind the NC, is words."""
    assert not nearly_code(typed)


@given(CODES)
def test_every_code_was_meant_as_one(code: str) -> None:
    """A right code is no less one than a wrong one."""
    assert nearly_code(code)


@given(CODES, st.sampled_from(["{} cứu em với", "cứu em với {}", "mã {} đây, cứu em với"]))
def test_a_cry_beside_a_code_is_as_loud_as_without_it(code: str, around: str) -> None:
    """What a poster had printed on it takes nothing from her words."""
    assert understand(around.format(code), LEXICON).level == understand("cứu em với", LEXICON).level
