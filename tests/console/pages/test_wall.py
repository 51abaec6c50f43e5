"""The wall of the shift: tiles, who is on duty, all open cases with whom to give them to, drills, what to approve."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler.jobs import drills
from store import audit
from store.cases.models import case_file
from store.escalation.pages import PageState, call
from store.refusals import Refusal
from store.staff import contacts
from store.unit_of_work import CLOCK, unit_of_work
from tests.console.pages.test_assignment import on_duty
from tests.support.console_refusals import refused
from tests.support.console_room import Room

WALL = "/console/deadlines"


def words(html: str) -> str:
    """What a part of a page says."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def part(page: str, name: str) -> str:
    """What one card of the wall says."""
    return words(page.partition(f'id="{name}"')[2].partition(">")[2].partition("</section>")[0])


async def begin_drill(room: Room) -> int:
    """Let a drill begin."""
    async with unit_of_work(room.store, room.clock.now(), CLOCK) as work:
        return await drills.begin(work)


async def test_tiles_count_what_nobody_has_taken_and_only_the_first_is_red(room: Room) -> None:
    """By level, a drill in none of them; the clock of whoever is due first; nothing at level 4: nothing is red."""
    await room.hire("hoaban")
    for level in (3, 3, 1):
        await room.person(level)
    await begin_drill(room)
    async with room.signed_in("hoaban") as browser:
        calm = (await browser.get(WALL)).text
        await room.person(4)
        page = (await browser.get(WALL)).text
    assert 'class="tile red"' not in calm
    assert page.count('class="tile red"') == 1
    tiles = [words(tile) for tile in re.findall(r'<p class="tile.*?</p>', page, re.DOTALL)]
    assert [re.sub(r" hạn gần nhất .*", "", tile) for tile in tiles] == [
        "Nguy hiểm ngay, chưa nhận 1", "Khẩn, chưa nhận 2", "Cần giúp, chưa nhận 1", "Đã nhận, đang chờ đáp 0",
        "Đáp đúng hạn hôm nay 0/0",
    ]  # fmt: skip


async def test_answers_of_today_are_counted_by_the_level_the_case_came_with(room: Room) -> None:
    """In time, late, not answered and late by now; what is not due yet is not counted, nor what came yesterday."""
    await room.hire("hoaban")
    await room.person(4)
    room.clock.advance(timedelta(days=1).total_seconds())
    in_time, late, lowered = [await room.person(level) for level in (3, 4, 4)]
    async with room.store.data.begin() as conn:
        await conn.execute(update(case_file).where(case_file.c.id == lowered).values(level=2))
    async with room.signed_in("hoaban") as browser:
        await answer(browser, in_time)
        room.clock.advance(6 * 60)
        await answer(browser, late)
        await room.person(2)
        assert "Đáp đúng hạn hôm nay 1/3 2 trễ" in words((await browser.get(WALL)).text)


async def answer(browser: object, case: UUID) -> None:
    """Take a case and answer it."""
    await browser.post(f"/console/cases/{case}/take")  # type: ignore[attr-defined]
    await browser.post(f"/console/cases/{case}/reply", data={"text": "Chị đây", "request_key": ""})  # type: ignore[attr-defined]


async def test_wall_says_who_is_on_duty_with_what_and_by_what_she_is_called(room: Room) -> None:
    """Post, cases and lines that wait, when last at the desk; a contact counts as tested when a page has arrived."""
    await room.hire("hoaban", "hoasen", "hoadao")
    await on_duty(room, "hoaban", "hoadao")
    case = await room.person(2, ["Chị ơi", "chị"])
    async with room.works("hoaban") as work:
        await contacts.give(work, "mail", "hoaban@example.org")
        await contacts.give(work, "hook", "hoaban")
    await page_arrives(room, "hook")
    async with room.signed_in("hoasen") as idle, room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        page = (await idle.get(WALL)).text
    duty = part(page, "wall-duty")
    assert "Hoa Ban Trực chính 1 ca 2 dòng chờ đang ở bàn" in duty
    assert "gọi hoặc SMS: đã tới ngày" in duty
    assert "thư điện tử: chưa thử" in duty
    assert "Hoa Đào Trực thứ hai 0 ca chưa đăng nhập · chỉ báo được trên màn hình này" in duty
    assert "Hoa Sen" not in duty, "neither on duty nor with a case"
    assert "example" not in page


async def page_arrives(room: Room, way: str) -> None:
    """Let a page of a case leave by a transport."""
    async with unit_of_work(room.store, room.clock.now(), CLOCK) as work:
        await drills.begin(work)
        rung = (await work.conn.exec_driver_sql("SELECT id FROM rung")).scalars().first()
        values = {"not_before": work.now, "not_after": work.now, "changed_at": work.now, "fate": PageState.SENT}
        await work.conn.execute(call.insert().values(rung_id=rung, staff_id=room.ids["hoaban"], way=way, **values))


async def test_shift_lead_gives_any_case_from_its_row_without_opening_it(room: Room) -> None:
    """Free or taken; to whoever is on duty; nothing is read for it; a counsellor is offered nothing and may not."""
    await room.hire("hoaban", "hoasen", "hoadao")
    await on_duty(room, "hoaban", "hoasen")
    free, taken = await room.person(4), await room.person(3)
    async with room.signed_in("hoaban") as counsellor, room.signed_in("hoadao") as lead:
        await counsellor.post(f"/console/cases/{taken}/take")
        assert "Giao cho" not in (await counsellor.get(WALL)).text
        to_sen, to_ban = {"to": str(room.ids["hoasen"])}, {"to": str(room.ids["hoaban"])}
        assert (await counsellor.post(f"{WALL}/{free}", data=to_sen)).status_code == 403
        assert (await lead.get(WALL)).text.count("<summary>Giao cho") == 2
        given = await lead.post(f"{WALL}/{free}", data=to_ban)
        assert (given.status_code, given.headers["location"]) == (303, WALL)
        assert (await lead.post(f"{WALL}/{taken}", data=to_sen, headers={"hx-request": "true"})).status_code == 422
        quietly = await lead.post(f"{WALL}/{taken}", data=to_sen | {"reason": "absent"}, headers={"hx-request": "true"})
        assert quietly.status_code == 204
        page = words((await lead.get(WALL)).text)
        await refused(lead, f"{WALL}/{free}", {"to": str(room.ids["hoadao"])}, Refusal.ASSIGN_NOT_TO)
    assert "Hoa Ban giữ" in page
    assert "Hoa Sen giữ" in page
    async with room.store.data.connect() as conn:
        done = [one.action for one in await audit.page(conn, object=str(free))]
    assert "case.assigned" in done
    assert "case.read" not in done


@pytest.mark.parametrize("path", ["/console/queue", WALL])
async def test_drill_stands_apart_from_people_and_is_taken_in_place(room: Room, path: str) -> None:
    """It is in no lane and no row of cases, the strip shows the case, and taking it leads away from nothing."""
    await room.hire("hoaban")
    case = await room.person(4)
    room.clock.advance(1)
    drill = await begin_drill(room)
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get(path)).text
        assert f'action="/console/cases/{case}/take"' in page.partition('id="strip"')[2].partition("</form>")[0]
        taken = await browser.post(f"/console/drills/{drill}/take", headers={"hx-request": "true"})
        assert taken.status_code == 204
    apart = page.partition("</header>")[2]
    cases = re.search(r'data-lane="level-4">.*?</ol>|<table class="wall-table">.*?</table>', apart, re.DOTALL)
    assert cases
    assert "Tập trực" not in cases[0]
    assert f'action="/console/drills/{drill}/take" data-stays' in apart.replace(cases[0], "")


async def test_wall_tells_how_the_last_drills_ended(room: Room) -> None:
    """Who took it and after how long; one that nobody took says so."""
    await room.hire("hoaban")
    taken = await begin_drill(room)
    room.clock.advance(180)
    async with room.signed_in("hoaban") as browser:
        assert "Chưa có buổi tập nào" not in (await browser.get(WALL)).text
        await browser.post(f"/console/drills/{taken}/take")
        await begin_drill(room)
        async with room.store.data.begin() as conn:
            await conn.exec_driver_sql("UPDATE climb SET ended_at = since WHERE ended_at IS NULL AND case_id IS NULL")
        page = words((await browser.get(WALL)).text)
    assert "Hoa Ban nhận sau 3 phút" in page
    assert "không ai nhận" in page


async def test_what_waits_for_a_second_person_is_on_the_wall(room: Room) -> None:
    """A lower level that a colleague asks for: its kind and number, with the way to it."""
    await room.hire("hoaban", "hoadao")
    case = await room.person(4)
    asked = {"from": 4, "level": 2, "reason": "says_safe", "words": "đã hỏi lại"}
    async with room.signed_in("hoaban") as counsellor, room.signed_in("hoadao") as lead:
        await counsellor.get(f"/console/cases/{case}")
        assert "Không có việc nào chờ duyệt" in (await lead.get(WALL)).text
        await counsellor.post(f"/console/cases/{case}/level", data=asked)
        page = (await lead.get(WALL)).text
    card = page.partition('id="wall-approvals"')[2].partition("</section>")[0]
    assert f'href="/console/cases/{case}"' in card
    assert "Chờ duyệt 1" in words(card)
    assert "đã hỏi lại" not in page
