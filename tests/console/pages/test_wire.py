"""Bytes on the wire: what a new line, a minute of an idle desk and the first visit of a case cost a slow connection."""

from __future__ import annotations

import asyncio
import contextlib
import re
import zlib
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from console.web.compression import LONGEST_PADDING, Gzip
from tests.support.console_room import OURS, WORDS, Room
from tests.support.stage import until

NEW_LINE, IDLE_MINUTE, FIRST_VISIT = 3_000, 5_000, 45_000
"""The most bytes that each may cost, headers aside."""
PACKED = {"accept-encoding": "gzip"}


class Wire:
    """What has come over a stream, packed and unpacked."""

    def __init__(self) -> None:
        self.packed = 0
        self.said = ""
        self._inflate = zlib.decompressobj(31)

    def take(self, piece: bytes) -> None:
        """Count a piece and read it."""
        self.packed += len(piece)
        self.said += self._inflate.decompress(piece).decode()


@contextlib.asynccontextmanager
async def wire(browser: httpx.AsyncClient, topics: str) -> AsyncIterator[Wire]:
    """Hold a stream open as a browser does that takes gzip; it has begun when the first sign of life is there."""
    held = Wire()

    async def read() -> None:
        path = f"/console/live?topics={topics}"
        async with browser.stream("GET", path, headers=PACKED | {"hx-request": "true"}, timeout=None) as answer:
            assert answer.headers["content-encoding"] == "gzip"
            async for piece in answer.aiter_raw():
                held.take(piece)

    task = asyncio.create_task(read())
    await until(lambda: "event: alive" in held.said or task.done(), 10)
    try:
        yield held
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def signed_in(base: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of Hoa Ban, over real HTTP."""
    async with httpx.AsyncClient(base_url=base, headers=OURS) as browser:
        entered = await browser.post("/console/login", data={"login": "hoaban", "passphrase": WORDS})
        assert entered.status_code == 303
        yield browser


def topics_of(page: str) -> str:
    """What a page asks the stream for."""
    return ",".join(re.findall(r'data-topics="(bell [^"]+)"', page)[0].split())


async def long_talk(room: Room, lines: int) -> UUID:
    """A case with many lines of hers."""
    case = await room.person(3, ["Chị ơi"])
    for number in range(lines - 1):
        await room.says(case, f"Em đang ở chỗ trọ gần chợ, hôm nay là ngày thứ {number} em không được ra ngoài")
    return case


async def test_a_line_into_a_long_thread_costs_little(room: Room) -> None:
    """Two hundred lines are on the page; the next one comes alone, with the parts of the page that are other."""
    await room.hire("hoaban")
    case = await long_talk(room, 200)
    async with room.served() as base, signed_in(base) as browser:
        await browser.post(f"/console/cases/{case}/take")
        page = (await browser.get(f"/console/cases/{case}")).text
        async with wire(browser, topics_of(page)) as held:
            for number in range(2):
                before, said = held.packed, f"chị ơi em nghe tiếng xe {number}"
                await room.says(case, said)
                await until(lambda said=said: said in held.said, 5)
                assert held.packed - before <= NEW_LINE
            assert held.said.count('class="line in"') <= 20, "a page that has the lines is not sent them again"


async def test_an_idle_desk_costs_little(room: Room) -> None:
    """Forty-two rows and nothing happens: looks at the same desk send nothing, and a minute has four signs of life."""
    await room.hire("hoaban")
    for number in range(42):
        await room.person(4 if number < 3 else 3)
    async with room.served() as base, signed_in(base) as browser:
        page = (await browser.get("/console/queue")).text
        async with wire(browser, topics_of(page)) as held:
            before = held.packed
            for _ in range(12):
                room.app.state.live.tell_all("session")
                room.clock.advance(5)
            await until(lambda: held.packed > 0, 5)
            begun, looked = before, held.packed - before
    assert begun + looked + 4 * len(b"event: alive\ndata: .\n\n") <= IDLE_MINUTE
    assert "data-order" not in held.said


@pytest.mark.parametrize("waiting", [50])
async def test_first_visit_of_a_case_costs_little(room: Room, waiting: int) -> None:
    """The page with its lanes and every file it names, as a browser is sent them for the first time."""
    await room.hire("hoaban")
    case = await long_talk(room, 10)
    for _ in range(waiting):
        await room.person(3)
    async with room.served() as base, signed_in(base) as browser:
        page = await browser.get(f"/console/cases/{case}")
        files = set(re.findall(r'(?:href|src|data-hub)="(/console/static/[^"]+)"', page.text))
        assert any("desk.js" in name for name in files)
        sizes = [await packed(browser, path) for path in (f"/console/cases/{case}", *files)]
    assert sum(sizes) <= FIRST_VISIT, sizes


async def packed(browser: httpx.AsyncClient, path: str) -> int:
    """Bytes of a body as they come over the wire."""
    async with browser.stream("GET", path, headers=PACKED) as answer:
        assert answer.headers["content-encoding"] == "gzip", path
        return sum([len(piece) async for piece in answer.aiter_raw()])


def test_pieces_can_be_read_as_they_come_and_sizes_are_padded() -> None:
    """Each piece is whole by itself; the same page has many sizes, as far apart as the padding is long."""
    gzip, inflate = Gzip(), zlib.decompressobj(31)
    for piece in (b"a" * 500, b"b" * 500):
        assert inflate.decompress(gzip.pack(piece, last=False)) == piece
    assert inflate.decompress(gzip.pack(b"", last=True)) == b""
    assert inflate.eof
    sizes = {len(Gzip().pack(b"the same page", last=True)) for _ in range(500)}
    assert len(sizes) > LONGEST_PADDING // 2
    assert max(sizes) - min(sizes) <= LONGEST_PADDING
