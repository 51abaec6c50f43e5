"""A check-in in a real browser: she agrees on her phone, a case worker starts it, her word opens it, a face answers."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import BrowserContext, Page, expect

from tests.support.browser.console_page import ROLE, go_to, sign_in
from tests.support.browser.handset import Handset, take_up
from tests.support.system import System

AGREES = (
    ("xin chào", "Bạn muốn hỏi gì"),
    ("8", "Bạn muốn đổi gì"),
    ("hỏi thăm", "Bạn đồng ý không"),
    ("1", "Giờ nào"),
    ("3", "một từ dễ nhớ"),
    ("rau muống", "nhắn lại từ ấy"),
    ("rau muống", "Mình nhớ từ mật rồi"),
)
OPENS = (("rau muong", "Vườn nhà mình"), ("1", "Còn sức chị"), ("3", "Cảm ơn chị"))
OWNERS = {"zalo_oa": "lan", "telegram": "mai", "zalo_bot": "huong"}
COVER = "Chào chị, nhóm trồng rau hỏi thăm"


async def says(phone: Handset, turns: tuple[tuple[str, str], ...]) -> None:
    """Write lines, each with what has to be seen after it."""
    for said, answer in turns:
        await phone.write(said)
        await phone.shows(answer)


async def test_a_check_in_from_beginning_to_end(
    demo_system: System, tab: Page, staff: BrowserContext, axe: str, shots: Path
) -> None:
    """On each channel: agreement, start in the console, the cover line, her word, two faces; then the answers."""
    on = [await take_up(tab, demo_system, channel, name) for channel, name in OWNERS.items()]
    worker = await sign_in(staff, demo_system.base, *ROLE["case_worker"])
    plans = []
    for phone in on:
        await says(phone, AGREES)
        await worker.goto(f"{demo_system.base}/console/check-ins")
        await worker.locator("ol.queue li a").last.click()
        await worker.screenshot(path=shots / "check-in-start.png", full_page=True)
        await worker.get_by_role("button", name="Bắt đầu hỏi thăm").click()
        await expect(worker.locator("tbody tr")).to_have_count(2)
        plans.append(worker.url)
    await go_to(demo_system.base, 2, 20, 25)
    for phone in on:
        await phone.shows(COVER)
        await phone.hides("Vườn")
    await tab.screenshot(path=shots / "check-in-cover.png")
    for phone in on:
        await says(phone, OPENS)
    await tab.screenshot(path=shots / "check-in-answered.png")
    for plan in plans:
        await worker.goto(plan)
        await expect(worker.locator("tbody tr").first).to_contain_text("Đã trả lời")
        await expect(worker.locator("tbody tr").first).to_contain_text("Tốt")
    await worker.evaluate(axe)
    found = await worker.evaluate("async () => (await axe.run()).violations.map(v => v.id)")
    assert found == []
    await worker.screenshot(path=shots / "check-in-desk.png", full_page=True)
    await worker.set_viewport_size({"width": 360, "height": 740})
    assert await worker.evaluate("document.documentElement.scrollWidth <= 360")
