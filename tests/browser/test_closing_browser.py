"""Closing in a real Chromium: twice said while she waits, open while she writes, back again; and the other language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from content.library import Library
from store.db.engine import Store
from tests.browser.test_console_browser import checked, complaints, library, sign_in
from tests.support.console_room import Room

__all__ = ["library"]


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with two counsellors, a shift lead, an auditor and an administrator."""
    made = Room(store, library, check=0.5)
    await made.hire("hoaban", "hoasen", "hoadao", "kiem", "quantri")
    async with made.served() as base:
        made.settings.public_url = base
        yield made


async def taken(room: Room, page: Page, *words: str) -> str:
    """The address of a case that she has taken; its page is open."""
    case = await room.person(3, words)
    await sign_in(page, room)
    where = f"{room.settings.public_url}/console/cases/{case}"
    await page.goto(where)
    await page.get_by_role("button", name="Nhận ca").first.click()
    await expect(page.locator("#text")).to_be_visible()
    return where


async def facts_shown(page: Page) -> None:
    """On a phone the facts of a case stand behind a button."""
    door = page.locator(".facts-door")
    if await door.is_visible() and await door.get_attribute("aria-expanded") == "false":
        await door.click()


async def test_closing_while_she_writes_is_asked_again_and_never_snaps_shut(room: Room, page: Page) -> None:
    """The form is open, a line of hers comes, the choice is still there; the count is of now; then it is undone."""
    found = complaints(page)
    where = await taken(room, page, "em đây ạ", "chị ơi")
    case = where.rpartition("/")[2]
    await page.locator("#closing summary").click()
    await page.locator("#reason").select_option("answered")
    await room.says(UUID(case), "em sợ")
    await expect(page.locator("#lines")).to_contain_text("em sợ")
    await expect(page.locator("#closing")).to_have_attribute("open", "")
    await expect(page.locator("#reason")).to_have_value("answered")
    await page.locator("#closing button").click()
    await expect(page.get_by_role("alert").first).to_contain_text("còn 3 dòng chưa được trả lời")
    await expect(page.locator("#reason")).to_have_value("answered")
    await room.says(UUID(case), "chị còn đó không")
    await expect(page.locator("#lines")).to_contain_text("chị còn đó không")
    await page.get_by_label("Vẫn đóng dù còn 3 dòng").check()
    await page.locator("#closing button").click()
    await expect(page.get_by_role("alert").first).to_contain_text("còn 4 dòng chưa được trả lời")
    again = page.get_by_label("Vẫn đóng dù còn 4 dòng")
    await expect(again).to_be_focused()
    await expect(again).not_to_be_checked()
    await again.check()
    await page.locator("#closing button").click()
    await page.get_by_role("button", name="Mở lại ca").click()
    await expect(page.locator("#text")).to_be_visible()
    await page.locator("#text").fill("Chị đây em")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".line.out .said").last).to_have_text("Chị đây em")
    assert [one for one in found if "409" not in one] == []


async def test_a_closed_case_is_found_by_a_part_of_its_alias_and_opened_again(room: Room, page: Page) -> None:
    """By the keyboard: from the queue to the search, to the case, and back into her hands; a second tab sees it."""
    where = await taken(room, page, "em đây ạ")
    alias = (await page.locator("#alias").inner_text()).split()
    await page.locator("#closing summary").click()
    await page.locator("#reason").select_option("safe")
    await page.locator("#closing button").click()
    await page.get_by_label("Vẫn đóng dù còn 1 dòng").check()
    await page.locator("#closing button").click()
    await expect(page.get_by_role("button", name="Mở lại ca")).to_be_visible()
    await page.goto(f"{room.settings.public_url}/console/queue")
    await page.locator("#find-case").fill(f"{alias[0]} {alias[-1][:3]}")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name=" ".join(alias)).press("Enter")
    await page.wait_for_url(where)
    await page.get_by_role("button", name="Mở lại ca").press("Enter")
    await expect(page.locator("#text")).to_be_visible()


async def test_a_code_shown_once_outlives_the_change_of_language(
    room: Room, page: Page, context: BrowserContext
) -> None:
    """The other language opens beside the page that holds the code, which stays as it is."""
    await sign_in(page, room, "hoadao")
    await page.goto(f"{room.settings.public_url}/console/roster")
    await page.get_by_role("button", name="Tạo mã cho điện thoại").click()
    code = await page.locator(".code").inner_text()
    await page.locator("details.me summary").click()
    async with context.expect_page() as opened:
        await page.locator(".languages button[value=en]").click()
    beside = await opened.value
    await expect(beside.locator("html")).to_have_attribute("lang", "en")
    assert beside.url.endswith("/console/roster")
    assert await page.locator(".code").inner_text() == code


@pytest.mark.parametrize("width", [1280, 360])
async def test_pages_of_found_cases_and_of_the_records_are_accessible_and_fit(
    room: Room, chromium: Browser, axe: str, width: int
) -> None:
    """No axe violation, no sideways scrolling, and on a phone what was done is not cut off."""
    context = await chromium.new_context(viewport={"width": width, "height": 800})
    page = await context.new_page()
    where = await taken(room, page, "em đây ạ")
    await facts_shown(page)
    await page.locator("#closing summary").click()
    await page.locator("#reason").select_option("safe")
    await page.locator("#closing button").click()
    base = f"{room.settings.public_url}/console"
    await expect(page.get_by_role("alert").first).to_contain_text("còn 1 dòng chưa được trả lời")
    wrong = {"refused": await checked(page, axe)}
    await facts_shown(page)
    await page.get_by_label("Vẫn đóng dù còn 1 dòng").check()
    await page.locator("#closing button").click()
    for name, path in (("closed case", where), ("closed", f"{base}/closed"), ("search", f"{base}/search?q=a")):
        await page.goto(path)
        wrong[name] = await checked(page, axe)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
    await context.clear_cookies()
    await sign_in(page, room, "kiem")
    wrong["records"] = await checked(page, axe)
    done = await page.locator(".records b").first.bounding_box()
    assert done is not None
    assert done["x"] + done["width"] <= width
    await page.goto(f"{base}/audit/exports?act=case.read")
    await page.locator("#why").fill("Kiểm tra quý 4 theo kế hoạch")
    await page.get_by_role("button", name="Gửi yêu cầu").click()
    await expect(page.get_by_text("Kiểm tra quý 4")).to_be_visible()
    wrong["exports"] = await checked(page, axe)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await context.close()
    assert {name: one for name, one in wrong.items() if one} == {}


async def test_on_paper_a_conversation_is_whole_and_holds_no_private_note(room: Room, page: Page) -> None:
    """Every line, also those that were scrolled out of sight; no form, no note of a colleague."""
    where = await taken(room, page, *(f"dòng {number}" for number in range(60)))
    await page.request.post(
        f"{where}/note", form={"note": "Nhờ ca sau hỏi giấy tờ"}, headers={"sec-fetch-site": "same-origin"}
    )
    await page.reload()
    await expect(page.get_by_text("Nhờ ca sau hỏi giấy tờ")).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.locator("#alias")).to_be_visible()
    await expect(page.locator(".line.in")).to_have_count(60)
    cut = "const box = document.querySelector('#lines'); return box.scrollHeight - box.clientHeight"
    assert await page.evaluate(f"(() => {{ {cut} }})()") <= 1
    for never in (".line.private", "#text", ".casework", "#closing", ".languages", "main form"):
        for one in await page.locator(never).all():
            await expect(one).to_be_hidden()
