"""The frame in a real Chromium: late turns red by itself, a screen reader is told, and the head stays one row."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from content.library import Library
from store.db.engine import Store
from tests.browser.test_bell_browser import opened
from tests.browser.test_console_browser import CRY, library, sign_in
from tests.console.pages.test_bell import words_come
from tests.support.console_room import Room

__all__ = ["library"]
ANSWER_IN = 5 * 60
"""Seconds within which a level 4 is to be answered."""
COLOUR = "one => getComputedStyle(one).color"
DANGER = """() => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--danger)";
  return getComputedStyle(probe).color;
}"""
RUNS, LATE = re.compile(r"^0[45]:\d\d$"), re.compile("^trễ [23]′$")


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with two counsellors and a shift lead that tells its time often."""
    made = Room(store, library, alive=0.3)
    await made.hire("hoaban", "hoasen", "hoadao")
    async with made.served() as base:
        made.settings.public_url = base
        yield made


@pytest.mark.parametrize("width", [1280, 360])
async def test_what_is_late_turns_red_by_itself(room: Room, page: Page, shots: Path, width: int) -> None:
    """On the row, in the case and on the wall, while the pages stay as they are; taken or not."""
    await page.set_viewport_size({"width": width, "height": 800})
    await sign_in(page, room, "hoadao")
    case = await room.person(4, [CRY])
    row = page.locator(f"#case-{case}")
    await expect(row).to_be_visible()
    await expect(row.locator("time.due")).to_have_text(RUNS)
    room.clock.advance(ANSWER_IN + 130)
    await expect(row.locator("time.due.late")).to_have_text(LATE)
    wall = await page.context.new_page()
    await opened(wall, room, "/console/deadlines")
    await expect(wall.locator("main time.due.late").first).to_have_text(LATE)
    await row.locator("a[data-pane]").click()
    late = page.locator(".pane time.due.late").first
    await expect(late).to_have_text(LATE)
    assert await late.evaluate(COLOUR) == await page.evaluate(DANGER)
    await page.screenshot(path=shots / f"console-late-{width}.png")


async def test_screen_reader_is_told_of_every_call(room: Room, page: Page) -> None:
    """A level 4 by what the strip says, a level 3 and a line of her own by the counts; each is in the tree once."""
    await sign_in(page, room)
    told = page.get_by_role("status").filter(has_text="Chờ tôi")
    await room.person(3, ["Chị ơi"])
    await expect(page.locator("#announced")).to_contain_text("Kêu cứu 1")
    assert "Kêu cứu 1" in await told.aria_snapshot()
    case = await room.person(4, [CRY])
    await expect(page.locator("#announced")).to_contain_text("Nguy hiểm ngay")
    await page.locator(f"#case-{case} form.take button").click()
    await page.get_by_label("Câu trả lời").fill("Chị đây")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".line.out .said").last).to_have_text("Chị đây")
    await opened(page, room, "/console/roster")
    await words_come(room, case, "em đây")
    await expect(page.locator("#announced")).to_contain_text("Chờ tôi 1")


@pytest.mark.parametrize("login", ["hoaban", "hoadao"])
async def test_head_stays_one_row_with_all_its_counts(room: Room, page: Page, login: str) -> None:
    """At 1280 pixels, whatever waits; at 360 nothing is cut off."""
    await sign_in(page, room, login)
    for level in (4, 3, 3, 2):
        await room.person(level, [CRY])
    await expect(page.locator("#bell .count").first).to_contain_text("4")
    for width in (1280, 360):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.locator(".top").evaluate("one => one.getBoundingClientRect().height") <= 50
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_own_case_is_never_offered_to_be_taken(room: Room, page: Page) -> None:
    """Late and waiting it stands first, to be opened; the button is for what nobody has."""
    await sign_in(page, room)
    case = await room.person(3, ["Chị ơi"])
    row = page.locator(f"#case-{case}")
    await row.locator("form.take button").click()
    await expect(page.locator(f"[data-lane=mine] #case-{case}")).to_have_count(1)
    room.clock.advance(3600)
    await expect(row.locator("time.due.late")).to_have_text(re.compile("^trễ 4[5-7]′$"))
    await expect(row.get_by_role("button", name="Nhận ca")).to_have_count(0)
