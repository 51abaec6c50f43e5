"""Assignment on the page: a take undone, a case put back or given, and one's own late case."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from store.cases import service as cases
from store.casework.takes import ON_ITS_WAY, UNDO_WITHIN
from store.refusals import Refusal
from store.staff.roster import NewShift, add_duty
from store.unit_of_work import BOT, unit_of_work
from tests.support.console_refusals import refused
from tests.support.console_room import Room
from tests.support.staff import work_of_test

CRY = "Cứu em với"


async def on_duty(room: Room, *logins: str) -> None:
    """Put members on the roster of now."""
    now = room.clock.now()
    async with work_of_test(room.store, now) as work:
        for position, login in enumerate(logins):
            shift = NewShift(room.ids[login], now - timedelta(hours=1), now + timedelta(hours=8), position)
            await add_duty(work, shift)


async def test_take_is_undone_from_the_page_it_led_to(room: Room) -> None:
    """Within ten seconds; the case is free again, and nobody else's page ever said that it is not."""
    await room.hire("hoaban")
    page = f"/console/cases/{await room.person(3, [CRY])}"
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        assert 'data-seconds="10"' in (await browser.get(page)).text
        undone = await browser.post(f"{page}/take/undo")
        assert (undone.status_code, undone.headers["location"]) == (303, "/console/queue")
        assert "Chưa ai nhận ca này" in (await browser.get(page)).text


async def test_take_is_not_undone_later_and_the_page_does_not_offer_it(room: Room) -> None:
    """After the ten seconds it is put back instead."""
    await room.hire("hoaban")
    page = f"/console/cases/{await room.person(3, [CRY])}"
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        room.clock.advance((UNDO_WITHIN + ON_ITS_WAY).total_seconds() + 1)
        shown = (await browser.get(page)).text
        assert "data-seconds" not in shown
        assert "Trả ca về hàng chờ" in shown
        await refused(browser, f"{page}/take/undo", {}, Refusal.TAKE_OVER)
        await browser.post(f"{page}/put-back")
        shown = (await browser.get(page)).text
    assert "Chưa ai nhận ca này" in shown
    assert "Hoa Ban trả ca về hàng chờ" in shown


async def test_shift_lead_gives_a_free_case_and_sees_what_everybody_has(room: Room) -> None:
    """To whoever is on duty, with her load; the page and the thread say who has it; a counsellor is offered nothing."""
    await room.hire("hoaban", "hoasen", "hoadao")
    await on_duty(room, "hoaban", "hoadao")
    mine, page = await room.person(2), f"/console/cases/{await room.person(3, [CRY])}"
    async with room.signed_in("hoaban") as browser, room.signed_in("hoadao") as lead:
        await browser.post(f"/console/cases/{mine}/take")
        assert "Giao ca" not in (await browser.get(page)).text
        assert (await browser.post(f"{page}/assign", data={"to": room.ids["hoaban"]})).status_code == 403
        offered = (await lead.get(page)).text
        assert "Hoa Ban · 1 ca" in offered
        assert "Hoa Sen · " not in offered, "she is not on duty"
        await refused(lead, f"{page}/assign", {"to": str(room.ids["hoasen"])}, Refusal.ASSIGN_NOT_TO)
        await lead.post(f"{page}/assign", data={"to": str(room.ids["hoaban"])})
        shown = (await lead.get(page)).text
        assert "Hoa Đào giao ca cho Hoa Ban" in shown
        assert "<dd>Hoa Ban</dd>" in shown
        assert 'id="answer"' in (await browser.get(page)).text


async def test_own_late_case_is_not_offered_to_whoever_has_it(room: Room) -> None:
    """Others are being called: the row leads her to the case, where she answers or says that she looks after it."""
    await room.hire("hoaban", "hoasen")
    case = await room.person(4, [CRY])
    await late(room, case)
    async with room.signed_in("hoasen") as browser, room.signed_in("hoaban") as mine:
        assert f'action="/console/cases/{case}/take"' in (await browser.get("/console/queue")).text
        queue = (await mine.get("/console/queue")).text
        assert f'action="/console/cases/{case}/take"' not in queue
        assert "Mở ca để trả lời" in queue, "in the strip over every page"
        assert "Tôi đang lo ca này, thôi gọi" in (await mine.get(f"/console/cases/{case}")).text
        await mine.post(f"/console/cases/{case}/take")
        assert "Mở ca để trả lời" not in (await mine.get("/console/queue")).text


async def late(room: Room, case: UUID) -> None:
    """Let Hoa Ban have a case in which others are being called."""
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        await browser.post(f"/console/cases/{case}/reply", data={"text": "Chị đây", "request_key": ""})
    async with unit_of_work(room.store, room.clock.now(), BOT) as work:
        await cases.person_wrote(work, case)
        await work.conn.exec_driver_sql("UPDATE climb SET reached = 0 WHERE ended_at IS NULL")
