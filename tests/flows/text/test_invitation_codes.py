"""What an invitation code is, however it was copied, and that none is ever taken for words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.text.invitation_codes import ALPHABET, LETTERS, code_in, is_code, written
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
