"""The board of open deadlines, drills, the roster and how staff bind their own ways."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from content.library import Library
from content.zone import VIETNAM
from scheduler.jobs import drills
from scheduler.jobs.escalation import escalate_once
from store import audit
from store.escalation.drills import open_drills
from store.escalation.escalations import STEP_DUE
from store.jobs.scheduled import due_item
from store.staff import roster
from store.staff.contacts import open_address, staff_contact
from store.staff.roster import NewShift
from store.unit_of_work import CLOCK, unit_of_work
from tests.support.console_room import ADDRESS, Room
from tests.support.staff import work_of_test

TURN = {"post": "second", "province": "", "lang": "hmn", "skill": "child"}


async def test_the_board_tells_until_when_and_who_was_paged_and_no_word_of_hers(room: Room, library: Library) -> None:
    """After the first step: the place that was called, how many, the next call; and what is in whose hands."""
    await room.hire("hoaban")
    now = room.clock.now()
    async with work_of_test(room.store, now) as work:
        shift = NewShift(room.ids["hoaban"], now - timedelta(hours=1), now + timedelta(hours=9))
        await roster.add_duty(work, shift)
    case = await room.person(4, ["chồng em đánh em"])
    assert await escalate_once(room.store, library, now + timedelta(seconds=1)) == 1
    async with room.signed_in("hoaban") as browser:
        page = (await browser.get("/console/deadlines")).text
        next_call = (now + timedelta(minutes=5)).astimezone(VIETNAM)
        assert "Đã báo: Trực chính (1)" in page
        assert f"{next_call:%H:%M}" in page
        assert "đánh" not in page
        assert ADDRESS not in page
        await browser.post(f"/console/cases/{case}/take")
        page = (await browser.get("/console/deadlines")).text
        assert "Không báo ai lúc này" in page
        assert 'class="holder">Hoa Ban giữ<' in page


async def test_a_drill_stands_in_the_queue_sounds_and_is_taken_once(room: Room) -> None:
    """It is called a drill, has no case behind it, and the second who takes it is told so."""
    await room.hire("hoaban", "hoasen")
    async with unit_of_work(room.store, room.clock.now(), CLOCK) as work:
        drill = await drills.begin(work)
    async with room.signed_in("hoaban") as first, room.signed_in("hoasen") as second:
        page = (await first.get("/console/queue")).text
        assert "Tập trực" in page
        assert re.search(r'data-urgent="[0-9a-f-]+"', page)
        assert (await first.post(f"/console/drills/{drill}/take")).status_code == 303
        assert (await second.post(f"/console/drills/{drill}/take")).status_code == 409
        assert f"/drills/{drill}/take" not in (await second.get("/console/queue")).text
        assert "Hoa Ban nhận sau 0 phút" in (await second.get("/console/deadlines")).text
    async with room.store.data.connect() as conn:
        assert await open_drills(conn) == []
        assert (await audit.page(conn, object=f"drill-{drill}"))[0].action == "drill.acknowledged"


async def test_a_shift_lead_fills_the_roster_and_a_counsellor_sees_it(room: Room) -> None:
    """Place, hours in Viet Nam, province, skills; what does not fit is refused with a sentence, and taken off again."""
    await room.hire("hoaban", "hoadao")
    begins = (room.clock.now() + timedelta(days=1)).astimezone(VIETNAM).replace(second=0, microsecond=0, tzinfo=None)
    hours = {"starts": begins.isoformat(), "ends": (begins + timedelta(hours=8)).isoformat()}
    async with room.signed_in("hoadao") as lead, room.signed_in("hoaban") as reader:
        turn = {"who": str(room.ids["hoaban"])} | TURN | hours
        assert (await lead.post("/console/roster", data=turn)).status_code == 303
        async with room.store.data.connect() as conn:
            [duty] = await roster.duties(conn, room.clock.now())
        assert (duty.position, duty.skills) == (1, ("child", "lang:hmn"))
        assert duty.starts_at.astimezone(VIETNAM).replace(tzinfo=None) == begins
        assert "Trực thứ hai" in (await reader.get("/console/roster")).text
        backwards = turn | {"starts": hours["ends"], "ends": hours["starts"]}
        for wrong in (backwards, turn | {"post": "queen"}, turn | {"skill": "magic"}, turn | {"who": "nobody"}):
            assert (await lead.post("/console/roster", data=wrong)).status_code == 422
        assert (await reader.post("/console/roster", data=turn)).status_code == 403
        assert (await lead.post(f"/console/roster/{duty.id}/remove")).status_code == 303
        assert "Không ai trong lịch trực" in (await reader.get("/console/roster")).text


async def test_she_binds_and_takes_back_her_own_contacts(room: Room) -> None:
    """A code shown once; an address sealed, kept for her alone, and gone when she empties it."""
    await room.hire("hoaban")
    async with room.signed_in("hoaban") as browser:
        assert re.search(r"NC-\w{4}-\w{4}", (await browser.post("/console/roster/code")).text)
        assert "NC-" not in (await browser.get("/console/roster")).text
        mail = {"way": "mail", "address": "hoaban@example.org"}
        assert (await browser.post("/console/roster/address", data=mail)).status_code == 303
        assert "hoaban@example.org" not in (await browser.get("/console/roster")).text
        async with room.store.data.connect() as conn:
            row = (await conn.execute(select(staff_contact))).one()
        assert b"example" not in row.address_ct
        assert open_address(room.store.keys, row.staff_id, "mail", row.address_ct) == "hoaban@example.org"
        for wrong in ({"way": "mail", "address": "no address"}, {"way": "pigeon", "address": "hoaban@example.org"}):
            assert (await browser.post("/console/roster/address", data=wrong)).status_code == 422
        await browser.post("/console/roster/address", data=mail | {"address": ""})
    async with room.store.data.connect() as conn:
        assert (await conn.execute(select(staff_contact))).first() is None
        assert (await conn.execute(select(due_item.c.id).where(due_item.c.kind == STEP_DUE.number))).first() is None
