"""Forty cries within a minute in a real Chromium: two counsellors and a shift lead, each on another page."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from content.library import Library
from store import audit
from store.cases.models import case_file
from store.db.engine import Store
from tests.browser.test_bell_browser import opened
from tests.browser.test_console_browser import CRY, library, sign_in
from tests.support.console_room import Room
from tests.support.stage import until

__all__ = ["library"]
CRIES = 40
STAFF = {"hoaban": "/console/queue", "hoasen": "/console/tips", "hoadao": "/console/roster"}
"""Who is on duty, and the page on which the first cry finds her."""
TAKE = "#strip form.take button"
PRESS_TWICE = f"""() => {{
  const button = document.querySelector("{TAKE}");
  for (const _ of [1, 2]) button?.click();
  return button ? document.querySelector("#strip b").textContent : "";
}}"""


@pytest.fixture
async def room(store: Store, library: Library) -> AsyncIterator[Room]:
    """A served console with two counsellors and a shift lead."""
    made = Room(store, library)
    await made.hire(*STAFF)
    async with made.served() as base:
        made.settings.public_url = base
        yield made


async def test_of_forty_cries_within_a_minute_nobody_is_missed_and_nobody_taken_twice(
    room: Room, chromium: Browser
) -> None:
    """Each is seen on every page, taken from the page it arrived on, by one person, and then nothing rings any more."""
    pages = {login: await at_work(room, chromium, login) for login in STAFF}
    first = await cry(room, 0)
    for login, page in pages.items():
        await expect(page.locator(TAKE)).to_be_visible()
        assert page.url.endswith(STAFF[login])
    more = asyncio.gather(*(cry(room, number) for number in range(1, CRIES)))
    await asyncio.gather(*(takes_all(page, more) for page in pages.values()))
    holders = await holders_of(room)
    assert set(holders) == {first, *more.result()}
    assert set(holders.values()) == {room.ids[login] for login in STAFF}
    assert await taken_once(room) == dict.fromkeys(map(str, holders), 1)
    for login, page in pages.items():
        await page.goto(f"{room.settings.public_url}/console/queue")
        await expect(page.locator(TAKE)).to_have_count(0)
        hers = [case for case, holder in holders.items() if holder == room.ids[login]]
        for case in hers:
            await expect(page.locator(f"[data-lane=mine] #case-{case}")).to_have_count(1)
        await expect(page.locator("#bell .mine")).to_have_text(f"{len(hers)} chờ bạn")


async def at_work(room: Room, chromium: Browser, login: str) -> Page:
    """A signed-in browser of hers that listens on her page."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    page = await context.new_page()
    await sign_in(page, room, login)
    await opened(page, room, STAFF[login])
    return page


async def cry(room: Room, number: int) -> UUID:
    """Somebody new cries; the clock of the house goes on by a second and a half."""
    room.clock.advance(1.5)
    return await room.person(4, [f"{CRY} {number}"])


async def takes_all(page: Page, more: asyncio.Future[list[UUID]]) -> None:
    """Press twice what stands in the strip, wherever it is, until all have somebody."""
    while True:
        await until(lambda: more.done() or shows(page))
        if not await shows(page):
            return
        if pressed := await page.evaluate(PRESS_TWICE):
            await expect(page.locator("#strip b", has_text=pressed)).to_have_count(0)


async def shows(page: Page) -> bool:
    """Whether the page is alive and a cry stands over it."""
    await expect(page.locator("html")).to_have_attribute("data-live", "on")
    return await page.locator("#strip b").count() > 0


async def holders_of(room: Room) -> dict[UUID, UUID]:
    """Cases that somebody has, and who."""
    async with room.store.data.connect() as conn:
        rows = await conn.execute(select(case_file.c.id, case_file.c.acked_by).where(case_file.c.acked_by.is_not(None)))
        return {row.id: row.acked_by for row in rows}


async def taken_once(room: Room) -> dict[str, int]:
    """How often each case was taken, by the audit chain."""
    async with room.store.data.connect() as conn:
        acts = await audit.page(conn, limit=20 * CRIES)
    return dict(Counter(act.object for act in acts if act.action == "case.acknowledged"))
