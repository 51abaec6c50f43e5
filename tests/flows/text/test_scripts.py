"""Letters of other scripts: what counts as mostly another script, whatever stands beside it."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.effects import OpenCase
from flows.text.scripts import mostly_other
from tests.flows.standings import Standing, said, standing, type_

OTHER = (
    *("สวัสดีค่ะ", "ສະບາຍດີ", "សួស្តី", "မင်္ဂလာပါ", "你好吗", "안녕하세요", "こんにちは", "привет как дела", "مرحبا", "नमस्ते"),
    *("chị ơi สวัสดีค่ะ ช่วย", "em ở 广东省 中国", "你能不能听我说 chị ơi", "한국 사람 ơi", "1. ສະບາຍດີ 🙂", "ສະບາຍດີ\nalo"),
)
LATIN = (
    *(
        "",
        "  ",
        "88",
        ".",
        "🆘🔒",
        "xin chào",
        "ｅｍ ｄｏｉ",
        "𝐞𝐦 đói",
        "сứu em với",
        "chị nói สวัสดี là gì",
    ),
    *("em đang đi chợ bên 中国",),
    *("Ngày mai em đi chợ mua 好吃 về cho con", "grüße aus københavn"),
)


@pytest.mark.parametrize("text", OTHER)
def test_more_of_it_is_in_another_script(text: str) -> None:
    """Also with a little Vietnamese, digits and signs beside it; a sign that is a syllable counts as two letters."""
    assert mostly_other(text)


@pytest.mark.parametrize("text", LATIN)
def test_latin_letters_in_any_dress_are_ours(text: str) -> None:
    """Wide and bold ones too, and a name or a word in another script among them."""
    assert not mostly_other(text)


@pytest.mark.parametrize("place", ["", "vn", "abroad", "abroad:KH"])
@pytest.mark.parametrize("text", OTHER)
def test_another_script_is_asked_about_with_the_numbers_at_once(text: str, place: str, content: Conversation) -> None:
    """As the first message and at any later one: one bubble with the numbers of where she is; no case is opened."""
    at_menu = standing(content, "Menu:menu", place=place)
    for her in (Standing().but(place=place, on_duty=True), at_menu, at_menu.but(lang="en")):
        after, effects = type_(content, her, text)
        (bubble,) = said(effects)
        assert after.session.state == "Cry:danger"
        assert bubble.phones == content.numbers(place, her.session.lang).phones
        assert [choice.value for choice in bubble.choices] == ["yes", "no", "unsure"]
        assert not any(isinstance(effect, OpenCase) for effect in effects)
        assert place == "vn" or "+84981848484" in bubble.phones


def test_a_second_message_we_cannot_read_is_for_a_human(content: Conversation) -> None:
    """Like a picture at the question: it may be all that she can send."""
    her, _ = type_(content, Standing().but(on_duty=True), "ສະບາຍດີ")
    after, effects = type_(content, her, "ຂ້ອຍຢູ່ເຮືອນ")
    assert [effect.level for effect in effects if isinstance(effect, OpenCase)] == [2]
    assert said(effects)[0] == content.emergency("", "vi")
    assert after.session.state == "Cry:danger"
