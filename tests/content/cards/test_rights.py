"""Rights cards: what the decree gives, it gives to some; each card says to whom, and where who is not sure can ask."""

from __future__ import annotations

import pytest

from tests.support import content as shared_content

LIBRARY = shared_content.library()
CONFIRMED, WAITING = "có giấy xác nhận", "đang chờ giấy"
ENTITLED = {
    "return.help-first": (WAITING,),
    "return.place": (CONFIRMED, WAITING),
    "return.health": (CONFIRMED, WAITING),
    "return.school": (CONFIRMED,),
    "return.work": (CONFIRMED,),
}
"""Who is given what (Article 37): needs and a doctor also while the paper is waited for, school and work after it."""


@pytest.mark.parametrize("card", ENTITLED)
def test_a_right_is_promised_to_who_is_entitled_to_it(card: str) -> None:
    """Whoever came home from work abroad does not ask the commune in vain."""
    text = LIBRARY.say(card).text
    assert "bị lừa, bị ép" in text.lower()
    assert tuple(words for words in (CONFIRMED, WAITING) if words in text) == ENTITLED[card]
    assert "Người trở về" not in text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("card", ENTITLED)
def test_who_is_not_sure_is_told_whom_to_ask(card: str, lang: str) -> None:
    """Legal aid in Viet Nam, citizen protection from elsewhere."""
    assert LIBRARY.say(card, lang).phones == ("18001233", "+84981848484")
