"""Mistakes of wording, law, shelves, languages and areas, planted together in one copy: each is told with its cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.findings import Finding
from content.loader import findings, style
from tests.support.content import copy_content

Plant = tuple[str, str, str, str, str]


def spoil(root: Path, plants: list[Plant]) -> None:
    """Plant every mistake; each replaces one text in one file."""
    for file, old, new, *_ in plants:
        path = root / file
        text = path.read_text("utf-8")
        assert text.count(old) >= 1, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")


def told(found: list[Finding], file: str, wrong: str, right: str) -> list[Finding]:
    """Return the findings of a file that say what is wrong and what would be right."""
    return [one for one in found if one.file == file and wrong in one.message and right in one.remedy]


WHOLE: dict[str, Plant] = {
    "promise": (
        "cards/vi/signs.yaml",
        "Giấy tờ là của bạn.",
        "Mình sẽ cứu bạn.",
        'says "mình sẽ cứu"',
        "somebody reads",
    ),
    "secrecy": (
        "cards/vi/basics.yaml",
        "Bạn thôi lúc nào cũng được.",
        "Không ai biết đâu.",
        'says "không ai biết"',
        "who can read",
    ),
    "blame": ("cards/vi/livelihood.yaml", "Bạn không có lỗi.", "Lẽ ra bạn nên hỏi.", 'says "lẽ ra"', "nobody"),
    "fear": (
        "cards/vi/tricks.yaml",
        "Họ bảo đi đường mòn",
        "Chuyện kinh hoàng: họ bảo đi đường mòn",
        'says "kinh hoàng"',
        "no horror",
    ),
    "safety": ("cards/en/checks.yaml", "You decide.", "You will be safe.", 'says "you will be safe"', "never promise"),
    "victims": ("cards/en/family.yaml", "Whoever comes back is", "Victims are", 'says "victims"', "tricked or forced"),
    "capitals": (
        "cards/vi/leaving.yaml",
        "Đừng đưa ai giữ hộ.",
        "ĐỪNG đưa ai giữ hộ.",
        'shouts "ĐỪNG"',
        "small letters",
    ),
    "emphasis": (
        "cards/en/leaving.yaml",
        "Tell nobody on the trip.",
        "Tell **nobody** on the trip.",
        "the emphasis",
        "plain text",
    ),
    "breath": ("cards/vi/returning.yaml", "Làm từng giấy một, không phải vội.", "Làm " * 41, "41 words", "at most 40"),
    "amount": ("cards/vi/tricks.yaml", "trả công cao", "trả công 5 triệu", 'the amount "5 triệu"', "law.yaml"),
    "article": (
        "cards/vi/rights.yaml",
        "Địa chỉ được giữ kín.",
        "Xem Điều 17.",
        'the article of law "Điều 1',
        "law.yaml",
    ),
    "figure": ("cards/vi/family.yaml", "một bữa cơm chung", "12 bữa cơm chung", "the figure 12", "law.yaml"),
    "unknown fact": (
        "cards/vi/checks.yaml",
        "{law:broker.japan-thailand}",
        "{law:broker.japan}",
        '"broker.japan"',
        "law.yaml",
    ),
    "fact without words": (
        "cards/en/rights.yaml",
        "{law:insurance.time}",
        "{law:support.amounts}",
        "no words in en",
        "ask",
    ),
    "no lawyer": (
        "cards/vi/youth.yaml",
        "needs_review: [safety, fact, legal, language, audio]",
        "needs_review: [safety, language]",
        "no legal review",
        "add legal",
    ),
    "no act": (
        "law.yaml",
        '    act: decree.trafficking\n    article: "17"\n',
        "",
        '"shelter.days" names no act',
        "article",
    ),
    "unread fact": (
        "law.yaml",
        "source: [PBGDPL]",
        "source: [MOCK120]",
        '"insurance.time" is verified without',
        "unverified",
    ),
    "no title": (
        "cards/vi/home.yaml",
        'title: "Thoát nhanh"',
        'title: ""',
        'title of "safe.quick-exit" (vi) has 0',
        "listed",
    ),
    "same title": ("cards/vi/home.yaml", 'title: "Chuẩn bị sẵn"', 'title: "Khi buồn quá"', "the same title", "rename"),
    "unknown shelf": (
        "cards/vi/stuck.yaml",
        "also: [family]",
        "also: [families]",
        'unknown shelf "families"',
        "shelves.yaml",
    ),
    "two ways": (
        "shelves.yaml",
        "typed: [documents]",
        "typed: [before_you_go]",
        '"before_you_go" leads to',
        "one shelf",
    ),
    "room": (
        "cards/en/shelves.yaml",
        '"Start here", value: basics',
        '"Begin", value: basics',
        'not offer "Start here"',
        "own name",
    ),
    "province": ("services/vn.yaml", 'province: "92"', 'province: "94"', "a province 94", "areas.yaml"),
    "map": ("areas.yaml", "old: [Hà Giang]", "old: []", "hold 62 old ones", "202/2025"),
    "commune gone": (
        "administrative_units.csv",
        "03172,11,Xã Na Sang\n",
        "",
        "34 provinces with 3320 communes, not 34 with 3321",
        "newest decision",
    ),
    "commune of nowhere": (
        "administrative_units.csv",
        "03646,14,",
        "03646,13,",
        '"03646" is no unit',
        "newest decision",
    ),
    "former commune of nowhere": (
        "former_units.csv",
        "Huyện Nậm Pồ,11",
        "Huyện Nậm Pồ,13",
        '"Huyện Nậm Pồ" lies in no unit',
        "code of a unit of today",
    ),
    "recall": (
        "cards/vi/tricks.yaml",
        "    code: TRK-03",
        "    status: recalled\n    code: TRK-03",
        "no day and no reason",
        "because",
    ),
}


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """The findings of a copy with every mistake in it."""
    root = copy_content(tmp_path_factory.mktemp("spoilt"))
    spoil(root, list(WHOLE.values()))
    return findings(root)


@pytest.mark.parametrize("name", WHOLE)
def test_a_planted_mistake_is_told_with_its_cure(name: str, spoilt: list[Finding]) -> None:
    """File, a line, what is wrong and what would be right; and it stops the service."""
    file, _, _, wrong, right = WHOLE[name]
    matching = told(spoilt, "shelves.yaml" if name == "two ways" else file, wrong, right)
    assert matching, [str(found) for found in spoilt if found.file == file]
    assert all(found.line >= 1 and found.severity == "structure" for found in matching)


STYLE: dict[str, Plant] = {
    "office word": (
        "cards/vi/signs.yaml",
        "Khi thấy an toàn, bạn nhắn cho mình.",
        "Hãy thực hiện ngay.",
        '"thực hiện"',
        "plainly: làm",
    ),
    "long screen": (
        "cards/vi/home.yaml",
        "bạn tự xóa đoạn chat.",
        "bạn tự xóa. " + "Nhớ xóa luôn các tin nhắn cũ và xem lại phần thông báo ở màn hình. " * 2,
        "aim at 250",
        "one thought",
    ),
    "long breath": (
        "cards/en/basics.yaml",
        "take it slowly.",
        "take it slowly " + "and slowly " * 12 + ".",
        "words in",
        "at most 22",
    ),
    "many sentences": (
        "cards/vi/family.yaml",
        "ngồi bên cạnh là đủ.",
        "ngồi bên. Rồi chờ. Rồi nghe. Rồi về.",
        "6 sentences",
        "at most 5",
    ),
}


def test_what_could_be_easier_to_read_is_told_and_stops_nothing(tmp_path: Path) -> None:
    """Style is no mistake: the content loads, and editors see each place."""
    root = copy_content(tmp_path)
    spoil(root, list(STYLE.values()))
    assert findings(root) == []
    found = style(root)
    for name, (file, _, _, wrong, right) in STYLE.items():
        matching = [
            one for one in found if one.file == file and wrong in f"{one.message} {one.remedy}" and right in one.remedy
        ]
        assert matching, (name, [str(one) for one in found])
        assert {one.severity for one in matching} == {"style"}


SHAPES: dict[str, Plant] = {
    "code": ("cards/vi/tricks.yaml", "code: TRK-01", "code: TRK01", '"code"', "text"),
    "action": ("cards/vi/checks.yaml", "action: job_check", "action: job_checks", '"action"', "job_check"),
    "status": ("languages.yaml", "status: complete", "status: finished", '"status"', "no text yet"),
    "iso": ("languages.yaml", "iso: khm", "iso: km", '"iso"', "text"),
    "measure": ("reading.yaml", "aim: 250", "aim: many", '"screen"', "text"),
    "border": ("areas.yaml", "borders: [CN, LA]", "borders: [China]", '"borders"', "text"),
    "room": ("shelves.yaml", "    room: offers\n", "", '"room" is missing', "room"),
    "day of a law": ("law.yaml", 'in_force: "2026-01-01"', 'in_force: "soon"', '"in_force"', "text"),
    "reason of a recall": (
        "cards/vi/home.yaml",
        "code: VIO-01",
        'code: VIO-01\n    recalled: {since: "2026-11-25"}',
        "because",
        "",
    ),
}


@pytest.fixture(scope="module")
def misshapen(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """The findings of a copy in which fields do not fit."""
    root = copy_content(tmp_path_factory.mktemp("misshapen"))
    spoil(root, list(SHAPES.values()))
    return findings(root)


@pytest.mark.parametrize("name", SHAPES)
def test_a_field_that_does_not_fit_is_told_on_its_line(name: str, misshapen: list[Finding]) -> None:
    """Every file of the folder is read as strictly as the cards."""
    file, _, new, wrong, right = SHAPES[name]
    matching = told(misshapen, file, wrong, right)
    assert matching, [str(found) for found in misshapen if found.file == file]
    assert matching[0].line > 1 or not new


def test_what_we_ship_is_easy_to_read() -> None:
    """Two texts are longer than the aim: the two languages of an agreement that must say everything at once."""
    assert {finding.message.partition(" has ")[0] for finding in style()} <= {
        'the card "agree_offer" (vi)',
        'the card "agree_offer" (en)',
    }
