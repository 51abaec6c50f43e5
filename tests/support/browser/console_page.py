"""A counsellor's own browser: sign in, take a case, answer, read."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import aiohttp
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.cli.demo_data import LOGINS
from content.zone import VIETNAM
from tests.support.browser.handset import Handset
from tests.support.system import System

ROLE = {role: (login, passphrase) for login, passphrase, role in LOGINS[1:]}
"""Login and passphrase by role; of the two counsellors the second."""
COUNSELLOR = LOGINS[0][:2]
PATIENCE = 15_000
"""Milliseconds until a test gives up waiting for another screen; how fast it is depends on what else runs here."""


async def sign_in(context: BrowserContext, base: str, login: str, passphrase: str) -> Page:
    """Sign a member in, in a page of her own."""
    page = await context.new_page()
    await page.goto(f"{base}/console")
    await page.fill("input[name=login]", login)
    await page.fill("input[name=passphrase]", passphrase)
    await page.keyboard.press("Enter")
    await expect(page.locator(".me summary")).to_be_visible()
    return page


async def sign_out(page: Page) -> None:
    """Sign out, by the menu under her name."""
    await page.locator(".me summary").click()
    await page.get_by_role("button", name="Đăng xuất").click()


async def counsellor_page(staff: BrowserContext, base: str) -> Page:
    """A counsellor's page, on the queue."""
    return await sign_in(staff, base, *COUNSELLOR)


async def newest(demo_system: System) -> str:
    """The case that was opened last."""
    return str(max(await demo_system.cases(), key=lambda row: row.opened_at).id)


async def waiting(counsellor: Page, case: str = "", within: int = PATIENCE) -> Locator:
    """The row of a case, or of the only one nobody has, which has to be in the queue within so many milliseconds."""
    if not counsellor.url.endswith("/queue"):
        await counsellor.get_by_role("link", name="Bàn trực").click()
    row = counsellor.locator(f"#case-{case}" if case else "#queue .lane:not(.mine, .colleagues) .case")
    await expect(row).to_be_visible(timeout=within)
    return row


async def take(counsellor: Page, case: str = "", within: int = PATIENCE) -> None:
    """Take a case, or the only one nobody has, out of the queue."""
    row = await waiting(counsellor, case, within)
    await row.get_by_role("button", name="Nhận ca").click()
    await counsellor.wait_for_url("**/cases/*")


async def answer(counsellor: Page, text: str) -> None:
    """Write to her."""
    await counsellor.locator("#text").fill(text)
    await counsellor.keyboard.press("Control+Enter")


async def reads(counsellor: Page, text: str, within: int = PATIENCE) -> None:
    """Look that a line of hers appears on the open page within so many milliseconds."""
    await expect(counsellor.locator("#lines .line.in").last).to_contain_text(text, timeout=within)


async def photograph(shots: Path, **seen: Page | Handset) -> None:
    """Take a picture of each page or phone, under its name."""
    for name, one in seen.items():
        shown = one.frame if isinstance(one, Handset) else one
        await shown.screenshot(path=shots / f"{name.replace('_', '-')}.png")


async def go_to(base: str, days: int, hour: int, minute: int) -> None:
    """Move the clock to a time of day in Viet Nam."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{base}/__sim/clock") as said:
            now = datetime.fromisoformat((await said.json())["now"])
        day = now.astimezone(VIETNAM).date() + timedelta(days=days)
        ahead = datetime.combine(day, time(hour, minute), VIETNAM) - now
        async with http.post(f"{base}/__sim/clock", json={"advance": ahead.total_seconds()}) as said:
            said.raise_for_status()
