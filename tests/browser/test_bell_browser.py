"""The bell in a real Chromium: heard, counted and seen on every page, for a cry and for a line of her own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.test_console_browser import CRY, complaints, library, room, sign_in
from tests.console.pages.test_bell import words_come
from tests.support.console_room import Room

__all__ = ["library", "room"]


async def opened(page: Page, room: Room, path: str) -> None:
    """Open a page and wait until it hears."""
    await page.goto(f"{room.settings.public_url}{path}")
    await expect(page.locator("html")).to_have_attribute("data-live", "on")


async def rang(page: Page, times: int) -> None:
    """Wait until a page has sounded so often."""
    await expect(page.locator("html")).to_have_attribute("data-rang", str(times))


@pytest.mark.parametrize("path", ["/console/roster", "/console/deadlines", "/console/tips", "/console/khong-co"])
async def test_cry_is_heard_and_counted_wherever_she_is(room: Room, page: Page, shots: Path, path: str) -> None:
    """Number, title and ring, on pages that show no case."""
    found = complaints(page)
    await sign_in(page, room)
    await opened(page, room, path)
    title = await page.title()
    await room.person(4, [CRY])
    await expect(page.locator("#bell .hot")).to_contain_text("1")
    await expect(page).to_have_title(f"(1) {title}")
    await rang(page, 1)
    if path == "/console/deadlines":
        await expect(page.locator("tr.level-4")).to_be_visible()
    await page.screenshot(path=shots / f"console-cry{path.replace('/', '-')}.png")
    assert [said for said in found if "404" not in said] == []


@pytest.mark.parametrize("width", [1280, 360])
async def test_line_in_another_conversation_of_hers_is_heard(room: Room, page: Page, shots: Path, width: int) -> None:
    """She writes in one conversation; the other woman answers: ring, number, title, and her row is the first."""
    await page.set_viewport_size({"width": width, "height": 800})
    cases = [await room.person(2, ["Chị ơi"]) for _ in range(2)]
    await sign_in(page, room)
    for case in cases:
        await page.goto(f"{room.settings.public_url}/console/cases/{case}")
        await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
        await page.get_by_label("Câu trả lời").fill("Chị đây")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".line.out")).to_contain_text("Chị đây")
    await room.person(1)
    await opened(page, room, f"/console/cases/{cases[0]}")
    await expect(page).to_have_title("Trao đổi · Nhịp Cầu")
    for times in (1, 2):
        await words_come(room, cases[1], "chị ơi họ đang về, em phải làm sao")
        await rang(page, times)
        await expect(page.locator("#bell .mine")).to_have_text("1 chờ bạn")
        await expect(page).to_have_title("(1) Trao đổi · Nhịp Cầu")
    await page.screenshot(path=shots / f"console-bell-mine-{width}.png")
    await page.goto(f"{room.settings.public_url}/console/queue")
    first = page.locator("#queue .case").first
    await expect(first).to_have_id(f"case-{cases[1]}")
    await expect(first.locator(".count.mine")).to_have_text("2 mới")
    await page.screenshot(path=shots / f"console-queue-mine-{width}.png")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_mute_is_remembered_and_shown_on_every_page(room: Room, page: Page, context: BrowserContext) -> None:
    """Switched off by hand it stays off, here and in other tabs, until it is switched on by hand."""
    await sign_in(page, room)
    sound = page.locator("#sound")
    await expect(sound).to_have_text("Chuông: bật")
    await sound.click()
    await expect(sound).to_have_text("Chuông: tắt")
    other = await context.new_page()
    for shown in (page, other):
        await opened(shown, room, "/console/roster")
        await expect(shown.locator("#sound")).to_have_text("Chuông: tắt")
    await other.locator("#sound").click()
    for shown in (page, other):
        await expect(shown.locator("#sound")).to_have_text("Chuông: bật")
    assert await page.evaluate("localStorage.length") == 0


async def test_whoever_reads_no_cases_has_no_bell_and_no_stream(room: Room, page: Page) -> None:
    """An auditor's page loads no script and opens nothing."""
    await sign_in(page, room, "kiem")
    await expect(page.locator("#bell, #sound, #live, script")).to_have_count(0)
