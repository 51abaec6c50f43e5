"""Mistakes of tone, planted together in one copy: each is told with its file, its line and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.checks.tone import tone_findings
from content.findings import Finding
from content.loader import gather
from tests.content.checks.test_planted_content import Plant, spoil
from tests.support.content import copy_content

PLANTS: dict[str, Plant] = {
    "a question that asks nothing": (
        "cards/vi/checker.yaml",
        "Họ có giục quyết ngay, hoặc dặn giấu gia đình không?",
        "Họ giục quyết ngay, hoặc dặn giấu gia đình?",
        "asks nothing",
        "không, chưa or phải không",
    ),
    "a thing to do that is told, not asked": (
        "cards/vi/checklist.yaml",
        "Bạn đã hẹn giờ gọi về nhà chưa?",
        "Bạn đã hẹn giờ gọi về nhà?",
        "asks nothing",
        "chưa",
    ),
    "a question that reads as advice": (
        "cards/vi/youth_track.yaml",
        "Em có nên gửi không?",
        "Có người xin ảnh riêng của em thì nên gửi?",
        "reads as advice",
        "có nên … không?",
    ),
    "a label in which she is the notebook": (
        "cards/vi/returning_home.yaml",
        '{label: "Vay vốn", value: loan}',
        '{label: "Mình muốn vay", value: loan}',
        'the label "Mình muốn vay"',
        "“tôi”",
    ),
    "a title in which she is the notebook": (
        "cards/vi/livelihood.yaml",
        'title: "Học nghề"',
        'title: "Mình học nghề"',
        'the label "Mình học nghề"',
        "“tôi”",
    ),
    "a word nobody says": (
        "cards/vi/leaving.yaml",
        "vài câu tiếng của nơi đó",
        "vài câu tiếng sở tại",
        '"sở tại"',
        "nơi đến",
    ),
    "two words for one person": (
        "cards/vi/tip.yaml",
        "Cán bộ đọc",
        "Người được giao đọc",
        '"người được giao"',
        "người tư vấn",
    ),
    "a word in a label": (
        "cards/vi/missing.yaml",
        '{label: "Mất liên lạc", value: lost}',
        '{label: "Xem danh bạ", value: lost}',
        '"danh bạ"',
        "số điện thoại",
    ),
}


@pytest.fixture(name="planted", scope="module")
def _planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Finding]]:
    """A copy with every plant, and what the check tells of it."""
    root = copy_content(tmp_path_factory.mktemp("tone"))
    spoil(root, list(PLANTS.values()))
    library, _ = gather(root)
    assert library is not None
    return root, list(tone_findings(library))


@pytest.mark.parametrize("name", PLANTS)
def test_a_mistake_of_tone_is_told_with_its_place_and_its_cure(name: str, planted: tuple[Path, list[Finding]]) -> None:
    """The line is that of the card that holds it."""
    root, found = planted
    file, _, new, wrong, right = PLANTS[name]
    matching = [one for one in found if one.file == file and wrong in one.message and right in one.remedy]
    assert matching, [str(one) for one in found if one.file == file]
    lines = (root / file).read_text("utf-8").splitlines()
    held = next(number for number, line in enumerate(lines, 1) if new in line)
    assert any(one.line <= held <= one.line + 15 for one in matching)
    assert {one.severity for one in matching} == {"structure"}


def test_an_opening_that_leads_into_a_card_asks_nothing(planted: tuple[Path, list[Finding]]) -> None:
    """“Máy dùng chung? Bạn tắt thông báo …” on a shelf is how people speak; nobody waits for an answer."""
    _, found = planted
    assert not [one for one in found if "safe.shared-phone" in one.message]
