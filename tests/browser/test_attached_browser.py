"""Photos in the console in a real Chromium: seen behind a click, chosen, looked at as they will arrive, sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from content.library import Library
from simulator.core.sample_media import square_png
from store.db.engine import Store
from tests.browser.test_console_browser import checked, complaints, sign_in
from tests.support import content
from tests.support.console_room import Room
from tests.support.files import pictures
from tests.support.files.attachments import attach


@pytest.fixture(scope="session")
def library() -> Library:
    """The content as it ships."""
    return content.library()


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with a counsellor."""
    made = Room(store, library)
    await made.hire("hoaban")
    async with made.served() as base:
        made.settings.public_url = base
        yield made


SHOWN = "() => [...document.querySelectorAll('.photo img')].every((one) => one.naturalWidth > 0)"


async def test_a_photo_is_seen_answered_with_one_and_stays_open(room: Room, page: Page, shots: Path, axe: str) -> None:
    """It stays open while lines come; a chosen photo is shown clean before it goes; no policy and no rule is broken."""
    found = complaints(page)
    case = await room.person(3, ["Em gửi chị xem"])
    await attach(room, case, square_png(320))
    await attach(room, case, pictures.pdf())
    await sign_in(page, room)
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await page.get_by_text("Ảnh: bấm để xem").click()
    await page.wait_for_function(SHOWN)
    await room.says(case, "Dạ ảnh đó ạ")
    await expect(page.get_by_role("log")).to_contain_text("Dạ ảnh đó ạ")
    assert await page.locator("details.photo").get_attribute("open") is not None
    await page.screenshot(path=shots / "console-photo-open.png", caret="initial")
    await page.get_by_label("Câu trả lời").fill("Chị gửi em sơ đồ đường đi.")
    chosen = {"name": "Sơ đồ của chị Lan.jpg", "mimeType": "image/jpeg", "buffer": square_png(240)}
    await page.get_by_label("Đính kèm").set_input_files(chosen)
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(page.get_by_alt_text("Ảnh như khi đến nơi")).to_be_visible()
    await expect(page.locator(".line.out")).to_have_count(0)
    await page.screenshot(path=shots / "console-photo-chosen.png", caret="initial")
    assert found == []
    assert await checked(page, axe) == []
    found.clear()  # the checker's own styles are refused by our policy
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.screenshot(path=shots / "console-photo-chosen-narrow.png", full_page=True, caret="initial")
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(page.locator(".line.out")).to_contain_text("Chị gửi em sơ đồ đường đi.")
    await expect(page.locator(".line.out details.photo")).to_have_count(1)
    assert found == []
    assert await checked(page, axe) == []
