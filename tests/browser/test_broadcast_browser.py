"""A broadcast in a real browser: composed, approved by a second person, on every phone and in the group."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.support.browser.console_page import ROLE, go_to, sign_in
from tests.support.browser.handset import take_up
from tests.support.system import System

OWNERS = {"zalo_oa": "lan", "telegram": "mai", "zalo_bot": "huong"}


async def code_for(commune: Page, demo_system: System, kind: str) -> str:
    """Let the commune's staff make a code of their group, which is shown once."""
    await commune.goto(f"{demo_system.base}/console/groups")
    await commune.get_by_role("button", name=kind).click()
    return await commune.locator(".code").inner_text()


async def test_a_broadcast_from_beginning_to_end(
    demo_system: System, chromium: Browser, tab: Page, staff: BrowserContext, axe: str, shots: Path
) -> None:
    """The poster's code on three phones, the group's in its chat, a card proposed, a second person's yes, the card."""
    await go_to(demo_system.base, 1, 9, 0)
    commune = await sign_in(staff, demo_system.base, *ROLE["commune_staff"])
    on = [await take_up(tab, demo_system, channel, name) for channel, name in OWNERS.items()]
    group = await take_up(tab, demo_system, "telegram_group", "to-na-sang")
    await group.write(await code_for(commune, demo_system, "Mã cho nhóm chat"))
    code = await code_for(commune, demo_system, "Mã cho áp phích")
    await commune.screenshot(path=shots / "broadcast-code.png", full_page=True)
    for phone in on:
        await phone.write(code.lower())
        await phone.shows("Tổ truyền thông Na Sang")
        await phone.write("1")
        await phone.shows("Từ nay bạn nhận tin của")
    await commune.goto(f"{demo_system.base}/console/broadcasts")
    await commune.get_by_role("button", name="Đề xuất").click()
    words = (await commune.locator(".preview .said").first.inner_text()).splitlines()[1]
    await expect(commune.locator("#progress")).to_contain_text("Chờ người thứ hai")
    assert await commune.get_by_role("button", name="Duyệt và gửi").count() == 0
    await commune.screenshot(path=shots / "broadcast-proposed.png", full_page=True)
    for phone in (*on, group):
        await phone.hides(words)
    second = await sign_in(await chromium.new_context(), demo_system.base, *ROLE["prov_admin"])
    await second.locator("ol.queue a").first.click()
    await second.evaluate(axe)
    assert await second.evaluate("async () => (await axe.run()).violations.map(v => v.id)") == []
    await second.get_by_role("button", name="Duyệt và gửi").click()
    for phone in (*on, group):
        await phone.shows(words, 10)
    assert len(await group.said()) == 1
    await tab.set_viewport_size({"width": 1800, "height": 980})
    await tab.screenshot(path=shots / "broadcast-phones.png")
    for desk in (second, commune):
        await expect(desk.locator("#progress")).to_contain_text("dưới 10 người", timeout=10_000)
    await second.screenshot(path=shots / "broadcast-progress.png", full_page=True)
    await second.set_viewport_size({"width": 360, "height": 740})
    assert await second.evaluate("document.documentElement.scrollWidth <= 360")
    await second.context.close()
