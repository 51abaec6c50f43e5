"""Which situation a message is of: by its rules, by its own words, and by whom it is told of."""

from __future__ import annotations

import pytest

from flows.parsing.situations import matcher_of
from flows.understanding import understand
from tests.support import content

LIBRARY = content.library()
HEARD = {
    "self_harm": ("em uống thuốc sâu rồi", "em uong thuoc sau roi", "bạn gái em uống thuốc sâu"),
    "despair": ("em không muốn sống nữa", "em muon chet"),
    "rape": ("em bị hiếp đêm qua", "tối qua nó hiếp em", "em bi cuong hiep"),
    "child": (
        "em 14 tuổi bị bố dượng làm chuyện đó",
        "chú sờ em, em 12 tuổi",
        "cháu bị bố đánh",
        "cháu 10 tuổi bố đánh cháu",
    ),
    "child_told": ("con gái tôi 15 tuổi bị hiếp",),
    "child_marriage": ("em 15 tuổi bị ép lấy chồng", "bố mẹ ép em lấy chồng em 14 tuổi"),
    "child_marriage_told": ("con gái em 13 tuổi đòi lấy chồng", "con gai em 13 tuoi doi lay chong"),
    "home": (
        "chồng đang đánh em cứu em với",
        "chồng em uống rượu đánh em",
        "chồng nhốt em trong phòng",
        "con bị mẹ chồng đánh",
    ),
    "held": ("họ nhốt em", "em bị nhốt ở đài loan", "em và bạn em bị nhốt ở campuchia", "em bị bán sang trung quốc"),
    "compound": ("em bị bắt lừa đảo ở casino", "trong công ty bắt em gọi điện lừa người ta"),
    "somebody_else": ("bạn em bị nhốt ở campuchia", "con em mất tích", "cứu bạn em với", "chị hàng xóm bị chồng đánh"),
    "": ("cứu em với", "giúp với", "nó cầm dao đòi giết em", "em họ rủ sang lào làm", "tảo hôn là gì"),
}


def situation(text: str, *known: str) -> str:
    """Return the situation of a message."""
    rule = understand(text, LIBRARY.lexicon).rule
    return matcher_of(LIBRARY.lexicon, LIBRARY.situation_table).situation(text, rule, known=frozenset(known))


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in HEARD.items() for text in texts])
def test_a_message_is_of_its_situation(name: str, text: str) -> None:
    """With tones or without, told of herself or of somebody else."""
    assert situation(text) == name


def test_every_situation_is_heard_in_some_words() -> None:
    """No row of the table is dead."""
    assert set(HEARD) == {"", *LIBRARY.situations}


def test_whoever_is_known_to_be_a_child_is_one_in_every_cry() -> None:
    """In the corner of the young a cry needs no age; what a child says of suicide keeps its own words."""
    assert situation("cứu em với", "child") == "child"
    assert situation("em không muốn sống nữa", "child") == "despair"


def test_a_mother_with_a_child_is_no_child() -> None:
    """An age that is her child's does not make her one, and blows at home stay what they are."""
    assert situation("em có con 7 tuổi, chồng đánh em, cứu em") == "home"


def test_a_long_message_is_of_the_rule_that_decided() -> None:
    """A tale of many people is not searched for whom it tells of."""
    tale = "hôm ấy bạn em bị bố đánh. " * 30
    assert situation(f"{tale} em uống thuốc sâu rồi") in ("self_harm", "")
    assert situation(tale) != "somebody_else"
