"""The practice case in a real Chromium, wide and narrow: by the keyboard from its first step to its last."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from content.directory.first_shift import first_shift
from tests.browser.test_console_browser import checked, complaints, library, room, sign_in
from tests.support.console_room import Room

__all__ = ["library", "room"]


@pytest.mark.parametrize("width", [1280, 360])
async def test_the_practice_case_is_gone_through_by_the_keyboard(
    room: Room, page: Page, axe: str, shots: Path, width: int
) -> None:
    """A wrong answer first, then the right one; every page fits, is accessible and is shown for looking at."""
    await page.set_viewport_size({"width": width, "height": 800})
    found = complaints(page)
    await sign_in(page, room)
    if width < 1000:
        await page.locator("details.me summary").press("Enter")
    await (
        page.get_by_role("link", name="Ca tập").or_(page.get_by_role("link", name="Mới vào trực?")).first.press("Enter")
    )
    await page.get_by_role("link", name="Bắt đầu").press("Enter")
    for number, step in enumerate(first_shift().steps, 1):
        await expect(page.get_by_role("heading", level=1)).to_have_text(step.title["vi"])
        if step.writes:
            await page.get_by_role("textbox").fill("Chào bạn, giờ nhắn có tiện không? 1 là tiện, 2 là để sau")
            await page.get_by_role("button", name="Gửi thử").press("Enter")
        else:
            for one in sorted(step.answers, key=lambda one: one.right)[1:]:
                await page.get_by_role("button", name=one.label["vi"], exact=True).press("Enter")
                await expect(page.get_by_role("alert")).to_contain_text(one.told["vi"])
        assert await checked(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.screenshot(path=shots / f"first-shift-{number}-{width}.png", full_page=True)
        if number < len(first_shift().steps):
            await expect(page.get_by_role("link", name="Bước tiếp")).to_be_focused()
            await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_contain_text("Bạn đã làm xong ngày")
    assert found == []


async def test_each_sound_is_heard_on_its_own(room: Room, page: Page) -> None:
    """The three calls of the bell are played when asked for, and count as no ring."""
    await sign_in(page, room)
    await page.goto(f"{room.settings.public_url}/console/first-shift/1")
    await page.evaluate(
        "(() => { const made = AudioContext.prototype.createOscillator;"
        " AudioContext.prototype.createOscillator = function () { window.tones = (window.tones ?? 0) + 1;"
        " return made.call(this); }; })()"
    )
    for heard, name in ((4, "Mức 4"), (6, "Mức 3"), (7, "Dòng mới trong ca của bạn")):
        await page.get_by_role("button", name=name).click()
        await page.wait_for_function("heard => window.tones === heard", arg=heard)
    assert await page.evaluate("document.documentElement.dataset.rang") is None
