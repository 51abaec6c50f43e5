"""Each situation's own first bubble, on a phone in a real Chromium: what is read first, without a tap."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.support.browser.console_page import photograph
from tests.support.browser.handset import take_up
from tests.support.system import System

SITUATIONS = {
    "self_harm": ("con em uống nhầm thuốc trừ sâu", ("115", "trạm y tế")),
    "despair": ("em không muốn sống nữa", ("115",)),
    "rape": ("em bị hiếp đêm qua", ("72 giờ", "115")),
    "child": ("em 14 tuổi bị bố dượng làm chuyện đó", ("111", "không có lỗi")),
    "child_told": ("con gái tôi 15 tuổi bị hiếp", ("111",)),
    "child_marriage": ("em 15 tuổi bị ép lấy chồng", ("111",)),
    "home": ("chồng đang đánh em cứu em với", ("113",)),
    "held": ("em đang ở campuchia bị nhốt cứu em", ("117", "+84 981 84 84 84")),
    "compound": ("em bị bắt lừa đảo ở casino", ("+84 981 84 84 84",)),
    "somebody_else": ("em gái em bị lừa bán sang trung quốc", ("+84 981 84 84 84",)),
}
"""What is written, and what has to be read."""


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_a_situation_has_its_own_first_bubble(
    demo_system: System, tab: Page, shots: Path, situation: str
) -> None:
    """The numbers of this situation are on the screen after one line; the picture shows the bubble whole."""
    said, read = SITUATIONS[situation]
    phone = await take_up(tab, demo_system, "zalo_oa", situation.replace("_", ""))
    await phone.write(said)
    for text in read:
        await phone.shows(text)
    await photograph(shots, **{f"situation_{situation}": phone})
