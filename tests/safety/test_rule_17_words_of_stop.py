"""Rule 17, the words: dừng, stop, thoát, xx and clear misspellings; 88 and a dot are silent; dung is never stop."""

from __future__ import annotations

import pytest

from flows.understanding import understand
from tests.support import content

LEXICON = content.library().lexicon


@pytest.mark.parametrize(
    "text",
    [
        "dừng",
        "Dừng",
        "DỪNG",
        "dừng lại",
        "dừng ạ",
        "dừng đi",
        "dừng nhắn tin",
        "duwngf",
        "dunwgf",
        "dừngg",
        "dừnggggg",
        "stop",
        "STOP",
        "Stop.",
        "stopp",
        "sotp",
        "stpo",
        "stoop",
        "stop ạ",
        "ngừng",
        "đừng nhắn nữa",
        "đừng gửi tin nữa",
        "hủy đăng ký",
        "huy dang ky",
        "unsubscribe",
        "Stop. Thank you",
        "please stop, thanks",
        *("dừng, cảm ơn", "hủy. cảm ơn", "huỷ cám ơn bạn", "cảm ơn, dừng nhé", "cảm ơn chị dừng nhé ạ"),
        *("dừng nhé cảm ơn chị", "dừng cam on", "ngừng tin nhắn cảm ơn nhiều", "stop cảm ơn"),
        "từ chối nhận tin",
        "em từ chối nhận tin nhắn ạ",
    ],
)
def test_stop_is_stop_in_every_clear_spelling(text: str) -> None:
    """She is believed at once."""
    assert understand(text, LEXICON).command == "stop"


@pytest.mark.parametrize(
    "text",
    [
        *("thoát", "thoat", "THOÁT", "thoáttt", "thoats", "thoát ạ", "thoát ngay", "thoat nhanh"),
        *("xx", "XX", "xX", "xxx", "xxxx", "xx ", "exit", "quick exit"),
    ],
)
def test_leaving_quickly_works_in_every_clear_spelling(text: str) -> None:
    """The quick exit answers nothing of her matter."""
    meaning = understand(text, LEXICON)
    assert (meaning.command, meaning.level) == ("quick_exit", 0)


@pytest.mark.parametrize("text", [".", " . ", "..", ". .", "88", " 88 ", "88."])
def test_eighty_eight_and_a_lone_dot_are_the_silent_call(text: str) -> None:
    """They ask a neutral 1/2 and are never stop."""
    assert understand(text, LEXICON).command == "silent_call"


@pytest.mark.parametrize(
    "text",
    ["dung", "DUNG", "Dung", "dung cam on", "dung lai", "dung ạ", "dung nhan nua", "đung", "dưng", "dungg"],
)
def test_dung_without_its_tone_is_never_stop(text: str) -> None:
    """It may be dừng, đúng, đừng or dùng: the flow decides what to ask."""
    assert understand(text, LEXICON).command == "dung"


@pytest.mark.parametrize("text", ["đúng", "đúng rồi", "dùng", "đừng", "dùng thuốc", "đừng lo", "số 88 đường trần phú"])
def test_words_with_their_tones_are_what_they_say(text: str) -> None:
    """Yes is yes, use is use: no command at all."""
    assert understand(text, LEXICON).command is None


THANKS = [
    *("cảm ơn", "cảm ơn chị nhiều", "không, cảm ơn", "cảm ơn anh đã dừng xe cho em", "em cảm ơn, mai em hỏi tiếp"),
    *("thanks", "thôi cảm ơn", "cảm ơn chị hủy lịch giúp em"),
]


@pytest.mark.parametrize("text", THANKS)
def test_thanks_alone_or_in_a_story_are_no_order(text: str) -> None:
    """Only what is an order by itself is one with thanks."""
    assert understand(text, LEXICON).command is None


@pytest.mark.parametrize(
    "text", ["dừng đánh em", "nó không dừng nó đánh em", "cứu em thoát khỏi đây", "stop he is beating me"]
)
def test_a_cry_that_holds_a_command_word_is_a_cry(text: str) -> None:
    """Help goes before orders: no stop, and danger is believed or asked about."""
    meaning = understand(text, LEXICON)
    assert meaning.command is None
    assert meaning.action != "calm"
