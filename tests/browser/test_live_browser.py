"""One live stream for all tabs of a browser, wherever it runs: a shared worker, a page that leads, each page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from content.library import Library
from store import audit
from store.db.engine import Store
from tests.browser.test_bell_browser import opened, rang
from tests.browser.test_console_browser import CRY, complaints, library, sign_in
from tests.console.pages.test_bell import words_come
from tests.support.browser.console_page import sign_out
from tests.support.console_room import Room
from tests.support.stage import free_port, until

__all__ = ["library"]
HOMES = {
    "worker": "",
    "leader": "delete window.SharedWorker",
    "alone": "delete window.SharedWorker; delete window.BroadcastChannel",
}


class ServedRoom:
    """A console on a port of its own that can go away and come back."""

    def __init__(self, room: Room) -> None:
        self.room, self.port = room, free_port()
        self.server = contextlib.AsyncExitStack()

    async def come(self) -> None:
        """Serve."""
        self.room.settings.public_url = await self.server.enter_async_context(self.room.served(self.port))

    async def go(self) -> None:
        """Stop serving."""
        await self.server.aclose()


@pytest.fixture
async def served(store: Store, library: Library) -> AsyncIterator[ServedRoom]:
    """A served console with two counsellors."""
    made = ServedRoom(Room(store, library, check=0.5))
    await made.room.hire("hoaban", "hoasen")
    await made.come()
    yield made
    await made.go()


@pytest.fixture
def room(served: ServedRoom) -> Room:
    """The console that is served."""
    return served.room


@pytest.fixture(params=list(HOMES))
async def home(request: pytest.FixtureRequest, context: BrowserContext) -> str:
    """Where the stream runs, by what the browser has."""
    await context.add_init_script(HOMES[request.param])
    return str(request.param)


async def taken(room: Room, page: Page, cases: int) -> list[UUID]:
    """Sign in and take so many new cases."""
    made = [await room.person(2, [f"Chị ơi {n}"]) for n in range(cases)]
    await sign_in(page, room)
    for case in made:
        await page.goto(f"{room.settings.public_url}/console/cases/{case}")
        await page.locator("main").get_by_role("button", name="Nhận ca").last.click()
        await expect(page.locator("#text")).to_be_visible()
    return made


@pytest.mark.parametrize("home", ["worker", "leader"], indirect=True)
async def test_eight_tabs_share_one_stream_and_every_one_of_them_sends(
    room: Room, context: BrowserContext, page: Page, home: str
) -> None:
    """Over HTTP/1.1 a browser has six connections to a server: seven open cases and a queue take one of them."""
    cases = await taken(room, page, 7)
    paths = [f"/console/cases/{case}" for case in cases]
    tabs = [page, *[await context.new_page() for _ in range(7)]]
    for tab, path in zip(tabs, [*paths, "/console/queue"], strict=True):
        await opened(tab, room, path)
    await until(lambda: room.app.state.live.open_streams == 1, 5)
    for number, tab in enumerate(tabs[:-1]):
        await tab.locator("#text").fill(f"Chị đây {number}")
        await tab.keyboard.press("Control+Enter")
        await expect(tab.locator(".line.out .said")).to_have_text(f"Chị đây {number}", timeout=10_000)
    for number, (tab, case) in enumerate(zip(tabs, cases, strict=False)):
        await room.says(case, f"Em nghe {number}")
        await expect(tab.locator(".line.in .said").last).to_have_text(f"Em nghe {number}")
    cry = await room.person(4, [CRY])
    await expect(tabs[-1].locator(f"#case-{cry}")).to_be_visible()
    for tab in tabs:
        await expect(tab.locator("#bell .hot")).to_contain_text("1")
    assert room.app.state.live.open_streams == 1


async def test_stream_brings_the_bell_and_the_lines(room: Room, page: Page, home: str) -> None:
    """Whatever the browser has: a cry elsewhere and her next words are on the page without a reload."""
    found = complaints(page)
    [case] = await taken(room, page, 1)
    await opened(page, room, f"/console/cases/{case}")
    await room.says(case, "Em nghe")
    await expect(page.locator("#lines")).to_contain_text("Em nghe", timeout=15_000)
    await room.person(4, [CRY])
    await expect(page.locator("#bell .hot")).to_contain_text("1", timeout=15_000)
    assert int(await page.locator("html").get_attribute("data-rang") or 0) >= 1
    assert found == []


@pytest.mark.parametrize("home", ["worker", "leader"], indirect=True)
async def test_only_cases_of_open_tabs_are_streamed(room: Room, context: BrowserContext, page: Page, home: str) -> None:
    """A closed tab, or one that went to another page, is read to no more; no tab at all is no stream."""
    first, second = await taken(room, page, 2)
    await opened(page, room, f"/console/cases/{first}")
    other = await context.new_page()
    await opened(other, room, f"/console/cases/{second}")
    await other.close()
    queue = await context.new_page()
    await opened(queue, room, "/console/queue")
    async with room.store.data.connect() as conn:
        before = await audit.page(conn)
    room.clock.advance(13 * 3600)  # whoever reads after so long is recorded again
    await words_come(room, second, "nhà có người")
    await expect(queue.locator("#bell .mine")).to_have_text("2 chờ bạn")
    await words_come(room, first, "chị ơi")
    await expect(page.locator("#lines")).to_contain_text("chị ơi")
    async with room.store.data.connect() as conn:
        read = {entry.object for entry in await audit.page(conn) if entry not in before and entry.action == "case.read"}
    assert read == {str(first)}
    await page.close()
    await queue.goto("about:blank")
    await until(lambda: room.app.state.live.open_streams == 0, 10)


async def test_closing_the_page_that_leads_hands_the_stream_on(room: Room, context: BrowserContext, page: Page) -> None:
    """Without a shared worker the next page takes over, and misses nothing."""
    await context.add_init_script(HOMES["leader"])
    await sign_in(page, room)
    await opened(page, room, "/console/queue")
    other = await context.new_page()
    await opened(other, room, "/console/roster")
    await page.close()
    await room.person(4, [CRY])
    await expect(other.locator("#bell .hot")).to_contain_text("1")
    await rang(other, 1)
    assert room.app.state.live.open_streams == 1


async def test_lost_stream_is_said_in_every_tab_and_nothing_is_missed(
    served: ServedRoom, context: BrowserContext, page: Page, home: str
) -> None:
    """While the server is away all pages say that they may be out of date; what came meanwhile is there afterwards."""
    room = served.room
    await sign_in(page, room)
    await opened(page, room, "/console/queue")
    other = await context.new_page()
    await opened(other, room, "/console/roster")
    await served.go()
    for tab in (page, other):
        await expect(tab.locator("#lost")).to_be_visible(timeout=30_000)
    case = await room.person(4, [CRY])
    await served.come()
    await expect(page.locator(f"#case-{case}")).to_be_visible(timeout=30_000)
    for tab in (page, other):
        await expect(tab.locator("#lost")).to_be_hidden(timeout=30_000)
        await expect(tab.locator("#bell .hot")).to_contain_text("1")


async def test_signing_out_ends_the_stream_of_every_tab(
    room: Room, context: BrowserContext, page: Page, home: str
) -> None:
    """One signs out: every tab goes to the sign-in, and the next who signs in has a stream of her own."""
    await sign_in(page, room)
    tabs = [await context.new_page() for _ in range(2)]
    for tab, path in zip(tabs, ("/console/queue", "/console/roster"), strict=True):
        await opened(tab, room, path)
    await sign_out(page)
    for tab in tabs:
        await tab.wait_for_url("**/console/login?ended", timeout=30_000)
    await sign_in(page, room, "hoasen")
    await opened(page, room, "/console/queue")
    case = await room.person(4, [CRY])
    await expect(page.locator(f"#case-{case}")).to_be_visible(timeout=15_000)
    assert "/console/queue" in page.url


async def test_ended_session_takes_a_page_to_the_sign_in_once(room: Room, page: Page) -> None:
    """Every home of the stream may say that a session is over; a page on its way to the sign-in stays on it."""
    [case] = await taken(room, page, 1)
    await opened(page, room, f"/console/cases/{case}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.evaluate(
        """(() => {
          const { session, hub } = document.getElementById("live").dataset;
          const home = new BroadcastChannel(`live ${hub}`);
          for (const _ of [1, 2]) home.postMessage({ to: "pages", session, ended: true });
        })()"""
    )
    await page.wait_for_url("**/console/login?ended")
    assert sum(url.endswith("/console/login?ended") for url in asked) == 1


async def test_second_reader_sees_who_has_the_case(room: Room, page: Page) -> None:
    """The composer of a colleague's open page follows: taken by another it offers nothing to take."""
    case = await room.person(3, [CRY])
    await sign_in(page, room, "hoasen")
    await opened(page, room, f"/console/cases/{case}")
    await expect(page.locator("#composer").get_by_role("button", name="Nhận ca")).to_be_visible()
    async with room.signed_in("hoaban") as other:
        await other.post(f"/console/cases/{case}/take")
    await expect(page.locator("#composer")).to_contain_text("Hoa Ban đang giữ ca này")
    await expect(page.locator("#composer").get_by_role("button", name="Nhận ca")).to_have_count(0)


async def test_words_typed_while_a_pane_is_on_its_way_stay(room: Room, page: Page) -> None:
    """A slow line: what is typed in the meantime goes over into the pane that comes, or is the draft of its case."""
    case, other = await taken(room, page, 2)
    held = asyncio.Event()

    async def late(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await opened(page, room, f"/console/cases/{case}")
    for row, said in ((case, "Chị đây"), (other, "Chị đây, em nghe không")):
        held.clear()
        await page.route(f"**/console/cases/{row}", late)
        async with page.expect_request(f"**/console/cases/{row}"):
            await page.locator(f"#case-{row} a").click()
        await page.locator("#text").fill(said)
        async with page.expect_response(f"**/console/cases/{row}"):
            held.set()
    await expect(page).to_have_url(f"{room.settings.public_url}/console/cases/{other}")
    await expect(page.locator("#text")).to_have_value("")
    await page.unroute_all()
    await page.locator(f"#case-{case} a").click()
    await expect(page.locator("#text")).to_have_value("Chị đây, em nghe không")


async def test_a_writer_on_a_phone_goes_on_where_the_caret_stood(room: Room, page: Page) -> None:
    """The pane of the same case comes while she writes: the next key goes into her line, and Ctrl+Enter sends it."""
    await page.set_viewport_size({"width": 360, "height": 800})
    [case] = await taken(room, page, 1)
    await opened(page, room, f"/console/cases/{case}")
    await page.locator("#text").fill("Chị đ")
    async with page.expect_response(f"**/console/cases/{case}"):
        await page.evaluate("history.pushState({}, '', location.pathname + '#a'); history.back()")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("ây")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".line.out .said").last).to_have_text("Chị đây")
