"""Pages stay true by themselves: streams over real HTTP, from a real NOTIFY, through losses and endings."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from sqlalchemy import select

from console.pages import live_topics as topics
from console.web.console import LiveIntervals
from content.library import Library
from store import audit
from store.casework import reachability
from store.db.engine import Store
from store.people.models import person
from store.unit_of_work import BOT, unit_of_work
from tests.support import casework
from tests.support.console_room import OURS, WORDS, Room
from tests.support.stage import until

CRY = "Cứu em với, em đang ở bến xe"
SIGNALS = ("alive", "ended", "gone")


@dataclass
class Heard:
    """What a stream has said so far."""

    frames: list[dict[str, str]] = field(default_factory=list)
    ended: bool = False

    def html(self) -> str:
        """Everything that was swapped into the page."""
        return "\n".join(frame["data"] for frame in self.frames if frame["event"] not in SIGNALS)

    def events(self) -> list[str]:
        """The events that are no parts of pages."""
        return [frame["event"] for frame in self.frames if frame["event"] in SIGNALS]

    def marks(self) -> list[str]:
        """The marks of the cases that were read, in order."""
        return [frame["mark"] for frame in self.frames if "mark" in frame]


@contextlib.asynccontextmanager
async def listening(room: Room, base: str, login: str, path: str, **headers: str) -> AsyncIterator[Heard]:
    """Sign in and hold a stream open, as htmx does."""
    heard = Heard()

    async def read() -> None:
        async with browser.stream("GET", path, headers={"hx-request": "true"} | headers, timeout=None) as answer:
            assert (answer.status_code, answer.headers["content-type"][:17]) == (200, "text/event-stream")
            frame: dict[str, str] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if not line:
                    heard.frames.append(frame)
                    frame = {}
                else:
                    frame[name] = f"{frame[name]}\n{value}" if name in frame else value
        heard.ended = True

    async with httpx.AsyncClient(base_url=base, headers=OURS) as browser:
        entered = await browser.post("/console/login", data={"login": login, "passphrase": WORDS})
        assert entered.status_code == 303
        task = asyncio.create_task(read())
        await until(lambda: heard.events() or task.done(), 10)
        try:
            yield heard
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_new_case_is_in_an_open_queue_within_a_second(room: Room) -> None:
    """From the commit of the case to the page in less than a second, with the bell that makes it sound."""
    await room.hire("hoaban")
    async with room.served() as base, listening(room, base, "hoaban", "/console/live?topics=bell,queue") as heard:
        began = time.monotonic()
        case = await room.person(4, [CRY])
        await until(lambda: f'id="case-{case}"' in heard.html(), 5)
        assert time.monotonic() - began < 1
        assert f'data-urgent="{case}"' in heard.html()
        assert "bến xe" not in heard.html()


async def test_her_next_words_are_on_an_open_case_within_a_second(room: Room) -> None:
    """A line that is sealed now is read now, and the page is told how far that brings it."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with (
        room.served() as base,
        listening(room, base, "hoaban", f"/console/live?topics=case:{case},bell") as heard,
    ):
        began = time.monotonic()
        before = heard.marks()[-1]
        await room.says(case, "Em đang ngồi gần quầy vé")
        await until(lambda: "Em đang ngồi gần quầy vé" in heard.html(), 5)
        assert time.monotonic() - began < 1
        assert heard.marks()[-1] != before


async def test_other_cases_are_not_read_by_an_open_case(room: Room) -> None:
    """News of another case moves the bell only: nothing is opened, no reading is recorded for it."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with (
        room.served() as base,
        listening(room, base, "hoaban", f"/console/live?topics=case:{case},bell") as heard,
    ):
        before = len(heard.marks())
        other = await room.person(4, ["Chuyện của người khác"])
        await until(lambda: str(other) in heard.html(), 5)
        assert len(heard.marks()) == before
        assert "Chuyện của người khác" not in heard.html()


async def test_coming_back_after_a_break_brings_what_was_missed(room: Room) -> None:
    """A stream that comes back with the last mark it saw gets every later line, once."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    path = f"/console/live?topics=case:{case}"
    async with room.served() as base:
        async with listening(room, base, "hoaban", path) as heard:
            last = heard.marks()[-1]
        for n in range(3):
            await room.says(case, f"Tin số {n}")
        async with listening(room, base, "hoaban", f"{path}@{last}") as heard:
            await until(lambda: "Tin số 2" in heard.html(), 5)
            page = heard.html()
    assert [page.count(f"Tin số {n}") for n in range(3)] == [1, 1, 1]


async def test_opening_a_page_is_one_reading_however_often_its_stream_comes_back(room: Room) -> None:
    """A page that has all news is not read to again; what comes while it is open belongs to its one reading."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])

    async def readings() -> int:
        async with room.store.data.connect() as conn:
            return sum(entry.action == "case.read" for entry in await audit.page(conn))

    async with room.served() as base:
        async with room.signed_in("hoaban") as browser:
            page = (await browser.get(f"/console/cases/{case}")).text
        [topics] = re.findall(r'data-topics="bell queue@\w+ (case:[^"]+)"', page)
        for _ in range(3):
            async with listening(room, base, "hoaban", f"/console/live?topics={topics}") as heard:
                assert (heard.html(), await readings()) == ("", 1)
        async with listening(room, base, "hoaban", f"/console/live?topics={topics}") as heard:
            await room.says(case, "chị ơi")
            await until(lambda: "chị ơi" in heard.html(), 5)
            room.app.state.live.tell_all("*")
            await until(lambda: len(heard.marks()) == 2, 5)
    assert await readings() == 1


async def test_a_case_is_shown_live_to_nobody_who_is_not_recorded_as_its_reader(room: Room) -> None:
    """A stream without a page is an opening; a page that stood open for longer than a sign-in is opened anew."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])

    async def readings() -> list[tuple[str, str]]:
        async with room.store.data.connect() as conn:
            return [(one.actor, one.object) for one in await audit.page(conn) if one.action == "case.read"]

    opening = (str(room.ids["hoaban"]), str(case))
    path = f"/console/live?topics=case:{case}"
    async with room.served() as base:
        async with listening(room, base, "hoaban", path) as heard:
            await until(lambda: CRY in heard.html(), 5)
            await room.says(case, "chị ơi")
            await until(lambda: "chị ơi" in heard.html(), 5)
        assert await readings() == [opening]
        room.clock.advance(13 * 3600)
        async with listening(room, base, "hoaban", path) as heard:
            await until(lambda: "chị ơi" in heard.html(), 5)
    assert await readings() == [opening] * 2


async def test_stream_of_another_signing_in_is_refused(room: Room) -> None:
    """Pages that somebody left open never show what the next one on this machine may see."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get("/console/queue")).text
        [mark] = re.findall(r'data-session="([^"]+)"', page)
        headers = {"hx-request": "true"}
        other = mark.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
        answer = await browser.get("/console/live", params={"session": other, "topics": "queue"}, headers=headers)
    assert (answer.status_code, answer.text) == (401, "")


async def test_status_of_an_answer_follows_the_ledger(room: Room) -> None:
    """The page shows that an answer reached the phone without reading the case again."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with (
        room.served() as base,
        listening(room, base, "hoaban", f"/console/live?topics=case:{case},bell") as heard,
    ):
        await casework.acknowledge(room.store, room.clock.now(), case, room.ids["hoaban"])
        await until(lambda: "<textarea" in heard.html(), 5)
        async with room.signed_in("hoaban") as browser:
            await browser.post(f"/console/cases/{case}/reply", data={"text": "Chị đọc rồi", "request_key": "x"})
        await until(lambda: "Chị đọc rồi" in heard.html(), 5)
        opened = len(heard.marks())
        async with room.store.data.begin() as conn:
            await conn.exec_driver_sql("UPDATE ledger SET status = 2")
        await until(lambda: "Đã tới máy" in heard.html(), 5)
        assert len(heard.marks()) == opened


@pytest.mark.parametrize("path", ["/console/live?topics=bell,queue", "/console/live?topics=case:{case},bell"])
async def test_ended_session_ends_its_streams_and_says_so(store: Store, library: Library, path: str) -> None:
    """A page left open past its session does not go on showing people: it is sent to the sign-in."""
    room = Room(store, library, check=0.05)
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with room.served() as base, listening(room, base, "hoaban", path.format(case=case)) as heard:
        room.real.advance(16 * 60)
        await until(lambda: heard.ended, 5)
        assert heard.events()[-1] == "ended"
        await until(lambda: room.app.state.live.open_streams == 0, 5)


async def test_open_streams_show_that_they_live(store: Store, library: Library) -> None:
    """A sign of life comes at once and then every fifteen seconds, so that a page can tell silence from death."""
    assert LiveIntervals().alive == 15
    room = Room(store, library, alive=0.1, check=0.05)
    await room.hire("hoaban")
    async with room.served() as base, listening(room, base, "hoaban", "/console/live?topics=bell,queue") as heard:
        await until(lambda: heard.events().count("alive") >= 4, 5)
        assert set(heard.events()) == {"alive"}


async def test_closing_server_ends_its_streams_at_once(room: Room) -> None:
    """With streams open, stopping takes well under the five seconds of Ctrl-C, and no page is sent away."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with contextlib.AsyncExitStack() as server:
        base = await server.enter_async_context(room.served())
        async with (
            listening(room, base, "hoaban", "/console/live?topics=bell,queue") as one,
            listening(room, base, "hoaban", f"/console/live?topics=case:{case},bell") as two,
        ):
            began = time.monotonic()
            await server.aclose()
            assert time.monotonic() - began < 2
            await until(lambda: one.ended and two.ended, 2)
            assert "ended" not in one.events() + two.events()


async def test_page_that_goes_away_leaves_nothing_behind(room: Room) -> None:
    """A closed browser ends its stream on our side too."""
    await room.hire("hoaban")
    async with room.served() as base:
        async with listening(room, base, "hoaban", "/console/live?topics=bell,queue"):
            assert room.app.state.live.open_streams == 1
        await until(lambda: room.app.state.live.open_streams == 0, 5)


async def test_lost_database_connection_loses_no_news(room: Room) -> None:
    """When the listening connection is killed, it comes back, and what happened meanwhile is shown."""
    await room.hire("hoaban")
    live = room.app.state.live
    async with room.served() as base, listening(room, base, "hoaban", "/console/live?topics=bell,queue") as heard:
        async with room.store.data.connect() as conn:
            await conn.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
                "AND datname = current_database()"
            )
        await until(lambda: not live.listening.is_set(), 5)
        case = await room.person(4)
        await until(lambda: str(case) in heard.html(), 8)
        await until(live.listening.is_set, 5)


@pytest.mark.parametrize("text", ["one", "two\nlines", "with\r\nreturns", "ends\n"])
def test_frame_keeps_every_line_of_its_text(text: str) -> None:
    """However a text is broken into lines, it cannot end its frame early or forge another."""
    frame = topics.event("queue", text, "7")
    assert frame.endswith("\n\n")
    assert frame.count("\n\n") == 1
    assert all(line.startswith(("event: queue", "mark: 7", "data: ")) for line in frame.splitlines() if line)


async def test_that_she_left_and_came_back_is_on_an_open_page(room: Room) -> None:
    """The page of her case says that nothing gets to her as long as it is so, and not longer."""
    await room.hire("hoaban")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
    path = f"/console/live?topics=case:{case}"
    async with room.served() as base, listening(room, base, "hoaban", path) as heard:
        for reachable in (False, True):
            before = len(heard.frames)
            async with unit_of_work(room.store, room.clock.now(), BOT) as work:
                her = (await work.conn.execute(select(person.c.id))).scalar_one()
                await reachability.set_reachable(work, her, reachable)

            def facts(since: int = before) -> list[str]:
                pages = [frame.get("data", "") for frame in heard.frames[since:]]
                return [page for page in pages if "#deadline" in page]

            await until(facts, 10)
            said = facts()[-1].count("đã chặn hoặc rời cuộc trò chuyện")
            assert said == (0 if reachable else 3), "beside the case, in what the channel can do, above the button"
