"""Pleas of a few words, with nothing in them of what it is about, are asked about; help with a thing is not."""

from __future__ import annotations

import pytest

from flows.understanding import understand
from tests.support.content import library

LEXICON = library().lexicon

BARE = (
    *(
        "giúp với",
        "giup voi",
        "giups vowis",
        "giúp vs",
        "Giúp với ạ!",
        "chị ơi giúp với",
        "ai giúp với",
        "giúppp vớiiii",
    ),
    *("em ở mường chà điện biên cần giúp", "em o muong cha dien bien can giup", "em ở nậm pồ cần giúp đỡ"),
    *(
        "xin giúp đỡ",
        "xin giup do",
        "xin chị giúp đỡ em",
        "nhờ chị giúp",
        "em sợ",
        "e so",
        "em sợ ạ",
        "bao giờ em được về",
    ),
    *("em lạc đường", "em lac duong", "em bị lạc đường rồi", "em đau quá", "em dau qua", "đau lắm chị ơi"),
    *("kuv xav tau kev pab", "pab kuv", "Pab kuv os", "cawm kuv", "thov pab kuv"),
)
ABOUT_A_THING = (
    *("giúp em đăng ký với", "giúp mình với bài tập này", "cần giúp làm căn cước", "em cần giúp vay vốn"),
    *(
        "không cần giúp",
        "không cần giúp đỡ đâu",
        "xin hỗ trợ vay vốn",
        "em sợ muộn",
        "em đau bụng quá",
    ),
    *("bao giờ em được về quê ăn tết", "bài này cần giúp", "em mới về nước cần giúp", "đường này em hay lạc"),
)


@pytest.mark.parametrize("text", BARE)
def test_a_bare_plea_is_asked_about_at_least(text: str) -> None:
    """Wherever she writes from, an old name of a place included, and in the few words of Hmong that are known."""
    meaning = understand(text, LEXICON)
    assert meaning.action in ("ask", "raise")
    assert meaning.level >= 3


@pytest.mark.parametrize("text", ABOUT_A_THING)
def test_help_with_a_thing_is_no_plea(text: str) -> None:
    """Homework, papers, loans and a stomach are not asked about."""
    assert understand(text, LEXICON).action == "calm"
