"""A number answers a question in any dress, and never where it counts something."""

from __future__ import annotations

import pytest

from flows.parsing.numbers import code_number_in, number_in

SECOND = (
    *("2", "2.", " 2 ", "02", "(2)", "2)", "[2]", "#2", "- 2", "2 -", "“2”", "2!", "2️⃣", "②", "❷", "２", "2 👍"),
    *("hai", "Hai ạ", "số 2", "so 2 a", "số hai", "câu 2", "câu số 2", "ý 2", "mục 2", "dòng 2", "phím 2", "nút 2"),
    *("chọn 2", "em chọn 2 ạ", "em chọn số 2", "con chọn 2", "bấm 2", "em bấm số 2", "nhấn 2", "gõ 2", "trả lời 2"),
    *("cái thứ hai", "cái thứ 2", "ý thứ hai ạ", "thứ nhì", "cho em 2", "cho em xem số 2", "đáp án 2", "lựa chọn 2"),
    *("2 ạ", "2 nhé", "2 nha chị", "2 đi chị", "2 chị ơi", "2, cảm ơn chị", "dạ 2", "vâng 2 ạ", "là 2", "em lấy số 2"),
)
NONE = (
    *(
        "2 đứa con em bị nhốt",
        "2 chị em",
        "2 mẹ con",
        "2 con",
        "con 2",
        "2 người",
        "2 tuổi",
        "2 năm",
        "2 triệu",
        "hai người",
    ),
    *(
        "chị hai",
        "cô hai ơi",
        "hai chị em",
        "ba ơi",
        "anh ba",
        "ba em",
        "ba mẹ",
        "ba đây",
        "ba đi rồi",
        "hỏi ba",
        "cho ba",
    ),
    *(
        "nam",
        "nam ạ",
        "năm ngoái",
        "sau",
        "câu sau",
        "hại",
        "tu",
        "bay",
        "1 hoặc 2",
        "1 2",
        "1,2",
        "113",
        "½",
        "2.5",
        "",
        "?",
    ),
    *("em ở nhà số 2", "tầng 2", "hai đi", "hai ơi", "sáng thứ hai", "2 lần"),
)


@pytest.mark.parametrize("typed", SECOND)
def test_a_number_is_heard_among_words_that_point_at_an_answer(typed: str) -> None:
    """In digits, in circles, in words, politely."""
    assert number_in(typed) == 2


@pytest.mark.parametrize("typed", NONE)
def test_a_number_beside_other_words_is_none(typed: str) -> None:
    """It counts people, years or money, or calls somebody."""
    assert number_in(typed) == 0


@pytest.mark.parametrize(
    ("typed", "number"), [("so nam", 5), ("câu bảy", 7), ("cau tam a", 8), ("số tư", 4), ("mục sáu", 6)]
)
def test_a_number_behind_a_word_that_counts_needs_no_tone(typed: str, number: int) -> None:
    """`so nam` is five, `nam` alone is a man."""
    assert number_in(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"), [("thứ hai", 0), ("thứ 4 ạ", 0), ("cái thứ hai", 2), ("thứ nhất", 1), ("2", 2)]
)
def test_where_a_time_is_asked_a_day_is_no_number(typed: str, number: int) -> None:
    """`thứ hai` is Monday."""
    assert number_in(typed, days=True) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("401", "401"), ("401.", "401"), ("402 ạ", "402"), ("em chọn số 401 ạ", "401"), ("4 0 1", "401")),
        *(("dạ 402, cảm ơn chị", "402"), ("số 401 đường Láng", ""), ("401 402", ""), ("1401", ""), ("đồng ý", "")),
    ],
)
def test_three_digits_are_heard_in_the_same_dress(typed: str, code: str) -> None:
    """What a referral asks her to answer with."""
    assert code_number_in(typed) == code
