"""Handing a woman on, in a real browser: the case page at every stage, and the sheet that is printed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from content.library import Library
from store.db.engine import Store
from tests.browser.test_console_browser import checked, complaints, sign_in
from tests.console.pages.test_referrals import ask, person_says
from tests.support import content
from tests.support.console_room import Room


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with two counsellors."""
    made = Room(store, library)
    await made.hire("hoaban", "hoasen")
    async with made.served() as base:
        made.settings.public_url = base
        yield made


@pytest.fixture(scope="module")
def library() -> Library:
    """The packaged content."""
    return content.library()


async def fits(page: Page, axe: str, name: str, width: int) -> None:
    """Look for violations and sideways scrolling, everything unfolded."""
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert await checked(page, axe) == [], name
    assert await page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
async def test_handing_on_is_accessible_and_fits(
    room: Room, chromium: Browser, shots: Path, axe: str, width: int, scheme: str
) -> None:
    """Asked, agreed and confirmed; then the sheet: no axe violation, nothing wider than the screen."""
    case = await room.person(3, ["Cứu em với"], place="vn:38")
    await room.says(case, "age=adult", "note")
    context = await chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = await context.new_page()
    found = complaints(page)
    await sign_in(page, room)
    address = f"{room.settings.public_url}/console/cases/{case}"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        path = f"/console/cases/{case}"
        await browser.post(f"{path}/take")
        assert await ask(browser, path, "place", "age") == 303
        await page.goto(address)
        await fits(page, axe, "asked", width)
        await person_says(room, case, "401")
        number = int(re.search(r"referral-(\d+)", (await browser.get(path)).text)[1])  # type: ignore[index]
        assert (await second.post(f"{path}/referrals/{number}/confirm")).status_code == 303
    await page.goto(address)
    await fits(page, axe, "confirmed", width)
    await page.screenshot(path=shots / f"referral-case-{width}-{scheme}.png", full_page=True)
    if width == 360:
        await page.locator(".facts-door").click()
    async with context.expect_page() as opened:
        await page.locator("button[name=way][value=sheet]").click()
    sheet = await opened.value
    await sheet.get_by_text("Thanh Hóa").first.wait_for()
    await fits(sheet, axe, "sheet", width)
    await sheet.screenshot(path=shots / f"referral-sheet-{width}-{scheme}.png", full_page=True)
    await context.close()
    assert found == []
