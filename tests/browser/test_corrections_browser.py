"""Corrections by hand in a real Chromium: on the open page, for both who look at it, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.test_console_browser import checked, complaints, library, room, sign_in
from tests.support.console_room import Room

__all__ = ["library", "room"]
SAME = {"sec-fetch-site": "same-origin"}


@pytest.fixture
async def other(chromium: Browser) -> AsyncIterator[Page]:
    """A page of a colleague, in a browser of her own."""
    made: BrowserContext = await chromium.new_context(locale="vi-VN", reduced_motion="reduce")
    yield await made.new_page()
    await made.close()


async def opened(page: Page, room: Room, case: object) -> None:
    """Open a case and wait until it hears."""
    await page.goto(f"{room.settings.public_url}/console/cases/{case}")
    await expect(page.locator("html")).to_have_attribute("data-live", "on")


async def facts(page: Page) -> None:
    """Open the sheet of facts where they do not stand beside the thread."""
    if await page.locator(".facts-door").is_visible():
        await page.locator(".facts-door").click()


async def choose_level(page: Page, level: str, reason: str) -> None:
    """Choose another level, by keyboard alone, from the answer box."""
    await page.locator("#level-change summary").focus()
    await page.keyboard.press("Enter")
    await page.locator("#level-to").select_option(level)
    await page.locator("#level-why").select_option(reason)
    await page.locator("#level-words").fill("nghe có tiếng cãi nhau")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [1280, 360])
async def test_level_is_raised_in_place_and_nothing_typed_is_lost(
    room: Room, page: Page, other: Page, axe: str, shots: Path, width: int
) -> None:
    """The page is not loaded anew; the colleague's page has the new level; the answer that was begun is still there."""
    found = complaints(page)
    await page.set_viewport_size({"width": width, "height": 800})
    case = await room.person(2, ["Chị ơi"])
    await sign_in(page, room)
    await sign_in(other, room, "hoasen")
    await opened(page, room, case)
    await page.locator("#composer").get_by_role("button", name="Nhận ca").click()
    await opened(page, room, case)
    await opened(other, room, case)
    await page.locator("#text").fill("Chị đây, em")
    await page.evaluate("window.still = true")
    await choose_level(page, "4", "violence")
    for shown in (page, other):
        await expect(shown.locator("#level")).to_contain_text("4")
        await expect(shown.locator("#lines")).to_contain_text("Hoa Ban đổi mức 2 sang 4. Đang hoặc sắp bị đánh")
        await expect(shown.locator("#lines")).to_contain_text("nghe có tiếng cãi nhau")
    assert await page.evaluate("window.still")
    assert await page.locator("#text").input_value() == "Chị đây, em"
    await page.locator("#level-change summary").click()
    await page.screenshot(path=shots / f"console-level-{width}.png")
    assert await checked(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []


async def test_level_is_lowered_by_two_and_a_form_that_is_open_stays_open(
    room: Room, page: Page, other: Page, axe: str, shots: Path
) -> None:
    """Asked by one, confirmed by the other on her open page; a line of hers does not shut what is being filled in."""
    case = await room.person(4, ["Chị ơi"])
    await sign_in(page, room)
    await sign_in(other, room, "hoasen")
    await opened(page, room, case)
    await opened(other, room, case)
    await page.locator("#level-change summary").click()
    await page.locator("#level-to").select_option("2")
    await page.locator("#level-words").fill("đã hỏi lại")
    await room.says(case, "em ổn rồi")
    await expect(page.locator("#lines")).to_contain_text("em ổn rồi")
    assert await page.locator("#level-words").input_value() == "đã hỏi lại"
    await page.locator("#level-why").select_option("says_safe")
    await page.locator("#level-change").get_by_role("button").click()
    request = other.locator("#level-request")
    await expect(request).to_contain_text("Hoa Ban đề nghị hạ ca này từ mức 4 xuống mức 2.")
    await expect(page.locator("#level-request")).to_contain_text("Rút lại")
    await other.screenshot(path=shots / "console-level-request.png")
    assert await checked(other, axe) == []
    await request.get_by_role("button", name="Xác nhận hạ mức").click()
    for shown in (page, other):
        await expect(shown.locator("#level")).to_contain_text("2")
        await expect(shown.locator("#lines")).to_contain_text("Hoa Sen đã xác nhận: mức 4 xuống 2")
        await expect(shown.locator("#level-request")).to_be_empty()


async def test_refused_change_is_said_in_its_form(room: Room, page: Page) -> None:
    """A reason of the other direction: the sentence stands in the form, with what was chosen."""
    case = await room.person(3, ["Chị ơi"])
    await sign_in(page, room)
    await opened(page, room, case)
    await choose_level(page, "4", "misheard")
    await expect(page.locator("#level-change [role=alert]")).to_contain_text("Chưa đổi mức")
    assert await page.locator("#level-to").input_value() == "4"


async def test_take_is_undone_within_ten_seconds(room: Room, page: Page, other: Page, axe: str, shots: Path) -> None:
    """The offer counts down beside the answer box; pressed, the colleague's row can be taken again."""
    case = await room.person(3, ["Chị ơi"])
    await sign_in(page, room)
    await sign_in(other, room, "hoasen")
    await page.get_by_role("button", name="Nhận").click()
    undo = page.locator("#undo-take")
    await expect(undo.locator(".left")).not_to_be_empty()
    await expect(other.locator(f"#case-{case}")).to_contain_text("Hoa Ban")
    await page.screenshot(path=shots / "console-undo-take.png")
    assert await checked(page, axe) == []
    await undo.get_by_role("button").click()
    await page.wait_for_url("**/console/queue")
    for shown in (page, other):
        await expect(shown.locator(f"#case-{case}").get_by_role("button", name="Nhận")).to_be_visible()


async def test_offer_to_undo_goes_by_itself_and_what_is_typed_stays(room: Room, page: Page) -> None:
    """After ten seconds, without a reload."""
    await page.clock.install()
    await room.person(3, ["Chị ơi"])
    await sign_in(page, room)
    await page.get_by_role("button", name="Nhận").click()
    await page.locator("#text").fill("Chị đây")
    await expect(page.locator("#undo-take")).to_be_visible()
    await page.clock.run_for(11_000)
    await expect(page.locator("#undo-take")).to_have_count(0)
    assert await page.locator("#text").input_value() == "Chị đây"


@pytest.mark.parametrize("width", [1280, 360])
async def test_case_is_put_back(room: Room, page: Page, other: Page, axe: str, shots: Path, width: int) -> None:
    """From the facts; the colleague who has the case open is offered it at once."""
    await page.set_viewport_size({"width": width, "height": 800})
    case = await room.person(3, ["Chị ơi"])
    await sign_in(page, room)
    await sign_in(other, room, "hoasen")
    await page.get_by_role("button", name="Nhận").click()
    await opened(other, room, case)
    await expect(other.locator("#composer")).to_contain_text("Hoa Ban đang giữ")
    await facts(page)
    await page.locator("#put-back summary").click()
    await page.screenshot(path=shots / f"console-put-back-{width}.png")
    assert await checked(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.locator("#put-back").get_by_role("button").click()
    await page.wait_for_url("**/console/queue")
    await expect(other.locator("#composer").get_by_role("button", name="Nhận")).to_be_visible()
    await expect(other.locator("#lines")).to_contain_text("Hoa Ban trả ca về hàng chờ")


@pytest.mark.parametrize("width", [1280, 360])
async def test_place_is_corrected_in_place(room: Room, page: Page, axe: str, shots: Path, width: int) -> None:
    """By keyboard, beside the talk that goes on; the facts and the thread have it without a reload."""
    found = complaints(page)
    await page.set_viewport_size({"width": width, "height": 800})
    case = await room.person(3, ["Chị ơi"])
    await sign_in(page, room)
    await opened(page, room, case)
    await page.evaluate("window.still = true")
    await facts(page)
    await page.locator("#edit-place").focus()
    await page.keyboard.press("Enter")
    form = page.locator("#edit-fact")
    await form.get_by_label("Tỉnh").select_option(label="Điện Biên")
    await room.says(case, "em ở đây")
    await expect(page.locator("#lines")).to_contain_text("em ở đây")
    await form.get_by_label("Xã").fill("Xã không có")
    await page.screenshot(path=shots / f"console-edit-place-{width}.png")
    assert await checked(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.keyboard.press("Enter")
    await expect(form.get_by_role("alert")).to_contain_text("không tìm thấy xã này")
    await form.get_by_label("Xã").fill("Na Sang")
    await page.keyboard.press("Enter")
    await expect(page.locator("#facts")).to_contain_text("Điện Biên · Xã Na Sang")
    await expect(page.locator("#lines")).to_contain_text("Hoa Ban sửa nơi: Ở Việt Nam → Ở Việt Nam · Điện Biên")
    await expect(form).to_be_hidden()
    assert await page.evaluate("window.still && document.activeElement.id") == "edit-place"
    await page.locator("#edit-age").click()
    await expect(form.get_by_label("Dưới 16 tuổi")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    assert [said for said in found if "422" not in said] == []


@pytest.mark.parametrize("width", [1280, 360])
async def test_collision_is_said_in_place(
    room: Room, page: Page, other: Page, axe: str, shots: Path, width: int
) -> None:
    """Her press comes second: who was first, the way back and the next case, over the desk that goes on."""
    await page.set_viewport_size({"width": width, "height": 800})
    case, following = await room.person(4, ["Chị ơi"]), await room.person(3)
    await sign_in(page, room)
    await sign_in(other, room, "hoasen")

    async def late(route: Route) -> None:
        await other.request.post(f"{room.settings.public_url}/console/cases/{case}/take", headers=SAME)
        await route.continue_()

    await page.route(f"**/cases/{case}/take", late)
    await page.locator(f"#case-{case}").get_by_role("button", name="Nhận").click()
    toast = page.locator("#toast")
    await expect(toast).to_contain_text("Hoa Sen vừa nhận trước")
    assert page.url.endswith("/console/queue")
    await page.screenshot(path=shots / f"console-collision-{width}.png")
    assert await checked(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await toast.get_by_role("link", name="Ca kế tiếp").click()
    await page.wait_for_url(f"**/console/cases/{following}")
    await expect(toast).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 360])
async def test_readers_of_a_case_see_who_looks_and_writes(
    room: Room, page: Page, other: Page, axe: str, shots: Path, width: int
) -> None:
    """Live, on both pages, without a word of what is typed; whoever is alone sees nothing."""
    await page.set_viewport_size({"width": width, "height": 800})
    case = await room.person(3, ["Chị ơi"])
    await sign_in(page, room)
    await sign_in(other, room, "hoasen")
    await opened(other, room, case)
    await other.locator("#composer").get_by_role("button", name="Nhận ca").click()
    await expect(other.locator("#text")).to_be_visible()
    await expect(other.locator("#presence")).to_be_empty()
    await opened(page, room, case)
    await expect(page.locator("#presence")).to_have_text("Hoa Sen đang xem")
    await expect(other.locator("#presence")).to_have_text("Hoa Ban đang xem")
    await other.locator("#text").press_sequentially("Chị đây")
    await expect(page.locator("#presence")).to_have_text("Hoa Sen đang viết")
    assert (await page.locator("#alias").bounding_box() or {"width": 0})["width"] > 100, "the alias stays in view"
    await page.screenshot(path=shots / f"console-presence-{width}.png")
    assert await checked(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await expect(page.locator("#presence")).to_have_text("Hoa Sen đang xem")


async def test_head_of_a_case_is_one_row_on_a_phone(room: Room, page: Page, axe: str, shots: Path) -> None:
    """The way to another level stands beside the alias and its whole number, large enough for a thumb."""
    await page.set_viewport_size({"width": 360, "height": 640})
    case = await room.person(4, ["Cứu em với"])
    await sign_in(page, room)
    await opened(page, room, case)
    head, alias, change, door = [
        box
        for shown in (".head", "#alias", "#level-change summary", ".facts-door")
        if (box := await page.locator(shown).bounding_box())
    ]
    assert head["height"] <= 56, head
    for part in (alias, change, door):
        assert head["y"] <= part["y"]
        assert part["y"] + part["height"] <= head["y"] + head["height"]
    assert min(change["width"], change["height"]) >= 44
    number = await page.locator("#alias small").bounding_box()
    assert number
    assert number["x"] + number["width"] <= alias["x"] + alias["width"], "the number is never cut off"
    assert max(part["x"] + part["width"] for part in (alias, change, door)) <= 360
    await page.screenshot(path=shots / "head-of-a-case-360.png")
    assert await checked(page, axe) == []
