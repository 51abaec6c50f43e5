"""A child's case and help without a yes in a real Chromium: wide, narrow, dark, by keyboard, followed live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from content.library import Library
from store.db.engine import Store
from store.staff import skills
from tests.browser.test_console_browser import checked, complaints, library, sign_in
from tests.support.console_room import Room
from tests.support.staff import work_of_test

__all__ = ["library"]


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with two counsellors and a shift lead, one of whom is trained for children."""
    made = Room(store, library, check=0.5)
    await made.hire("hoaban", "hoasen", "hoadao")
    async with work_of_test(store, made.clock.now()) as work:
        await skills.give(work, "hoasen", ["child"])
    async with made.served() as base:
        made.settings.public_url = base
        yield made


async def child(room: Room, page: Page) -> str:
    """A case of a child that Hoa Ban has taken; its page is open."""
    case = await room.person(4, ["em 14 tuổi", "nó nhốt em"], "vn:11")
    await sign_in(page, room)
    where = f"{room.settings.public_url}/console/cases/{case}"
    form = {"age": "under_16"}
    await page.request.post(f"{where}/edit/age", form=form, headers={"sec-fetch-site": "same-origin"})
    await page.request.post(f"{where}/take", headers={"sec-fetch-site": "same-origin"})
    await page.goto(where)
    return where


async def test_receipt_is_kept_by_keyboard_and_the_red_goes_everywhere(room: Room, page: Page, axe: str) -> None:
    """Late in the block, on the row and in the bell; after the receipt none of it, without loading the page anew."""
    found = complaints(page)
    await child(room, page)
    room.clock.advance(1200)
    await page.reload()
    await expect(page.locator(".child-case .notice.bad")).to_contain_text("Chưa báo 111: trễ từ")
    await expect(page.locator(".case.report-late")).to_have_count(1)
    await expect(page.locator("#bell")).to_contain_text("Chưa báo 111")
    assert await checked(page, axe) == []
    await page.locator("[id^=report-receipt] summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.locator("#report-who").focus()
    await page.keyboard.type("Lan")
    await page.keyboard.press("Enter")
    await expect(page.locator(".child-case")).to_contain_text("111 đã nhận tin lúc")
    await expect(page.locator(".case.report-late")).to_have_count(0)
    await expect(page.locator("#bell")).not_to_contain_text("Chưa báo 111")
    await expect(page.locator("#lines")).to_contain_text("ghi biên nhận tin báo về trẻ em")
    assert found == []


async def test_colleague_agrees_and_both_pages_follow(room: Room, page: Page, chromium: Browser, axe: str) -> None:
    """One asks, the other sees it without loading anew and agrees; the number to call stands on both pages."""
    where = await child(room, page)
    other = await (await chromium.new_context(locale="vi-VN", reduced_motion="reduce")).new_page()
    await sign_in(other, room, "hoasen")
    await other.goto(where)
    await page.locator("#ask-help summary").click()
    await page.locator("#help-service").select_option("vn.113")
    await page.locator("#help-reason").select_option("life_now")
    await page.locator("#help-why").fill("nó đang phá cửa")
    await page.locator("#help-told").select_option("not_told")
    await page.locator("#help-said").fill("chưa kịp nói")
    await page.get_by_role("button", name="Đề nghị người thứ hai").click()
    await other.get_by_role("button", name="Đồng ý với vai trò người thứ hai").click()
    await expect(page.locator("#urgent-help")).to_contain_text("Gọi ngay: 113")
    await expect(other.locator("#urgent-help")).to_contain_text("Gọi ngay: 113")
    assert await checked(page, axe) == []
    await other.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (1366, "dark"), (360, "light"), (360, "dark")])
async def test_block_of_a_child_can_be_seen_and_read(
    room: Room, chromium: Browser, axe: str, width: int, scheme: str, tmp_path: Path
) -> None:
    """Nothing is wider than the screen, and nothing is wrong with it for a reader of screens."""
    size = ViewportSize(width=width, height=768 if width > 400 else 640)
    context = await chromium.new_context(
        viewport=size, locale="vi-VN", reduced_motion="reduce", color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    await child(room, page)
    room.clock.advance(1200)
    await page.reload()
    if await page.locator(".facts-door").is_visible():
        await page.locator(".facts-door").click()
    await expect(page.locator(".child-steps li").first).to_be_visible()
    await page.screenshot(path=tmp_path / "child.png")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await checked(page, axe) == []
    await context.close()
