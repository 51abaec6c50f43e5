"""The wall of the shift in a real Chromium: live, given from a row in place, on a phone, without a complaint of axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from scheduler.jobs import drills
from store.unit_of_work import CLOCK, unit_of_work
from tests.browser.test_console_browser import checked, complaints, library, room, sign_in
from tests.console.pages.test_assignment import on_duty
from tests.support.console_room import Room

__all__ = ["library", "room"]


async def opened(page: Page, room: Room, path: str) -> None:
    """Open a page and wait until it hears."""
    await page.goto(f"{room.settings.public_url}{path}")
    await expect(page.locator("html")).to_have_attribute("data-live", "on")


@pytest.mark.parametrize("size", [(1366, 768), (360, 640)])
async def test_wall_follows_and_a_case_is_given_from_its_row(
    room: Room, page: Page, axe: str, shots: Path, size: tuple[int, int]
) -> None:
    """A cry appears, a form that is being filled in stays, the case changes hands without another page."""
    found = complaints(page)
    await room.hire("hoadao")
    await on_duty(room, "hoaban", "hoasen", "hoadao")
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    case = await room.person(3, ["Chị ơi"])
    for level, place in ((2, "vn:12"), (3, "abroad:KH"), (1, "")):
        await room.person(level, place=place)
    await sign_in(page, room, "hoadao")
    await opened(page, room, "/console/deadlines")
    await page.evaluate("window.still = true")
    row = page.locator(f"#wall-{case}")
    await row.locator("summary").focus()
    await page.keyboard.press("Enter")
    await row.get_by_label("Giao cho ai").select_option(label="Hoa Ban")
    worst = await room.person(4)
    async with unit_of_work(room.store, room.clock.now(), CLOCK) as work:
        await drills.begin(work)
    await expect(page.locator(f"#wall-{worst}")).to_be_visible()
    await expect(page.locator(".tile.red b")).to_have_text("1")
    await expect(page.locator("#wall-drills form")).to_be_visible()
    await expect(row.get_by_label("Giao cho ai")).to_have_value(str(room.ids["hoaban"]))
    await page.screenshot(path=shots / f"console-wall-{size[0]}.png", full_page=True)
    assert await checked(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
    await row.get_by_role("button").focus()
    await page.keyboard.press("Enter")
    await expect(row.locator(".holder")).to_have_text("Hoa Ban giữ")
    await expect(page.locator("#wall-duty")).to_contain_text("1 ca")
    await page.locator("#wall-drills").get_by_role("button").click()
    await expect(page.locator("#wall-drills")).to_contain_text("Hoa Đào nhận sau 0 phút")
    assert await page.evaluate("window.still")
    await page.emulate_media(color_scheme="dark")
    assert await checked(page, axe) == []
    await page.screenshot(path=shots / f"console-wall-dark-{size[0]}.png")
    assert found == []


async def test_drill_is_taken_beside_an_open_case_which_stays_open(room: Room, page: Page) -> None:
    """From its lane of the desk: the lane is gone, the conversation and what is typed in it are still there."""
    case = await room.person(2, ["Chị ơi"])
    await sign_in(page, room)
    await opened(page, room, f"/console/cases/{case}")
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await page.get_by_label("Câu trả lời").fill("Chị đây")
    async with unit_of_work(room.store, room.clock.now(), CLOCK) as work:
        await drills.begin(work)
    await page.locator("#lane-drills").get_by_role("button").click()
    await expect(page.locator("#lane-drills")).to_be_hidden()
    await expect(page.get_by_label("Câu trả lời")).to_have_value("Chị đây")
    await expect(page).to_have_url(f"{room.settings.public_url}/console/cases/{case}")


@pytest.mark.parametrize("width", [1366, 360])
async def test_week_of_the_roster_is_read_in_any_width(
    room: Room, page: Page, axe: str, shots: Path, width: int
) -> None:
    """Gaps in words, the table scrolls in itself, nothing for axe."""
    await room.hire("hoadao")
    await on_duty(room, "hoaban", "hoasen", "hoadao")
    await page.set_viewport_size({"width": width, "height": 800})
    await sign_in(page, room, "hoadao")
    await opened(page, room, "/console/roster")
    await expect(page.locator(".week .gap.worst").first).to_be_visible()
    assert await checked(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.screenshot(path=shots / f"console-roster-week-{width}.png")
