"""A broadcast in a real browser: compose at the desk, approved by a second person, live progress, stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.commands.seed import LOGINS
from tests.browser.test_check_in_browser import go_to, sign_in
from tests.browser.test_walk_in_the_browser import OWNERS, Handset, add, demo

assert demo
ROLE = {role: (login, passphrase) for login, passphrase, role in LOGINS}


@pytest.mark.parametrize("channel", ["zalo_oa", "zalo_bot", "telegram"])
async def test_a_broadcast_from_beginning_to_end(
    demo: str,
    chromium: Browser,
    page: Page,
    axe: str,
    shots: Path,
    channel: str,
) -> None:
    """The poster's code on a phone, a card proposed, a second person's yes, the card on the phone, a stop."""
    await go_to(demo, 1, 9, 0)
    commune = await sign_in(chromium, demo, *ROLE["commune_staff"])
    await commune.goto(f"{demo}/console/groups")
    await commune.get_by_role("button", name="Mã cho áp phích").click()
    code = await commune.locator(".code").inner_text()
    await commune.screenshot(path=shots / f"broadcast-code-{channel}.png", full_page=True)
    await page.goto(demo)
    phone: Handset = await add(page, OWNERS[channel], channel)
    await phone.write(code.lower())
    await phone.shows("Tổ truyền thông Na Sang")
    await phone.write("1")
    await phone.shows("Mình đã ghi nhớ")
    await commune.goto(f"{demo}/console/broadcasts")
    await commune.get_by_role("button", name="Đề xuất").click()
    words = (await commune.locator(".preview .said").first.inner_text()).splitlines()[0]
    await expect(commune.locator("#progress")).to_contain_text("Chờ người thứ hai")
    assert await commune.get_by_role("button", name="Duyệt và gửi").count() == 0
    await commune.screenshot(path=shots / f"broadcast-proposed-{channel}.png", full_page=True)
    await expect(phone.frame).not_to_contain_text(words)
    second = await sign_in(chromium, demo, *ROLE["prov_admin"])
    await second.locator("ol.queue a").first.click()
    await second.evaluate(axe)
    assert await second.evaluate("async () => (await axe.run()).violations.map(v => v.id)") == []
    await second.get_by_role("button", name="Duyệt và gửi").click()
    await phone.shows(words, 10)
    await page.screenshot(path=shots / f"broadcast-phone-{channel}.png")
    await expect(second.locator("#progress")).to_contain_text("dưới 10 người", timeout=10_000)
    await expect(commune.locator("#progress")).to_contain_text("dưới 10 người", timeout=10_000)
    await second.screenshot(path=shots / f"broadcast-progress-{channel}.png", full_page=True)
    await second.set_viewport_size({"width": 360, "height": 740})
    assert await second.evaluate("document.documentElement.scrollWidth <= 360")
    for context in (second.context, commune.context):
        await context.close()
