"""The roster of a week: gaps in red, the turn of this moment marked, the week before copied once."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import timedelta

from console.pages.people.roster_week import monday_of
from content.zone import VIETNAM
from store import audit
from store.staff import roster
from store.staff.roster import NewShift
from store.staff.roster_week import WEEK, copy_week, turns_between
from tests.support.console_room import Room
from tests.support.staff import work_of_test


async def week_of_turns(room: Room) -> None:
    """Put Hoa Ban on call from 7 to 23 on the first two days of last week."""
    monday = monday_of(room.clock.now().astimezone(VIETNAM).date()) - WEEK
    async with work_of_test(room.store, room.clock.now()) as work:
        for day in range(2):
            starts = monday + timedelta(days=day, hours=7)
            await roster.add_duty(work, NewShift(room.ids["hoaban"], starts, starts + timedelta(hours=16)))


async def test_copied_week_is_the_week_before_and_never_there_twice(room: Room) -> None:
    """Two who copy at once make one; what is there already stays; the audit says who and how many."""
    await room.hire("hoaban", "hoadao")
    await week_of_turns(room)
    monday = monday_of(room.clock.now().astimezone(VIETNAM).date())

    async def copy() -> int:
        async with room.works("hoadao") as work:
            return await copy_week(work, monday)

    assert sorted(await asyncio.gather(copy(), copy())) == [0, 2]
    async with room.store.data.connect() as conn:
        turns = await turns_between(conn, monday, monday + WEEK)
        records = [one for one in await audit.page(conn) if one.action == "roster.copied"]
    assert [one.starts_at - monday for one in turns] == [timedelta(hours=7), timedelta(days=1, hours=7)]
    assert [one.ends_at - one.starts_at for one in turns] == [timedelta(hours=16)] * 2
    assert {one.actor for one in records} == {str(room.ids["hoadao"])}


async def test_week_names_gaps_and_marks_the_turn_of_now(room: Room) -> None:
    """A post without anybody is empty in words; the gap on call that is near is solid; past days have no gaps."""
    await room.hire("hoaban", "hoadao")
    now = room.clock.now()
    async with work_of_test(room.store, now) as work:
        turn = NewShift(room.ids["hoaban"], now - timedelta(hours=1), now + timedelta(minutes=30))
        await roster.add_duty(work, turn)
    async with room.signed_in("hoadao") as lead:
        page = (await lead.get("/console/roster")).text
        later = (await lead.get(f"/console/roster?week={(now + WEEK).date()}")).text
        past = (await lead.get(f"/console/roster?week={(now - WEEK).date()}")).text
    assert re.search(r'class="now"><b>Hoa Ban</b>', page)
    assert re.search(r'class="gap worst"><a href="[^"]+#put">Trống \d\d:\d\d–', page)
    assert later.count('#put">Trống 00:00–24:00') == 21
    assert "Trống " not in past


async def test_empty_span_leads_to_the_form_filled_in(room: Room) -> None:
    """Its post, its beginning and its end stand in the fields; a counsellor sees the span and no link."""
    await room.hire("hoaban", "hoadao")
    monday = monday_of((room.clock.now() + WEEK).astimezone(VIETNAM).date())
    async with room.signed_in("hoadao") as lead, room.signed_in("hoaban") as reader:
        week = (await lead.get(f"/console/roster?week={monday.date()}")).text
        path = html.unescape(re.findall(r'<a href="([^"]+)#put">Trống', week)[8])
        form = (await lead.get(f"/console/roster{path}")).text
        assert "#put" not in (await reader.get(f"/console/roster?week={monday.date()}")).text
    tuesday = monday + timedelta(days=1)
    assert f'name="starts" type="datetime-local" required value="{tuesday:%Y-%m-%dT00:00}"' in form
    assert f'name="ends" type="datetime-local" required value="{tuesday + timedelta(days=1):%Y-%m-%dT00:00}"' in form
    assert '<option value="second" selected>' in form


async def test_a_turn_of_several_days_says_what_of_it_lies_in_each(room: Room) -> None:
    """From its hour on the first day, all day in between, to its hour on the last."""
    await room.hire("hoaban", "hoadao")
    monday = monday_of((room.clock.now() + WEEK).astimezone(VIETNAM).date())
    async with work_of_test(room.store, room.clock.now()) as work:
        turn = NewShift(room.ids["hoaban"], monday + timedelta(hours=15), monday + timedelta(days=2, hours=7))
        await roster.add_duty(work, turn)
    async with room.signed_in("hoadao") as lead:
        page = (await lead.get(f"/console/roster?week={monday.date()}")).text
    assert re.findall(r"<b>Hoa Ban</b> ([^<]+)</p>", page) == ["15:00–24:00", "cả ngày", "00:00–07:00"]


async def test_lead_copies_the_week_from_the_page_and_a_counsellor_may_not(room: Room) -> None:
    """She comes back to the week she copied into."""
    await room.hire("hoaban", "hoadao")
    await week_of_turns(room)
    week = monday_of(room.clock.now().astimezone(VIETNAM).date()).date().isoformat()
    async with room.signed_in("hoadao") as lead, room.signed_in("hoaban") as reader:
        assert "Chép tuần trước" not in (await reader.get("/console/roster")).text
        assert (await reader.post("/console/roster/week", data={"week": week})).status_code == 403
        answer = await lead.post("/console/roster/week", data={"week": week})
        assert answer.headers["location"] == f"/console/roster?week={week}"
        assert (await lead.get(answer.headers["location"])).text.count("<b>Hoa Ban</b> 07:00–23:00") == 2


async def test_only_turn_on_call_is_taken_off_by_saying_so_twice(room: Room) -> None:
    """The first time names when nobody would be on call; beside another turn once is enough."""
    await room.hire("hoaban", "hoadao")
    now = room.clock.now()
    async with work_of_test(room.store, now) as work:
        turn = NewShift(room.ids["hoaban"], now + timedelta(hours=1), now + timedelta(hours=3))
        only, other = [await roster.add_duty(work, turn) for _ in range(2)]
    async with room.signed_in("hoadao") as lead:
        assert (await lead.post(f"/console/roster/{other}/remove")).status_code == 303
        asked = await lead.post(f"/console/roster/{only}/remove")
        span = f"{(now + timedelta(hours=1)).astimezone(VIETNAM):%H:%M}"
        assert asked.status_code == 409
        assert "không còn ai trực chính" in asked.text
        assert span in asked.text.partition("không còn ai trực chính")[2][:60]
        assert (await lead.post(f"/console/roster/{only}/remove", data={"sure": "yes"})).status_code == 303
    async with room.store.data.connect() as conn:
        assert await roster.duties(conn, now) == []
