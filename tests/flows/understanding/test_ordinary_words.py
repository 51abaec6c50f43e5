"""Words of danger in ordinary talk: who does what to whom decides, and the same words said of herself are believed.

Each kind has messages that nobody is to be paged for, and beside them cries that use the same words.
"""

from __future__ import annotations

import pytest

from flows.understanding import understand
from tests.support.content import library

LEXICON = library().lexicon

ORDINARY = {
    "somebody else is beaten": (
        "con bé đầu ngõ bị bố nó đánh suốt",
        "chắc em đó bị chồng đánh nhiều nên mới sợ vậy",
        "thằng kia mà về là đánh vợ cho coi",
        "đánh cho nó một trận rồi đuổi ra khỏi làng đi mấy bác",
        "bà ấy mà về nhà là bị ổng đập chết",
    ),
    "hatred aimed at others": (
        "sao tụi nó không chết hết đi cho rồi",
        "loại đó thì tự tử đi cho rảnh nợ",
        "giết quách nó đi nuôi chi tốn cơm",
        "chém chết cả lũ đó cũng không oan",
        "nhốt nó càng lâu càng tốt cho xã hội",
    ),
    "prices that cut": (
        "ra biển ăn tô bún bị chém hai trăm nghìn",
        "quán đó chém đẹp lắm đừng vô",
        "giá phòng dịp lễ đúng là cắt cổ",
        "khách du lịch hay bị chặt chém lắm",
        "mình bị chém 300k tiền taxi",
    ),
    "games and football": (
        "team mình bị giết sạch trước phút thứ mười",
        "đang đi rừng thì bị nó giết, tức ghê",
        "đội mình bị đánh bại ngay vòng bảng",
        "vào game toàn bị bắn chết chán quá",
        "hậu vệ bị đâm vào lưng ngã lăn ra sân",
    ),
    "negation at a distance": (
        "chồng em chưa bao giờ đánh em hết",
        "anh ấy không hề đánh đập hay chửi bới gì em",
        "em không có bị nhốt đâu, em tự ở nhà thôi",
        "em chưa từng bị lừa bán đâu chị",
        "bạn em đâu có bị bắt, nó về quê mà",
    ),
    "what is not forgiven is no ransom": (
        "chuyện đó tôi không thể tha thứ được",
        "lần này nhất định không tha cho nó",
        "làm sai thì ra phường nộp phạt thôi",
        "mày xin lỗi thì chị mới tha lỗi cho",
        "cô giữ lớp lại mười một giờ mới cho về",
    ),
    "help with a thing": (
        "tư vấn giúp em với shop ơi",
        "kiểm tra đơn hàng giúp mình với",
        "cứu mình khỏi môn triết với mọi người",
        "trời ơi ai cứu cái mạng nhà tôi với",
        "chọn size giúp em nhanh nhé",
    ),
    "whoever saved somebody": (
        "bác sĩ đã cứu tôi qua cơn nguy kịch",
        "cảm ơn các anh đã cứu con em hôm lũ",
        "bả cứu người là giỏi rồi chê gì nữa",
        "mẹ nào chẳng liều mình để cứu con mình",
        "nhạc của anh cứu em những ngày buồn",
    ),
    "love that locks up": (
        "xin nhốt em vào trong tim anh mãi",
        "giam tôi trong nỗi nhớ của người đi",
        "bắt cóc em về nuôi đi anh ơi",
        "trói em lại bằng tình yêu của anh",
        "sao ngày đó không giữ em lại đi anh",
    ),
    "more than is meant": (
        "cười muốn chết với thằng nhóc này",
        "đợi đồ ăn lâu đói sắp chết rồi shop",
        "bài khó quá làm em muốn chết",
        "xinh vậy ai chịu nổi, chết mất thôi",
        "về trễ là má giết tôi luôn đó",
    ),
    "with laughter": (
        "mẹ mà biết điểm chắc mẹ sẽ giết em mất =))",
        "nó nhốt em trong nhà bắt học bài haha",
        "cứu tui với cười đau bụng quá 😂😂",
        "em muốn chết vì ngại luôn á :))",
        "tôi đang trốn bà chị đòi nợ trà sữa hihi",
    ),
    "amounts that look like an age": (
        "vay 7t mua xe giờ bị mất trộm",
        "bỏ ra 15t mua máy về bị gạt",
        "lương 8t bị trừ còn có 5t",
        "mua con này 9t có bị lừa không",
        "tiền nhà 12t bị chủ đòi miết",
    ),
    "goods that are sold and kept": (
        "họ bán cho em cái máy lỗi rồi không đổi",
        "mình bị họ bán giá cao hơn chỗ khác",
        "trung tâm bảo hành giữ máy của mình nửa tháng",
        "shop bán em con máy dựng mà nói hàng mới",
        "bán con này năm triệu có ai mua không",
    ),
    "news and famous people": (
        "công an bắt đối tượng đánh vợ nhập viện",
        "diễn viên ấy bị chồng cũ dọa giết nhiều lần",
        "cô gái bị lừa bán sang biên giới mười năm mới về",
        "cảnh sát giải cứu mấy cô bị ép bán dâm",
        "hoa hậu kia bị tống tiền bằng clip nóng",
    ),
    "accidents and animals": (
        "hôm qua bị xe máy đâm gãy chân",
        "hồi nhỏ tôi hay bị ngỗng rượt chạy trối chết",
        "ông hàng xóm bị ô tô đâm vào đang nằm viện",
        "bị chó đuổi theo té trầy hết gối",
        "cắm sạc mà bị giật điện tê cả tay",
    ),
    "bullied is no rape": (
        "đi học toàn bị tụi lớp trên ăn hiếp",
        "thấy hiền nên bị người ta ăn hiếp hoài",
        "ngày nào cũng bị anh trai ức hiếp giành ti vi",
        "người già neo đơn hay bị hà hiếp",
    ),
    "moods and leave-taking": (
        "tạm biệt cả nhà mai gặp lại nha",
        "muốn trốn đi thật xa vài hôm cho khuây",
        "không muốn sống chung với mẹ chồng nữa chị ạ",
        "nghe bài này khóc suốt cả đêm",
        "chán sống hay sao mà chạy xe kiểu đó",
    ),
    "nobody is named at the wrong end": (
        "phải nhốt lại chứ để nó phá nhà người ta",
        "cầm dao chặt xương mỏi hết cả tay",
        "đốt nhà người ta xong xin lỗi là xong à",
        "thấy một người bị trói vào giường bệnh",
        "có bị đe dọa thì ra tín hiệu đi bạn",
    ),
}

CRIES = {
    "somebody else is beaten": (
        "nó đang đánh em",
        "chồng em đánh em suốt",
        "chồng cũ đánh con tôi",
        "em bị chồng bạo hành",
    ),
    "hatred aimed at others": (
        "em muốn chết cho rồi",
        "em định tự tử tối nay",
        "nó dọa giết em",
        "họ nhốt em trong này",
    ),
    "prices that cut": ("chồng em chém em", "em bị nó chém vào tay", "nó dọa cắt cổ em", "ổng dí dao vào cổ em"),
    "games and football": ("nó đòi giết em", "em sợ bị họ giết", "nó đang đập đầu em", "chồng đâm em"),
    "negation at a distance": (
        "chồng em đánh chứ không phải chỉ mắng",
        "họ đánh em, không cho em về",
        "em bị nhốt không ai biết",
        "em bị lừa bán không về được",
    ),
    "what is not forgiven is no ransom": (
        "họ không thả em",
        "nó bảo nộp 50 triệu mới thả em",
        "họ đòi nhà em tiền chuộc",
        "em xin mãi mà chúng không chịu thả",
    ),
    "help with a thing": ("cứu em với", "giúp em với", "ai cứu tôi với", "giúp em thoát khỏi đây"),
    "whoever saved somebody": ("cứu con em với", "cứu tôi, nó sắp về", "làm ơn cứu em", "cứu tụi em"),
    "love that locks up": (
        "em bị nhốt",
        "nó trói em trong nhà",
        "họ giữ em không cho về",
        "họ bắt cóc em gái tôi",
    ),
    "more than is meant": (
        "em không muốn sống nữa",
        "em sắp chết rồi cứu em",
        "chồng em đòi giết em",
        "em chỉ muốn chết quách cho xong",
    ),
    "with laughter": ("nó nhốt em trong nhà", "nó sẽ giết em mất", "cứu tui với", "em đang trốn họ"),
    "amounts that look like an age": (
        "em 15 tuổi bị ép lấy chồng",
        "con em 13 tuổi bị người lạ dụ đi",
        "e 14t bi ep di lam",
        "em gái em 16 tuổi bị lừa sang bên kia",
    ),
    "goods that are sold and kept": (
        "họ bán em sang trung quốc",
        "em bị bán cho người ta",
        "chúng giữ hộ chiếu của em",
        "nó dọa bán em",
    ),
    "news and famous people": (
        "em bị ép bán dâm",
        "em bị lừa bán sang bên kia biên giới",
        "nó dọa tung ảnh nóng của em",
        "chồng cũ dọa giết em",
    ),
    "accidents and animals": ("em bị họ rượt theo", "nó dí điện em", "bị nó đánh gãy tay", "em bị nó đâm vào bụng"),
    "bullied is no rape": ("em bị hiếp", "ông ta cưỡng hiếp em", "em bị nó làm nhục", "bố dượng hiếp em"),
    "moods and leave-taking": (
        "em đang trốn trong rừng",
        "vĩnh biệt mọi người em đi đây",
        "em chán sống lắm rồi",
        "em không thiết sống nữa",
    ),
    "nobody is named at the wrong end": (
        "họ trói em vào giường",
        "nó cầm dao đuổi em",
        "chồng em tưới xăng đòi đốt nhà",
        "em bị họ đe dọa",
    ),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in ORDINARY.items() for text in texts])
def test_ordinary_words_of_danger_are_not_believed(kind: str, text: str) -> None:
    """They may be asked about, but nobody is paged."""
    meaning = understand(text, LEXICON)
    assert meaning.action != "raise", (kind, meaning.rule)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in CRIES.items() for text in texts])
def test_the_same_words_said_of_herself_are_believed(kind: str, text: str) -> None:
    """She is the one it happens to: believed, with no question before it."""
    meaning = understand(text, LEXICON)
    assert meaning.action == "raise", (kind, meaning)


def test_every_kind_stands_beside_its_cry() -> None:
    """A mended kind that has no cry beside it could have been mended by deafness."""
    assert ORDINARY.keys() == CRIES.keys()
    assert all(len(texts) >= 4 for texts in (*ORDINARY.values(), *CRIES.values()))
