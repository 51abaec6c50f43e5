"""The console in a real Chromium: live, light, accessible, and nothing to complain about in its own console."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from content.library import Library
from store.cases import service as cases
from store.db.engine import Store
from store.unit_of_work import BOT, unit_of_work
from tests.support import content
from tests.support.browser.console_page import sign_out
from tests.support.console_room import WORDS, Room

CRY = "Cứu em với, em đang ở bến xe"
LIGHTEST = 40 * 1024


@pytest.fixture(scope="session")
def library() -> Library:
    """The content as it ships."""
    return content.library()


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with two counsellors and an auditor; `room.base` is its address."""
    made = Room(store, library)
    await made.hire("hoaban", "hoasen", "kiem")
    async with made.served() as base:
        made.settings.public_url = base
        yield made


async def sign_in(page: Page, room: Room, login: str = "hoaban") -> None:
    """Fill in name and passphrase."""
    await page.goto(f"{room.settings.public_url}/console/login")
    await page.get_by_label("Tên đăng nhập").fill(login)
    await page.get_by_label("Mật khẩu").fill(WORDS)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/console/queue" if login != "kiem" else "**/console/audit")


def complaints(page: Page) -> list[str]:
    """Collect what the page complains about: errors, refusals of the policy, warnings."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


async def checked(page: Page, axe: str) -> list[Any]:
    """Violations axe-core finds on a page as it is now."""
    await page.evaluate(axe)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]]


async def talk(room: Room) -> str:
    """A conversation with both sides, notes and a waiting line; returns its page."""
    now = room.clock.now()
    case = await room.person(4, ["Chị ơi", CRY], "abroad:KH")
    await room.person(3, ["Em cần giấy tờ"])
    await room.person(2)
    await room.says(case, "where=abroad:KH", "note")
    await room.says(case, "contact=only_when_i_write", "note")
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        text = "Chị đây. Em có ngồi chỗ đông người được không?"
        await browser.post(f"/console/cases/{case}/reply", data={"text": text, "request_key": ""})
    async with unit_of_work(room.store, now, BOT) as work:
        conn = work.conn
        await conn.exec_driver_sql("UPDATE ledger SET status = 2")
        await cases.person_wrote(work, case)
    await room.says(case, "Dạ được, em ngồi gần quầy vé.")
    return f"{room.settings.public_url}/console/cases/{case}"


async def test_cry_appears_rings_and_is_answered_without_reloading(room: Room, page: Page, shots: Path) -> None:
    """An open queue shows a new cry, sounds, counts in the title; taking, answering, her next words."""
    found = complaints(page)
    await sign_in(page, room)
    await expect(page.get_by_role("heading", name="Lúc này không ai phải chờ")).to_be_visible()
    case = await room.person(4, [CRY])
    await expect(page.locator(f"#case-{case}")).to_be_visible(timeout=1000)
    await expect(page).to_have_title("(1) Bàn trực · Nhịp Cầu")
    assert await page.evaluate("document.documentElement.dataset.rang") == "1"
    await page.screenshot(path=shots / "console-queue-rings.png")
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await expect(page.get_by_role("log")).to_contain_text(CRY)
    await expect(page).to_have_title("(1) Trao đổi · Nhịp Cầu")
    await page.get_by_label("Câu trả lời").fill("Chị đọc rồi em nhé")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".line.out")).to_contain_text("Chị đọc rồi em nhé")
    await expect(page).to_have_title("Trao đổi · Nhịp Cầu")
    await expect(page.get_by_label("Câu trả lời")).to_have_value("")
    await page.get_by_label("Câu trả lời").fill("đang viết dở")
    await room.says(case, "Dạ em nghe")
    await expect(page.get_by_role("log")).to_contain_text("Dạ em nghe")
    await expect(page.get_by_label("Câu trả lời")).to_have_value("đang viết dở")
    assert found == []


async def test_signing_out_elsewhere_sends_an_open_page_to_the_sign_in(room: Room, context: BrowserContext) -> None:
    """Two tabs of one session: signing out in one leaves no person on the screen of the other."""
    queue, other = await context.new_page(), await context.new_page()
    await sign_in(queue, room)
    await other.goto(f"{room.settings.public_url}/console/queue")
    await sign_out(other)
    await queue.wait_for_url("**/console/login?ended", timeout=10_000)
    await expect(queue.get_by_role("alert")).to_contain_text("không còn hiện ở màn hình này")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
async def test_every_page_is_accessible_and_fits(
    room: Room, chromium: Browser, shots: Path, axe: str, scheme: str, width: int
) -> None:
    """No axe violation, no sideways scrolling, wide and narrow, light and dark."""
    context = await chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = await context.new_page()
    found = complaints(page)
    await room.hire("hoadao")
    await room.told()
    case = await talk(room)
    base = room.settings.public_url
    await page.goto(f"{base}/console/login")
    pages = {"signin": None, "queue": f"{base}/console/queue", "case": case, "problem": f"{base}/console/audit"}
    pages |= {"board": f"{base}/console/deadlines", "roster": f"{base}/console/roster"}
    pages |= {"tips": f"{base}/console/tips", "questions": f"{base}/console/questions"}
    for name, address in pages.items():
        if name == "queue":
            await sign_in(page, room)
        elif name == "questions":
            await context.clear_cookies()
            await sign_in(page, room, "hoadao")
        if address:
            await page.goto(address)
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        await page.screenshot(path=shots / f"console-{name}-{width}-{scheme}.png", full_page=name == "case")
        assert await checked(page, axe) == [], name
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
    await context.close()
    assert [said for said in found if "403" not in said] == []


async def test_records_are_accessible(room: Room, page: Page, shots: Path, axe: str) -> None:
    """The auditor's table, in English, by keyboard."""
    await talk(room)
    await sign_in(page, room, "kiem")
    await page.locator(".me summary").click()
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Records")).to_be_visible()
    await page.screenshot(path=shots / "console-audit.png")
    assert await checked(page, axe) == []


async def test_console_can_be_worked_by_keyboard_alone(room: Room, page: Page) -> None:
    """Skip link first, then the queue, the case, taking it, the answer and its button; focus is always to be seen."""
    case = await room.person(3, [CRY])
    await sign_in(page, room)
    await page.reload()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    await tab_to(page, await page.locator(f"#case-{case} a").inner_text())
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_be_visible()
    await tab_to(page, "Nhận ca")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Câu trả lời")).to_be_focused()
    await page.keyboard.type("Chị đọc rồi em nhé")
    await tab_to(page, "Gửi")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.out")).to_contain_text("Chị đọc rồi em nhé")


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button or the field of this name has the focus: forty times at most, from wherever it is."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        named = await page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
        if named.startswith(name):
            return
    raise AssertionError(f"no Tab reaches {name}")


async def test_first_visit_is_light(room: Room, page: Page) -> None:
    """Everything a queue page loads on the first visit, headers aside, is under 40 KB on the wire."""
    await room.person(3)
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    await sign_in(page, room)
    session.on("Network.dataReceived", lambda event: sizes.append(event["encodedDataLength"]))
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-live", "on")
    assert 8 * 1024 < sum(sizes) < LIGHTEST


async def test_browser_keeps_no_word_of_a_conversation(
    chromium: Browser, room: Room, page: Page, context: BrowserContext
) -> None:
    """After signing out storage is empty, no cookie but the known device's is left, and back shows nothing."""
    case = await talk(room)
    await sign_in(page, room)
    await page.goto(case)
    await expect(page.get_by_role("log")).to_contain_text(CRY)
    await sign_out(page)
    await page.wait_for_url("**/console/login")
    assert await page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert [cookie["name"].split("-")[0] for cookie in await context.cookies()] == ["device"]
    await page.go_back()
    assert CRY not in await page.content()


async def test_draft_typed_on_a_dead_line_is_kept_when_it_comes_back(room: Room, page: Page) -> None:
    """What she types while the server is away is sealed there as soon as it is back; the browser stores nothing."""
    case = await room.person(3, [CRY])
    await sign_in(page, room)
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await expect(page.locator("#text")).to_be_visible()
    await page.context.set_offline(True)
    async with page.expect_event("requestfailed", lambda sent: sent.url.endswith("/draft")):
        await page.get_by_label("Câu trả lời").fill("viết lúc mất mạng")
    async with page.expect_response(lambda answer: answer.url.endswith("/draft"), timeout=15_000) as kept:
        await page.context.set_offline(False)
    assert (await kept.value).status == 204
    await expect(page.get_by_label("Câu trả lời")).to_have_value("viết lúc mất mạng")
    other = await page.context.new_page()
    await other.goto(f"{room.settings.public_url}/console/cases/{case}")
    await expect(other.get_by_label("Câu trả lời")).to_have_value("viết lúc mất mạng")
    assert await page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


async def test_look_first_shows_the_messages_and_sends_nothing(room: Room, page: Page) -> None:
    """The button beside sending shows what will arrive; the next answer leaves by the keyboard."""
    await room.person(3, [CRY])
    await sign_in(page, room)
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await page.get_by_label("Câu trả lời").fill("Chị đọc rồi em nhé")
    await page.get_by_role("button", name="Xem trước").click()
    await expect(page.locator(".preview")).to_contain_text("Chưa gửi gì cả.")
    await expect(page.locator(".line.out")).to_have_count(0)
    await page.get_by_label("Câu trả lời").fill("Chị đọc rồi em")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".line.out")).to_contain_text("Chị đọc rồi em")
    await expect(page.get_by_label("Câu trả lời")).to_have_value("")


async def test_answer_works_without_javascript(chromium: Browser, room: Room) -> None:
    """Sign in, take, answer, read, with scripts switched off."""
    case = await room.person(3, [CRY])
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{room.settings.public_url}/console/login")
    await page.get_by_label("Tên đăng nhập").fill("hoaban")
    await page.get_by_label("Mật khẩu").fill(WORDS)
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await page.get_by_label("Câu trả lời").fill("Chị đọc rồi em nhé")
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(page.locator(".line.out")).to_contain_text("Chị đọc rồi em nhé")
    assert str(case) in page.url
    await context.close()


async def test_a_refused_form_comes_back_on_its_page_as_it_was_typed(
    room: Room, page: Page, shots: Path, axe: str
) -> None:
    """The reason stands above both columns of the case; what was typed is in the form, and the form is unfolded."""
    await sign_in(page, room)
    case = await room.person(3, [CRY])
    await page.goto(f"{room.settings.public_url}/console/cases/{case}")
    await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
    await page.get_by_text("Việc kế tiếp").click()
    await page.evaluate("document.querySelector(\"form[action$='/next']\").noValidate = true")
    await page.get_by_label("Việc", exact=True).select_option(index=1)
    await page.get_by_label("Vào ngày nào").fill("2020-01-02")
    await page.locator("form[action$='/next'] button").click()
    await expect(page.get_by_role("alert").filter(has_text="Chưa hẹn việc nào")).to_be_visible()
    await expect(page.get_by_label("Vào ngày nào")).to_have_value("2020-01-02")
    await expect(page.get_by_label("Vào ngày nào")).to_be_visible()
    talk_box, facts_box = await page.locator(".talk").bounding_box(), await page.locator("#about").bounding_box()
    assert talk_box is not None
    assert facts_box is not None
    assert facts_box["y"] == talk_box["y"], "the facts stand beside the talk, not below it"
    await page.screenshot(path=shots / "console-refused.png", full_page=True)
    assert await checked(page, axe) == []
