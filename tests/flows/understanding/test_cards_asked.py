"""Greetings, thanks, questions about us and the field's own names: each kind, however it is typed, has its own card."""

from __future__ import annotations

import pytest

from flows.text.letters import fold
from flows.understanding import Meaning, understand
from tests.support.content import library

LIBRARY = library()

ASKED = {
    "greeted": ("xin chào", "Chào chị ạ", "dạ em chào cô", "alo alo", "hello ad", "chị ơi", "hế lô", "cho em hỏi"),
    "thanked": (
        "cảm ơn",
        "cám ơn chị nhiều",
        "dạ em cảm ơn ạ",
        "tks ad",
        "em hiểu rồi, cảm ơn chị",
        "thank you so much",
    ),
    "goodbye": ("tạm biệt", "bye chị", "chúc ngủ ngon ạ"),
    "explained": ("không hiểu", "em không hiểu ạ", "là sao ạ", "sao không trả lời"),
    "safe.real-us": ("bạn có phải lừa đảo không", "trang này có thật không ạ"),
    "newcomer": ("ai nhắn gì đây", "tin này của ai", "vợ tôi đâu", "nó nhắn gì cho mày", "mày nhắn với ai"),
    "safe.what-we-keep": ("có lưu tin nhắn không", "tin nhắn lưu ở đâu"),
    "agreed_with": ("ok", "oke chị", "dạ vâng ạ", "uk", "được rồi ạ", "em biết rồi", "ok 👍"),
    "basic.who-we-are": (
        "bạn là ai",
        "bạn tên gì vậy",
        "đây là trang gì",
        "ai đấy",
    ),
    "basic.who-reads": (
        "ai đọc tin này",
        "có ai đọc được tin không",
        "tin này có ai biết không",
        "có giữ bí mật không",
    ),
    "safe.who-sees": ("chồng em có đọc được không", "mẹ chồng có xem được tin này không", "lỡ chồng đọc được thì sao"),
    "basic.who-is-told": ("công an có biết không", "xã có biết không ạ", "bạn có báo công an không"),
    "basic.no-name": ("có mất tiền không", "nhắn tin này mất tiền không", "hỏi có tốn phí không", "miễn phí không ạ"),
    "right.trusted-address": ("địa chỉ tin cậy", "địa chỉ tin cậy là gì", "cho em hỏi địa chỉ tin cậy ở đâu ạ"),
    "right.shelter": ("nhà tạm lánh", "có nhà tạm lánh không ạ", "nhà tạm lánh ở đâu"),
    "return.osso": ("OSSO", "osso là gì", "văn phòng osso ở đâu ạ"),
    "basic.village-group": ("tổ truyền thông", "tổ truyền thông cộng đồng là gì", "em muốn vào tổ truyền thông"),
    "basic.womens-union": ("hội phụ nữ xã", "tìm hội phụ nữ", "hội liên hiệp phụ nữ ở đâu", "hội lhpn xã"),
    "basic.police-and-border": ("biên phòng", "công an", "đồn biên phòng ở đâu ạ", "công an xã ở đâu"),
    "basic.what-it-is": ("mua bán người là gì", "buôn người là gì", "thế nào là mua bán người"),
    "check.marriage-centre": ("trung tâm tư vấn kết hôn với người nước ngoài của hội ở đâu",),
    "check.no-fee-places": (
        "đi nhật hết bao nhiêu tiền",
        "đi nhật chi phí bao nhiêu",
        "đi thái mất bao nhiêu tiền",
    ),
    "offer.fees": ("bao nhiêu tiền", "còn bao nhiêu tiền?", "phí môi giới bao nhiêu", "đi hàn quốc hết bao nhiêu tiền"),
    "leave.contract": ("lương bên đài loan bao nhiêu", "lương ở hàn bao nhiêu một tháng"),
    "safe.too-sad": ("em buồn lắm", "em khổ quá", "em tủi thân lắm chị"),
}
DRESSES = {
    "as it is": str,
    "toneless": fold,
    "in capitals": str.upper,
    "polite": "dạ {}".format,
    "asked": "{}?".format,
}

ROWS = [(card, text, dress) for card, texts in ASKED.items() for text in texts for dress in DRESSES]


def heard(text: str) -> Meaning:
    return understand(text, LIBRARY.lexicon)


@pytest.mark.parametrize(("card", "text", "dress"), ROWS)
def test_each_kind_of_question_has_its_card_however_it_is_typed(card: str, text: str, dress: str) -> None:
    """With and without tones, in capitals, with polite endings; believed as danger by nothing."""
    meaning = heard(DRESSES[dress](text))
    assert meaning.card == card, meaning
    assert meaning.action != "raise"
    assert not meaning.numbers


@pytest.mark.parametrize("sign", ["👍", "👍👍👍", "👍🏻", "👍 👍🏽", "❤️", "😊", "🌹🌹"])
def test_a_kind_sign_alone_is_a_yes(sign: str) -> None:
    """Once or over and over, in any colour; two different ones may be somebody's key, and say nothing."""
    assert heard(sign).card == "agreed_with"
    assert heard(f"{sign}🐔").card == ""
    assert heard(f"dừng {sign}").command == "stop"
    assert heard(f"cứu em với {sign}").action == "raise"


@pytest.mark.parametrize(
    "text",
    [
        "em bị nhốt, gọi công an giúp em",
        "chị ơi em bị đánh",
        "alo cứu em với",
        "cảm ơn chị, nó đang cầm dao",
        "em đang ở nhà tạm lánh nó tìm tới nơi đòi giết em",
        "hội phụ nữ ơi cứu em",
        "em bị mua bán người",
        "chào chị em muốn chết",
        "ok em sẽ uống thuốc sâu",
        "tạm biệt mọi người, em không muốn sống nữa",
        "vĩnh biệt cả nhà em đi đây",
    ],
)
def test_a_courtesy_or_a_name_hides_no_cry(text: str) -> None:
    """What stands beside them is danger as it would be alone."""
    assert heard(text).action in ("raise", "ask"), text
    assert heard(text).level >= 3, text


@pytest.mark.parametrize(
    "text",
    [
        "công an xã họp dân tối nay",
        "hội phụ nữ giúp em vay vốn nuôi bò",
        "em gửi chị danh sách tổ truyền thông",
        "bộ đội biên phòng tập huấn ở xã",
        "số điện thoại hội phụ nữ tỉnh",
        "cảm ơn chị, em muốn học nghề may",
        "chào chị em muốn hỏi làm căn cước",
        "con gà nhà em bị ốm",
    ],
)
def test_words_that_only_hold_such_a_name_open_no_card_of_it(text: str) -> None:
    """Another subject beside the name leads there."""
    assert heard(text).card == "", text
