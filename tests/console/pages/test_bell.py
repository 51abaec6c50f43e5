"""One bell on every page: who waits for anybody, who waits for the reader, and what it sounds for."""

from __future__ import annotations

import re

import pytest

from console.routes import ROUTES, SITE_MAP
from console.web.routing import Kind
from content.library import Library
from store.cases import service as cases
from store.casework import assignment
from store.db.engine import Store, raw
from store.unit_of_work import BOT, unit_of_work
from tests.console.pages.test_live import listening
from tests.support.console_room import MEMBERS, Room
from tests.support.stage import until

CRY = "Cứu em với, em đang ở bến xe"
WAITS = re.compile(
    r'<span id="waits" data-urgent="([^"]*)" data-worst="[^"]*" data-lines="([^"]*)" data-calls="(\d+)" hidden></span>'
    r"(.*?)</nav>",
    re.DOTALL,
)
LISTS = [route.path for route in ROUTES if route.method == "GET" and "{" not in route.path and route.kind is Kind.PAGE]


def bell(page: str) -> tuple[list[str], list[str], int, str]:
    """What the bell of a page says: what is urgent, whose lines wait, the number for the title, the words."""
    found = WAITS.findall(page)
    assert len(found) == 1, page
    urgent, lines, calls, words = found[0]
    said = " ".join(re.sub(r"<[^>]+>", "", words).split())
    return urgent.split(), [line.partition("/")[0] for line in lines.split()], int(calls), said


@pytest.mark.parametrize("login", [login for login in MEMBERS if login != "hoasen"])
async def test_every_page_has_one_bell_for_readers_of_cases_and_none_for_others(room: Room, login: str) -> None:
    """Lists, opened things, refusals and pages that are not there: the same number, the same ring, the same stream."""
    await room.hire(login)
    case = str(await room.person(4, [CRY]))
    roles, opened = frozenset({MEMBERS[login][1]}), 0
    async with room.signed_in(login) as browser:
        for path in (*LISTS, f"/console/cases/{case}", "/console/khong-co", "/console/check-ins/999"):
            answer = await browser.get(path)
            if answer.status_code == 303 or path in ("/console/login", "/console/page"):
                continue
            opened += 1
            assert answer.text.count('id="bell"') == SITE_MAP.may(roles, "queue"), path
            assert ('data-topics="bell' in answer.text) == SITE_MAP.may(roles, "queue"), path
            if SITE_MAP.may(roles, "queue"):
                assert bell(answer.text) == (
                    [case],
                    [],
                    1,
                    "Kêu cứu 1 đang chờ Chờ tôi 0 chờ bạn Cần duyệt 0 cần duyệt",
                ), path
    assert opened > 9


async def test_pages_that_answer_a_form_have_the_bell(room: Room) -> None:
    """A form that comes back with what was wrong, a case that another has taken, an act that is not hers."""
    await room.hire("hoaban", "hoasen", "hoadao")
    case, taken = str(await room.person(4)), await room.person(2)
    async with room.signed_in("hoaban") as other:
        await other.post(f"/console/cases/{taken}/take")
    async with room.signed_in("hoadao") as browser:
        for path, data, status in (
            ("/console/roster", {"who": "x"}, 422),
            ("/console/roster/address", {"way": "mail", "address": "x"}, 422),
            (f"/console/cases/{taken}/take", {}, 409),
            (f"/console/cases/{taken}/close", {"reason": "safe"}, 409),
            (f"/console/cases/{taken}/reply", {"text": "Chị đây"}, 422),
            ("/console/tips/9", {"say": "read"}, 409),
            ("/console/card/x", {}, 403),
        ):
            answer = await browser.post(path, data=data)
            assert (answer.status_code, bell(answer.text)[0]) == (status, [case]), path


async def test_page_that_failed_has_the_bell(room: Room) -> None:
    """What broke was one page; the sentence that says so still hears of a cry."""
    await room.hire("hoaban")
    case = str(await room.person(4))
    async with room.signed_in("hoaban") as browser:
        async with raw(room.store.data) as conn:
            await conn.execute("ALTER TABLE check_in_plan RENAME TO gone")
        page = await browser.get("/console/check-ins")
    assert (page.status_code, bell(page.text)[0]) == (500, [case])


async def test_her_own_case_rings_for_each_line_and_is_quiet_once_she_has_answered(room: Room) -> None:
    """Not for lines of colleagues' cases, not for her own answer; every further line of a person is a new ring."""
    await room.hire("hoaban", "hoasen")
    mine, others = await room.person(2, [CRY]), await room.person(2, ["Chuyện khác"])
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as other:
        await browser.post(f"/console/cases/{mine}/take")
        await other.post(f"/console/cases/{others}/take")
        await browser.post(f"/console/cases/{mine}/reply", data={"text": "Chị đây", "request_key": ""})
        assert bell((await browser.get("/console/tips")).text) == (
            [],
            [],
            0,
            "Kêu cứu 0 đang chờ Chờ tôi 0 chờ bạn Cần duyệt 0 cần duyệt",
        )
        rings = set()
        for said in ("chị ơi", "em phải làm sao"):
            await words_come(room, mine, said)
            page = (await browser.get("/console/tips")).text
            assert bell(page) == ([], [str(mine)], 1, "Kêu cứu 0 đang chờ Chờ tôi 1 chờ bạn Cần duyệt 0 cần duyệt")
            rings.add(WAITS.findall(page)[0][1])
        assert len(rings) == 2
        assert bell((await other.get("/console/tips")).text)[1] == [str(others)]


async def words_come(room: Room, case: object, said: str) -> None:
    """Let her write in a case, as the intake does."""
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await cases.person_wrote(work, case)  # type: ignore[arg-type]
    await room.says(case, said)  # type: ignore[arg-type]


async def test_case_that_was_handed_to_her_rings_when_it_waits(room: Room) -> None:
    """Whoever is given a case in which somebody waits hears of it, and sees it above what is no worse."""
    await room.hire("hoaban", "hoasen")
    given, free = await room.person(2, [CRY]), await room.person(2)
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as other:
        await browser.post(f"/console/cases/{given}/take")
        to = {"to": room.ids["hoasen"], "reason": next(iter(assignment.REASONS))}
        assert (await browser.post(f"/console/cases/{given}/hand-on", data=to)).headers["location"] == "/console/queue"
        page = (await other.get("/console/queue")).text
    assert bell(page)[1] == [str(given)]
    assert page.index(f'id="case-{given}"') < page.index(f'id="case-{free}"')


async def test_open_page_without_a_queue_hears_of_a_cry_and_of_her_own_line(room: Room) -> None:
    """The roster, or another conversation: within a second of the commit the number and the ring are there."""
    await room.hire("hoaban")
    mine = await room.person(2)
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{mine}/take")
        await browser.post(f"/console/cases/{mine}/reply", data={"text": "Chị đây", "request_key": ""})
    async with room.served() as base, listening(room, base, "hoaban", "/console/live?topics=bell") as heard:
        cry = await room.person(4, [CRY])
        await until(lambda: f'data-urgent="{cry}"' in heard.html(), 1)
        await words_come(room, mine, "chị ơi")
        await until(lambda: f'data-lines="{mine}/' in heard.html(), 1)
        assert 'data-calls="2"' in heard.frames[-1]["data"]
        assert "bến xe" not in heard.html()


async def test_open_board_follows(room: Room) -> None:
    """The wall of the shift lead: a new deadline is on it without a reload, and without a word of anybody's."""
    await room.hire("hoadao")
    async with room.served() as base, listening(room, base, "hoadao", "/console/live?topics=board") as heard:
        case = await room.person(4, [CRY])
        await until(lambda: f"/console/cases/{case}" in heard.html(), 1)
        assert "bến xe" not in heard.html()


@pytest.mark.parametrize(
    ("login", "topics"),
    [
        ("canbo", "bell,queue,board,case:{case}"),
        ("hoaban", "broadcast:1,case:x,case:,nothing,,case:{case}9"),
    ],
)
async def test_stream_is_silent_about_what_its_reader_may_not_see(
    store: Store, library: Library, login: str, topics: str
) -> None:
    """Each topic is asked for its own right; what is forbidden or is nothing is passed over."""
    room = Room(store, library, alive=0.05, check=0.02)
    await room.hire(login)
    case = await room.person(4, [CRY])
    path = f"/console/live?topics={topics.format(case=case)}"
    async with room.served() as base, listening(room, base, login, path) as heard:
        await room.says(case, "chị ơi")
        await room.person(4)
        told = len(heard.events())
        await until(lambda: len(heard.events()) > told + 3, 5)
        assert set(heard.events()) == {"alive"}
        assert heard.html() == ""


async def test_one_stream_tells_of_several_cases_and_says_when_one_is_shut(room: Room) -> None:
    """Each opened case is read for this stream and recorded; one that she may not read ends itself, not the others."""
    await room.hire("hoaban")
    first, second = await room.person(3, [CRY]), await room.person(3, ["Em đây"])
    await room.hire("hoasen")
    third = await room.person(3, ["Chị ơi"])
    path = f"/console/live?topics=case:{first},case:{third},bell"
    async with room.served() as base, listening(room, base, "hoasen", path) as heard:
        await until(lambda: "Chị ơi" in heard.html() and "gone" in heard.events(), 5)
        await room.says(third, "em nghe")
        await until(lambda: "em nghe" in heard.html(), 5)
    assert CRY not in heard.html()
    assert str(second) in heard.html(), "the bell"
