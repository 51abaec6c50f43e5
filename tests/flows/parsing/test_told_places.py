"""Where she is, told inside a cry: taken only as said of herself, now, and of a country or a province."""

from __future__ import annotations

import pytest

from flows.engine.conversation import Conversation
from flows.model.facts import CaseSeen
from flows.parsing.told_places import place_told
from tests.flows.standings import said, standing, type_
from tests.support import content as shared

LIBRARY = shared.library()

TOLD = (
    *(("em đang ở campuchia bị nhốt cứu em", "abroad:KH"), ("cứu em với em ở cam bị đánh", "abroad:KH")),
    *(("cứu em, em bị bán sang ở myanmar", ""), ("chị ơi em đang bị nhốt ở bên lào", "abroad:LA")),
    *(("cứu em, em đang ở bên trung quốc", "abroad:CN"), ("em dang o campuchia bi nhot cuu em", "abroad:KH")),
    *(("mẹ ơi con đang ở dubai, con bị giữ hộ chiếu", "abroad:AE"), ("em bị bắt giữ tại myanmar", "abroad:MM")),
    *(("em ở mường chà điện biên bị chồng đánh", "vn"), ("cứu em, em đang ở điện biên", "vn"), ("con ở lào cai", "vn")),
    *(("em đang ở thái nguyên bị đánh", "vn"), ("cứu em em ở đài loan", "abroad:TW")),
    *(("em bị chủ nhốt ở đài loan", "abroad:TW"), ("em bị chồng giam ở hàn quốc", "abroad:KR")),
    *(("em ở lào không về được", "abroad:LA"), ("em ở thái lan chưa về nhà được", "abroad:TH")),
)
UNTOLD = (
    *("em ở trung tâm bị đánh", "bạn em ở campuchia bị nhốt", "chị em đang ở campuchia", "con gái em ở campuchia"),
    *("chồng em đang ở campuchia đòi đánh em", "em ở campuchia về bị chồng đánh", "nếu em ở campuchia bị nhốt thì sao"),
    *("em không ở campuchia", "em sắp bị bán sang campuchia", "nó ở điện biên", "em ở nhà bị đánh", "em ở trong rừng"),
    *("em họ ở đài loan bị nhốt", "em nó ở đài loan", "em từng ở lào không về được", "em không ở lào, chưa về được"),
    *("em bị bắt ở điện biên", "em bị lừa ở campuchia cứu em", "em bị bán ở lào"),
    *("em ở chợ mới bị đánh", "em ở an toàn", "em ở thái độ", "em ở với nó bên nhà", "hồi trước em ở lào bị nhốt"),
    *(
        "em ở campuchia à?",
        "cho em hỏi ở campuchia",
        "cứu em",
        "em trốn khỏi campuchia rồi",
        "gửi tiền cho em ở campuchia",
    ),
)


@pytest.mark.parametrize(("text", "place"), TOLD)
def test_where_she_says_she_is_is_heard(text: str, place: str) -> None:
    """With tones and without, among other words."""
    assert place_told(LIBRARY, LIBRARY.lexicon, text) == place


@pytest.mark.parametrize("text", UNTOLD)
def test_nothing_is_taken_from_other_people_other_times_and_other_words(text: str) -> None:
    """A wrong place would hide the numbers that work where she is."""
    assert place_told(LIBRARY, LIBRARY.lexicon, text) == ""


def test_a_cry_that_tells_a_country_brings_its_numbers_first(content: Conversation) -> None:
    """She is not asked where she is, and the case knows it."""
    after, effects = type_(content, standing(content, "Menu:menu"), "em đang ở campuchia bị nhốt cứu em")
    assert said(effects)[0].text == content.emergency("abroad:KH", "vi", after.session.situation).text
    assert after.session.place == "abroad:KH"
    assert after.session.state == "GetHelp:write_back"


def test_what_somebody_else_suffers_abroad_leaves_her_place_open(content: Conversation) -> None:
    """Her own numbers stay, and she is asked."""
    after, _ = type_(content, standing(content, "Menu:menu"), "cứu với, con gái em ở campuchia bị nhốt")
    assert (after.session.place, after.session.state) == ("", "GetHelp:where")


def test_she_may_have_been_brought_elsewhere_since(content: Conversation) -> None:
    """A new cry from another place is answered with the numbers of there."""
    her = standing(content, "GetHelp:queued", place="vn", case=CaseSeen("c1", "K7M2", 3))
    after, effects = type_(content, her, "cứu em, em đang ở campuchia bị nhốt")
    assert after.session.place == "abroad:KH"
    assert "+84" in said(effects)[0].text
