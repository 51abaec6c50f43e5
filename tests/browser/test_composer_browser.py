"""Typing and sending on a slow line, in a real Chromium: nothing is replaced, lost, doubled or out of order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, Route, expect
from sqlalchemy import update

from simulator.core.sample_media import square_png
from store.cases.service import load_case
from store.casework import assignment
from store.people.models import person
from tests.browser.test_console_browser import CRY, checked, complaints, library, room, sign_in
from tests.support.console_room import Room

__all__ = ["library", "room"]
FIRST, SECOND = "Dòng một đã gửi", "Dòng hai: em đừng mở cửa"


class Line:
    """A line to the server on which answers wait until they are let through."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.sent: list[str] = []

    async def carry(self, route: Route) -> None:
        """Note what was sent, and wait."""
        self.sent.append(route.request.post_data or "")
        await self.free.wait()
        await route.continue_()


@pytest.fixture
async def case(room: Room, page: Page) -> UUID:
    """A case that the counsellor has taken and has open, with its stream."""
    made = await room.person(3, [CRY])
    await sign_in(page, room)
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await expect(page.locator("#text")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-live", "on")
    return made


@pytest.fixture
async def line(page: Page, case: UUID) -> AsyncIterator[Line]:
    """A slow line for her answers."""
    made = Line()
    await page.route("**/reply", made.carry)
    yield made
    made.free.set()


async def written(page: Page, text: str) -> None:
    """Write an answer and send it by keyboard."""
    await page.locator("#text").fill(text)
    await page.keyboard.press("Control+Enter")


async def answered(page: Page, *texts: str) -> None:
    """Wait until exactly these answers stand in the talk, in this order."""
    await expect(page.locator(".line.out .said")).to_have_text(list(texts), timeout=30_000)


async def test_what_is_typed_while_an_answer_is_on_its_way_stays(
    page: Page, line: Line, case: UUID, shots: Path
) -> None:
    """The box is empty at once, what is typed next is untouched, and it is the draft after a reload."""
    found = complaints(page)
    await written(page, FIRST)
    await expect(page.locator("#text")).to_have_value("")
    await expect(page.locator("#pending")).to_contain_text(FIRST)
    await page.keyboard.type(SECOND)
    for width in (360, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.locator("#pending").scroll_into_view_if_needed()
        await page.screenshot(path=shots / f"console-on-its-way-{width}.png")
    async with page.expect_response(lambda said: said.url.endswith("/draft")):
        line.free.set()
    await answered(page, FIRST)
    await expect(page.locator("#text")).to_have_value(SECOND)
    await expect(page.locator("#pending p")).to_have_count(0)
    await page.reload()
    await expect(page.locator("#text")).to_have_value(SECOND)
    assert found == []


async def test_late_answer_of_the_server_takes_none_of_her_lines_away(room: Room, page: Page, case: UUID) -> None:
    """She writes while the server's word on an answer is still on its way back: it shows the talk as it was before."""
    done, back = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        response = await route.fetch()
        done.set()
        await back.wait()
        await route.fulfill(response=response)

    await page.route("**/reply", late)
    await written(page, FIRST)
    await done.wait()
    await room.says(case, "Em nghe chị")
    hers = page.locator(".line.in .said")
    await expect(hers).to_have_text([CRY, "Em nghe chị"])
    back.set()
    await expect(page.locator("#pending p")).to_have_count(0)
    await expect(hers).to_have_text([CRY, "Em nghe chị"])
    await answered(page, FIRST)


async def test_answers_sent_in_a_burst_leave_in_order_and_once(page: Page, line: Line, case: UUID) -> None:
    """Five short answers, the first still on its way: each waits for the one before."""
    texts = [f"Câu số {n}" for n in range(5)]
    for text in texts:
        await written(page, text)
    await page.locator("#text").fill("còn đang viết")
    await expect(page.locator("#pending p")).to_have_count(5)
    assert len(line.sent) == 1
    line.free.set()
    await answered(page, *texts)
    await expect(page.locator("#text")).to_have_value("còn đang viết")
    assert len(line.sent) == 5


async def test_answer_that_must_be_looked_at_keeps_those_behind_it(page: Page, line: Line, case: UUID) -> None:
    """When the first does not leave, nothing behind it leaves; all of it is in the box, in order."""
    long = "a" * 2500
    await written(page, long)
    await written(page, FIRST)
    await page.keyboard.type(SECOND)
    line.free.set()
    await expect(page.locator(".preview")).to_contain_text("Chưa gửi gì cả.")
    await expect(page.locator("#text")).to_have_value(f"{long}\n{FIRST}\n{SECOND}")
    await expect(page.locator("#pending p, .line.out")).to_have_count(0)


@pytest.mark.parametrize("arrived", [True, False], ids=["answer lost", "request lost"])
async def test_answer_whose_line_broke_is_sent_again_and_arrives_once(page: Page, case: UUID, arrived: bool) -> None:
    """Whether the server had it or not: the same key goes again until it is known, and the next waits behind it."""
    keys: list[str] = []

    async def broken(route: Route) -> None:
        keys.append((route.request.post_data or "").partition('name="request_key"\r\n\r\n')[2].partition("\r\n")[0])
        if len(keys) > 1:
            await route.continue_()
            return
        if arrived:
            await route.fetch()
        await route.abort()

    await page.route("**/reply", broken)
    await written(page, FIRST)
    await written(page, SECOND)
    await answered(page, FIRST, SECOND)
    await expect(page.locator("#text")).to_have_value("")
    assert keys[0] == keys[1] != keys[2]


async def test_refusal_that_is_a_whole_page_gives_the_words_back(page: Page, case: UUID) -> None:
    """A page instead of parts (a right that is gone): its sentence is shown, the box is full again."""

    async def refused(route: Route) -> None:
        await route.fulfill(status=403, content_type="text/html", body="<h1>Ca này không mở cho bạn.</h1>")

    await page.route("**/reply", refused)
    await written(page, FIRST)
    await expect(page.locator("#trouble [role=alert]")).to_have_text("Ca này không mở cho bạn.")
    await expect(page.locator("#text")).to_have_value(FIRST)


async def test_line_at_hand_goes_to_the_cursor_and_takes_nothing_away(page: Page, case: UUID) -> None:
    """Before, in and after what stands there; also over a selection."""
    box = page.locator("#text")
    door, line = page.locator(".at-hand summary"), page.locator(".canned [role=option]").first
    said = await page.locator("[data-fill]").first.get_attribute("data-fill")
    await box.fill("Em đang viết dở dang")
    await door.click()
    await line.click()
    await expect(box).to_have_value(f"Em đang viết dở dang\n{said}")
    await box.fill("trước sau")
    await box.evaluate("box => box.setSelectionRange(6, 6)")
    await door.click()
    await line.click()
    await expect(box).to_have_value(f"trước {said}\nsau")
    await box.fill("tất cả")
    await box.evaluate("box => box.select()")
    await door.click()
    await line.click()
    await expect(box).to_have_value(f"tất cả\n{said}")


async def test_line_at_hand_follows_a_draft_that_nobody_clicked_into(page: Page, case: UUID) -> None:
    """On a page just opened the kept draft stays in front."""
    async with page.expect_response(lambda said: said.url.endswith("/draft")):
        await page.locator("#text").fill(FIRST)
    await page.reload()
    said = await page.locator("[data-fill]").first.get_attribute("data-fill")
    await page.locator(".at-hand summary").click()
    await page.locator(".canned [role=option]").first.click()
    await expect(page.locator("#text")).to_have_value(f"{FIRST}\n{said}")


async def test_line_at_hand_comes_into_the_text_by_keyboard(page: Page, case: UUID, axe: str, shots: Path) -> None:
    """A stroke at the beginning of a line opens the list; words narrow it, Enter puts in, Escape leaves the text."""
    box, lines = page.locator("#text"), page.locator("[data-fill]")
    wanted = lines.nth(1)
    said, title = await wanted.get_attribute("data-fill"), await wanted.locator("b").inner_text()
    await box.fill("Chị đây")
    await page.keyboard.type("1/2")
    await expect(box).to_have_value("Chị đây1/2")
    await page.keyboard.press("Enter")
    await page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Tìm trong câu có sẵn")
    await expect(search).to_be_focused()
    assert await checked(page, axe) == []
    await page.screenshot(path=shots / "console-canned-lines.png")
    await page.keyboard.press("Escape")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("Chị đây1/2\n")
    await page.keyboard.press("/")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("[role=option][aria-selected=true]")).to_have_attribute("data-fill", said or "")
    await page.keyboard.type(title)
    await page.keyboard.press("Enter")
    await expect(box).to_have_value(f"Chị đây1/2\n{said}")
    await box.fill("")
    await page.keyboard.type("//")
    await expect(box).to_have_value("/")


async def test_twenty_short_lines_typed_fast_leave_in_order_and_once(page: Page, case: UUID) -> None:
    """By the keyboard alone, none waiting for the server: twenty lines in the talk, none twice, none lost."""
    texts = [f"Câu {n}" for n in range(20)]
    await page.locator("#text").focus()
    for text in texts:
        await page.keyboard.type(text)
        await page.keyboard.press("Control+Enter")
    await answered(page, *texts)
    await expect(page.locator("#pending")).to_have_count(0)
    await expect(page.locator("#text")).to_have_value("")


async def test_real_line_takes_the_place_of_the_one_on_its_way(page: Page, case: UUID) -> None:
    """At the end of the talk at once; when the stream brings the line before the answer is back, it is there once."""
    done, back = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        response = await route.fetch()
        done.set()
        await back.wait()
        await route.fulfill(response=response)

    await page.route("**/reply", late)
    await written(page, FIRST)
    await expect(page.locator("#lines > :last-child")).to_have_attribute("id", "pending")
    await expect(page.locator("#pending")).to_be_in_viewport(ratio=0.99)
    await done.wait()
    await answered(page, FIRST)
    await expect(page.locator("#pending")).to_have_count(0)
    back.set()
    await answered(page, FIRST)


@pytest.mark.parametrize("height", [380, 640])
@pytest.mark.parametrize("reachable", [True, False], ids=["reached", "blocked"])
async def test_with_the_keyboard_open_field_and_button_are_in_view(
    room: Room, page: Page, case: UUID, axe: str, shots: Path, height: int, reachable: bool
) -> None:
    """On a phone: the field, the button and why nothing gets there, above it; of the talk four lines in 640 pixels."""
    for number in range(6):
        await room.says(case, f"Dòng {number}")
    async with room.store.data.begin() as conn:
        await conn.execute(update(person).values(reachable=reachable))
    await page.set_viewport_size({"width": 360, "height": height})
    await page.reload()
    await page.locator("#text").fill("Chị vẫn ở đây đọc tin em. Em cứ giữ im trong đó. " * 8)
    await page.screenshot(path=shots / f"console-composer-{height}-{reachable}.png")
    for shown in (page.locator("#text"), page.get_by_role("button", name="Gửi", exact=True)):
        await expect(shown).to_be_in_viewport(ratio=0.99)
    warning = page.locator("#warnings .notice")
    if reachable:
        await expect(warning).to_have_count(0)
        talk = await page.locator("#lines").bounding_box()
        assert talk is not None
        assert height < 640 or talk["height"] > 4 * 60
    else:
        await expect(warning.first).to_be_in_viewport(ratio=0.99)
        await expect(page.locator("#reach .chip")).to_have_class("chip bad")
        size = "box => parseFloat(getComputedStyle(box).fontSize)"
        button = page.get_by_role("button", name="Gửi", exact=True)
        assert await warning.first.evaluate(size) >= await button.evaluate(size)
    assert await checked(page, axe) == []


async def test_chosen_file_is_named_and_its_picture_is_small(page: Page, case: UUID) -> None:
    """The name stands on the button that the keyboard reaches; looked at, the picture leaves the button in view."""
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.locator("#file").focus()
    await page.locator("#file").set_input_files(
        {"name": "giay-to.png", "mimeType": "image/png", "buffer": square_png()}
    )
    await expect(page.locator(".attach")).to_contain_text("giay-to.png")
    await page.locator("#text").fill(FIRST)
    await page.keyboard.press("Control+Enter")
    picture = page.locator(".chosen img")
    await expect(picture).to_be_visible()
    box = await picture.bounding_box()
    assert box is not None
    assert max(box["width"], box["height"]) < 80
    await expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_in_viewport(ratio=0.99)
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(page.locator(".chosen")).to_have_count(0)
    await expect(page.locator(".line.out")).to_have_count(1)
    await expect(page.locator(".attach")).to_contain_text("Đính kèm")


async def test_another_form_of_the_page_takes_no_word_away(page: Page, line: Line, case: UUID) -> None:
    """Stage, needs, note: what was typed a moment ago is the draft of the page that comes; an answer leaves first."""
    line.free.set()
    await page.locator("summary", has_text="Điều cần").click()
    await written(page, FIRST)
    await page.keyboard.type(SECOND)
    async with page.expect_navigation():
        await page.locator("form[action$=needs] button").click()
    await expect(page.locator("#text")).to_have_value(SECOND)
    await answered(page, FIRST)


async def test_leaving_by_a_link_keeps_what_was_typed(page: Page, case: UUID) -> None:
    """No pause after the last key: the words leave together with her."""
    here = page.url
    async with page.expect_request(lambda sent: sent.url.endswith("/draft")):
        await page.locator("#text").fill(SECOND)
        await page.locator(".rail a").nth(1).click()
    await page.wait_for_url("**/queue")
    await page.goto(here)
    await expect(page.locator("#text")).to_have_value(SECOND)


async def test_note_that_was_not_kept_is_not_left_without_asking(page: Page, case: UUID) -> None:
    """A note typed in the side column is asked about before another form leaves the page; its own form is not."""
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or asyncio.ensure_future(dialog.accept()))
    for summary in ("Ghi chú riêng", "Điều cần"):
        await page.locator("summary", has_text=summary).click()
    await page.locator("#note").fill("chị ấy nói có thể tới")
    async with page.expect_navigation():
        await page.locator("form[action$=needs] button").click()
    assert asked == ["beforeunload"]
    await page.locator("summary", has_text="Ghi chú riêng").click()
    await page.locator("#note").fill("chị ấy nói có thể tới")
    async with page.expect_navigation():
        await page.locator("form[action$=note] button").click()
    assert asked == ["beforeunload"]


async def test_words_stay_on_the_screen_when_the_case_goes_to_a_colleague(
    room: Room, page: Page, line: Line, case: UUID
) -> None:
    """The composer is gone, what was on its way and what was in the box is not."""
    await written(page, FIRST)
    await page.keyboard.type(SECOND)
    async with room.signed_in("hoaban") as other:
        to = {"to": room.ids["hoasen"], "reason": next(iter(assignment.REASONS))}
        await other.post(f"/console/cases/{case}/hand-on", data=to)
    await expect(page.locator("#text")).to_have_count(0)
    line.free.set()
    await expect(page.locator("blockquote.draft")).to_have_text(f"{FIRST}\n{SECOND}")
    async with room.store.data.connect() as conn:
        assert (await load_case(conn, case)).acked_by == room.ids["hoasen"]
    await expect(page.locator(".line.out")).to_have_count(0)
