"""The thread in a real browser: long, read further up, with days, the bot's talk and a place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from content.library import Library
from store.db.engine import Store
from tests.browser.test_console_browser import checked, library, sign_in
from tests.browser.test_corrections_browser import opened
from tests.support.console_room import Room

__all__ = ["library"]
LINES = 200


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with one counsellor."""
    made = Room(store, library, check=0.5)
    await made.hire("hoaban")
    async with made.served() as address:
        made.settings.public_url = address
        yield made


@pytest.mark.parametrize("width", [1366, 360])
async def test_who_reads_further_up_is_told_what_has_come_and_goes_there_by_a_button(
    room: Room, page: Page, axe: str, shots: Path, width: int
) -> None:
    """The thread stays where she reads; the button counts, brings her to the end, and goes."""
    await page.set_viewport_size({"width": width, "height": 768 if width > 400 else 640})
    case = await room.person(3)
    await room.says(case, "greeted menu\n", "bot")
    await room.says(case, "emergency.vn\n113 111", "bot")
    for number in range(LINES - 2):
        await room.says(case, f"dòng {number}")
    room.clock.advance(86400)
    await room.says(case, "geo:21.02850,105.85420")
    await sign_in(page, room)
    await opened(page, room, case)
    lines, hint = page.locator("#lines"), page.locator("#new-lines")
    await expect(lines.get_by_text("Vị trí được gửi")).to_be_in_viewport()
    await expect(lines.locator(".day")).to_have_count(2)
    await lines.evaluate("box => { box.scrollTop = 0; }")
    await expect(lines.locator(".bot-talk summary")).to_contain_text("Máy đã nói 2 lần")
    await lines.locator(".bot-talk summary").click()
    await expect(hint).to_be_hidden()
    for words in ("họ đang về", "em sợ"):
        await room.says(case, words)
    await expect(hint).to_have_text("2 dòng mới ↓")
    assert await lines.evaluate("box => box.scrollTop") == 0
    await page.screenshot(path=shots / f"console-thread-{width}.png")
    assert await checked(page, axe) == []
    await hint.press("Enter")
    await expect(lines.get_by_text("em sợ")).to_be_in_viewport()
    await expect(hint).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.screenshot(path=shots / f"console-thread-end-{width}.png")


async def test_coordinates_are_opened_in_place_by_keyboard(room: Room, page: Page) -> None:
    """They come where she asked for them, and nothing that she types is lost."""
    case = await room.person(3, ["geo:21.02850,105.85420"])
    await sign_in(page, room)
    await opened(page, room, case)
    await page.locator(".shared-place summary").press("Enter")
    await page.get_by_role("link", name="Mở tọa độ").press("Enter")
    await expect(page.locator(".place-read")).to_contain_text("21.02850 105.85420")
    await expect(page.locator(".place-read")).to_be_focused()
    await expect(page.locator("#composer")).to_be_visible()
