"""The desk: lanes by who has to act, rows that are sent when they change, whoever asked for help and fell silent."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from uuid import UUID

from store.casework import unanswered
from store.staff import roster
from store.staff.roster import NewShift
from store.unit_of_work import BOT, unit_of_work
from tests.console.pages.test_bell import words_come
from tests.console.pages.test_live import listening
from tests.store.privacy.test_retention import add_people
from tests.support.console_room import Room
from tests.support.stage import until

CRY = "Cứu em với, em đang ở bến xe"
ORDER = re.compile(r'data-order="([^"]*)"')


async def fell_silent(room: Room, asked: str = "danger") -> UUID:
    """Let somebody without a case be asked something, and eleven minutes pass."""
    [her] = await add_people(room.store, 1, room.clock.now())
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await unanswered.keep(work, her, 1, room.clock.now(), asked, "vi")
    room.clock.advance(11 * 60)
    return her


def order(frames: list[dict[str, str]]) -> dict[str, list[str]]:
    """The lanes as the last event about them has them."""
    [said] = ORDER.findall([frame["data"] for frame in frames if frame["event"] == "queue"][-1])
    found: dict[str, list[str]] = json.loads(unescape(said))
    return found


async def test_whoever_was_asked_and_fell_silent_is_shown_and_can_be_taken(room: Room) -> None:
    """An alias, what she was asked, the channel; taking it opens a case in whose thread nothing was sent."""
    await room.hire("hoaban")
    await fell_silent(room)
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get("/console/queue")).text
        [lane] = re.findall(r'<ol data-lane="unanswered">.*?</ol>', page, re.DOTALL)
        assert "được hỏi có nguy hiểm không" in lane
        [path] = re.findall(r'action="(/console/unanswered/\d+/take)"', lane)
        assert "/console/cases/" not in lane, "there is no case to open before she is taken"
        answer = await browser.post(path)
        assert answer.status_code == 303
        case = (await browser.get(answer.headers["location"])).text
        assert 'class="line out"' not in case
        assert (await browser.post(path)).status_code == 409
        assert '<ol data-lane="unanswered">\n</ol>' in (await browser.get("/console/queue")).text


async def test_an_idle_desk_is_sent_nothing_and_a_change_only_its_row(room: Room) -> None:
    """A page that has the lanes by its mark hears of the row that changed, and of the order of all."""
    await room.hire("hoaban")
    mine = await room.person(2, [CRY])
    others = [await room.person(3) for _ in range(4)]
    async with room.served() as base:
        async with room.signed_in("hoaban") as browser:
            await browser.post(f"/console/cases/{mine}/take")
            page = (await browser.get("/console/queue")).text
        [topics] = re.findall(r'data-topics="bell (queue@\w+)"', page)
        async with listening(room, base, "hoaban", f"/console/live?topics={topics}") as heard:
            assert heard.html() == ""
            await words_come(room, mine, "chị ơi")
            await until(lambda: "queue" in [frame["event"] for frame in heard.frames], 5)
            [frame] = [frame for frame in heard.frames if frame["event"] == "queue"]
            assert re.findall(r'<li id="case-([^"]+)"', frame["data"]) == [str(mine)]
            assert order(heard.frames)["mine"] == [str(mine)]
            assert set(order(heard.frames)["level-3"]) == {str(case) for case in others}
            assert "chị ơi" not in frame["data"]


async def test_who_is_on_duty_stands_on_every_page_and_an_empty_roster_is_red(room: Room) -> None:
    """First whoever takes cases, then who leads the shift; nobody is said in words."""
    await room.hire("hoaban", "hoasen", "hoadao")
    async with room.signed_in("hoaban") as browser:
        assert '<p id="duty" class="duty gap">Lúc này không ai trực' in (await browser.get("/console/roster")).text
        now = room.clock.now()
        async with room.works("hoadao") as work:
            for login, position in (("hoasen", 1), ("hoadao", 2), ("hoaban", 0)):
                shift = NewShift(room.ids[login], now, now + timedelta(hours=8), position)
                await roster.add_duty(work, shift)
        page = (await browser.get("/console/tips")).text
    [duty] = re.findall(r'<p id="duty" class="duty">(.*?)</p>', page)
    assert re.sub(r"<[^>]+>", "", duty) == "Đang trực: Hoa Ban, Hoa Sen · Trưởng ca: Hoa Đào"


async def test_the_newest_danger_stands_over_every_page_of_whoever_may_take_it(room: Room) -> None:
    """The last level 4 nobody has, how many more there are, the button that takes it; nothing once all are taken."""
    await room.hire("hoaban", "kiem")
    first = await room.person(4, [CRY])
    room.clock.advance(30)
    last = await room.person(4, [CRY])
    async with room.signed_in("kiem") as auditor:
        assert 'id="strip"' not in (await auditor.get("/console/audit")).text
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get("/console/check-ins")).text
        strip = page[page.index('<div id="strip"') :].partition("</form>")[0]
        assert f"/console/cases/{last}/take" in strip
        assert "còn 1 ca nữa" in strip
        assert "bến xe" not in page
        for case in (last, first):
            await browser.post(f"/console/cases/{case}/take")
        assert '<div id="strip"></div>' in (await browser.get("/console/check-ins")).text


async def test_what_waits_for_her_yes_or_no_is_counted_and_listed(room: Room) -> None:
    """A colleague asks to lower a level: the second reader has it in the head of every page, the asker has not."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(4, [CRY])
    asked = {"from": "4", "level": "2", "reason": "misheard", "words": ""}
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        await browser.post(f"/console/cases/{case}/take")
        answer = await browser.post(f"/console/cases/{case}/level", data=asked)
        assert answer.status_code in (204, 303), answer.text
        page = (await second.get("/console/approvals")).text
        assert "data-approvals>1<" in page
        assert "Hạ mức một ca" in page
        assert f"/console/cases/{case}" in page
        assert "Không có việc nào chờ duyệt" in (await browser.get("/console/approvals")).text
