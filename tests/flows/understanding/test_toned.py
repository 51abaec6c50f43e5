"""A message that has its tones is complete: a word in it is what is written, not one with a tone left out."""

from __future__ import annotations

import pytest

from flows.understanding import understand
from tests.support.content import library

LEXICON = library().lexicon


@pytest.mark.parametrize(
    "text",
    [
        "người dân ở vùng này hiền lành lắm",
        "cứ theo đuổi đam mê thành công sẽ đến với bạn",
        "máy này dùng mau hết pin lắm chị ạ",
        "nhân viên tư vẫn nhiệt tình lắm nhé",
    ],
)
def test_a_level_tone_is_no_missing_tone_where_the_others_are_there(text: str) -> None:
    """`dân` is not `dần`, `đam` not `đâm`, `mau` not `máu`."""
    assert understand(text, LEXICON).action != "raise"


@pytest.mark.parametrize(
    "text", ["chong em danh em", "ho nhot em o day khong cho ve", "em bi ban sang ben kia", "cuu em voi"]
)
def test_tones_left_out_everywhere_cost_nothing(text: str) -> None:
    """Who types no tones is heard as well."""
    assert understand(text, LEXICON).action != "calm"


@pytest.mark.parametrize(
    "text", ["họ nhot em ở đây không cho về", "em bị bat cóc rồi cứu em", "chồng em danh em bằng gậy"]
)
def test_one_word_without_its_tone_is_still_heard(text: str) -> None:
    """`nhot` and `bat` cannot be without a tone, so it was left out."""
    assert understand(text, LEXICON).action != "calm"
