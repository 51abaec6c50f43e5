"""A check-in in a real browser: she agrees on her phone, a case worker starts it, her word opens it, a face answers."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from bot.commands.seed import LOGINS
from scheduler.hours import ZONE
from tests.browser.test_walk_in_the_browser import OWNERS, Handset, add, demo

assert demo
CASE_WORKER = next(login for login in LOGINS if login[2] == "case_worker")
AGREES = (
    ("xin chào", "Mục lục"),
    ("6", "Bạn muốn đổi gì"),
    ("hỏi thăm", "Bạn đồng ý không"),
    ("1", "Giờ nào"),
    ("3", "làm khóa"),
    ("rau muống", "Mình đã ghi nhớ"),
)
COVER = "Chào chị, nhóm trồng rau hỏi thăm"


async def sign_in(browser: Browser, base: str, login: str, passphrase: str) -> Page:
    """A member's own browser."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860}, locale="vi-VN")
    page = await context.new_page()
    await page.goto(f"{base}/console")
    await page.fill("input[name=login]", login)
    await page.fill("input[name=passphrase]", passphrase)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    return page


async def go_to(base: str, days: int, hour: int, minute: int) -> None:
    """Move the demo's clock to a time of day in Viet Nam."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{base}/__sim/clock") as answer:
            now = datetime.fromisoformat((await answer.json())["now"])
        day = now.astimezone(ZONE).date() + timedelta(days=days)
        ahead = datetime.combine(day, time(hour, minute), ZONE) - now
        async with http.post(f"{base}/__sim/clock", json={"advance": ahead.total_seconds()}) as answer:
            answer.raise_for_status()


@pytest.mark.parametrize("channel", ["zalo_oa", "zalo_bot", "telegram"])
async def test_a_check_in_from_beginning_to_end(
    demo: str,
    chromium: Browser,
    page: Page,
    axe: str,
    shots: Path,
    channel: str,
) -> None:
    """Agreement, start at the desk, the cover line on the lock screen, her word, two faces, the answers at the desk."""
    await page.goto(demo)
    phone: Handset = await add(page, OWNERS[channel], channel)
    for said, answer in AGREES:
        await phone.write(said)
        await phone.shows(answer)
    worker = await sign_in(chromium, demo, CASE_WORKER[0], CASE_WORKER[1])
    await expect(worker.locator("h1")).to_have_text("Hỏi thăm")
    await worker.locator("ol.queue li a").last.click()
    await worker.screenshot(path=shots / f"check-in-start-{channel}.png", full_page=True)
    await worker.get_by_role("button", name="Bắt đầu hỏi thăm").click()
    await expect(worker.locator("tbody tr")).to_have_count(2)
    await go_to(demo, 2, 20, 25)
    await phone.shows(COVER)
    await expect(phone.frame).not_to_contain_text("Vườn")
    await page.screenshot(path=shots / f"check-in-cover-{channel}.png")
    await phone.write("rau muong")
    await phone.shows("Vườn nhà mình")
    await phone.write("1")
    await phone.shows("Còn sức mình")
    await phone.write("3")
    await phone.shows("Cảm ơn bạn")
    await page.screenshot(path=shots / f"check-in-answered-{channel}.png")
    await worker.reload()
    await expect(worker.locator("tbody tr").first).to_contain_text("Đã trả lời")
    await expect(worker.locator("tbody tr").first).to_contain_text("Tốt")
    await worker.evaluate(axe)
    found = await worker.evaluate("async () => (await axe.run()).violations.map(v => v.id)")
    assert found == []
    await worker.screenshot(path=shots / f"check-in-desk-{channel}.png", full_page=True)
    await worker.set_viewport_size({"width": 360, "height": 740})
    assert await worker.evaluate("document.documentElement.scrollWidth <= 360")
    await worker.context.close()
