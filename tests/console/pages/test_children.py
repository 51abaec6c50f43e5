"""A child's case at the desk: the report first and red while it is missing, its receipt, who is trained, Form 01."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from content.zone import VIETNAM
from store import audit
from store.cases import service as cases
from store.refusals import Refusal
from store.staff import skills
from store.unit_of_work import BOT, unit_of_work
from tests.support.console_refusals import refused
from tests.support.console_room import Room
from tests.support.staff import work_of_test

HTMX = {"hx-request": "true"}
STEPS = ("Báo 111 ngay", "An toàn lúc này", "Cha mẹ, người giám hộ", "Trường học", "Việc tiếp theo")


async def child(room: Room, *words: str, age: str = "under_16") -> str:
    """A case of level 3 whose person is a child, as her reader wrote down; returns its page."""
    case = await room.person(3, words or ("Chị ơi",))
    page = f"/console/cases/{case}"
    async with room.signed_in("hoaban") as browser:
        assert (await browser.post(f"{page}/edit/age", data={"age": age}, headers=HTMX)).status_code == 204
    return page


async def records(room: Room, action: str) -> list[dict[str, object]]:
    """What the audit holds of an act."""
    async with room.store.data.connect() as conn:
        found = await conn.execute(select(audit.audit.c.meta).where(audit.audit.c.action == action))
        return [row.meta for row in found]


async def test_page_of_a_child_begins_with_the_report(room: Room) -> None:
    """111 first, then safety, guardians only if that is safe, school, and what comes next; above everything else."""
    await room.hire("hoaban")
    page = await child(room)
    async with room.signed_in("hoaban") as browser:
        shown = (await browser.get(page)).text
    aside = shown[shown.index('id="about"') :]
    places = [aside.index(step) for step in STEPS]
    assert places == sorted(places)
    assert places[-1] < aside.index('id="facts"')
    assert "dưới 16 tuổi" in aside
    assert "chưa rà an toàn" in aside


async def test_page_of_an_adult_has_nothing_of_it(room: Room) -> None:
    """No child, no block, no report, nothing late."""
    await room.hire("hoaban")
    page = f"/console/cases/{await room.person(3, ['Chị ơi'])}"
    async with room.signed_in("hoaban") as browser:
        room.clock.advance(3600)
        shown = (await browser.get(page)).text
    assert "child-steps" not in shown
    assert "Chưa báo 111" not in shown


@pytest.mark.parametrize(("minutes", "late"), [(14, False), (16, True)])
async def test_missing_receipt_is_late_everywhere(room: Room, minutes: int, late: bool) -> None:
    """After fifteen minutes the case, the lane, the wall and the bell of every page say it in red."""
    await room.hire("hoaban")
    page = await child(room)
    room.clock.advance(minutes * 60)
    async with room.signed_in("hoaban") as browser:
        case, wall, other = [(await browser.get(path)).text for path in (page, "/console/deadlines", "/console/roster")]
    assert ("notice bad report" in case) is late
    assert ("report-late" in case) is late
    assert bool(re.search(r'class="report late">111: trễ từ', wall)) is late
    assert ('<p class="tile red"><span>Ca trẻ em chưa báo</span>' in wall) is late
    assert ('Chưa báo 111</span> <b class="count hot">1' in other) is late


async def test_receipt_ends_the_lateness_and_is_an_act(room: Room) -> None:
    """Hour, who and number stand in the conversation, sealed; the audit says that it was kept and nothing more."""
    await room.hire("hoaban")
    page = await child(room)
    room.clock.advance(1800)
    at = (room.clock.now() - timedelta(minutes=10)).astimezone(VIETNAM)
    form = {"at": f"{at:%Y-%m-%dT%H:%M}", "who": "Chị Lan trực", "number": "TN-0412"}
    async with room.signed_in("hoaban") as browser:
        assert (await browser.post(f"{page}/report", data=form)).headers["location"] == page
        shown, wall = (await browser.get(page)).text, (await browser.get("/console/deadlines")).text
    assert f"111 đã nhận tin lúc {at:%H:%M}" in shown
    assert "Chị Lan trực\nTN-0412" in shown
    assert "Chưa báo 111" not in shown + wall
    assert await records(room, "child.reported") == [{"service": "vn.111"}]


@pytest.mark.parametrize(
    ("form", "refusal", "values"),
    [
        ({"who": "", "number": ""}, Refusal.REPORT_RECEIPT, {"longest": "120"}),
        ({"who": "x" * 121}, Refusal.REPORT_RECEIPT, {"longest": "120"}),
        ({"who": "Lan", "at": "2001-01-01T00:00"}, Refusal.REPORT_TIME, {}),
        ({"who": "Lan", "at": "2101-01-01T00:00"}, Refusal.REPORT_TIME, {}),
        ({"who": "Lan", "at": "hôm qua"}, Refusal.REPORT_TIME, {}),
    ],
)
async def test_receipt_without_sense_is_refused(
    room: Room, form: dict[str, str], refusal: Refusal, values: dict[str, str]
) -> None:
    """Nobody and no number, far too long, an hour that cannot be."""
    await room.hire("hoaban")
    page = await child(room)
    async with room.signed_in("hoaban") as browser:
        await refused(browser, f"{page}/report", form, refusal, **values)


async def test_receipt_belongs_to_a_child(room: Room) -> None:
    """Of an adult nobody is told by duty."""
    await room.hire("hoaban")
    page = f"/console/cases/{await room.person(3, ['Chị ơi'])}"
    async with room.signed_in("hoaban") as browser:
        await refused(browser, f"{page}/report", {"who": "Lan"}, Refusal.REPORT_NOT_CHILD)


async def test_case_of_a_child_is_not_closed_before_the_receipt(room: Room) -> None:
    """What is late does not go out of sight by being closed; a mistake may be."""
    await room.hire("hoaban")
    page = await child(room)
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        await refused(browser, f"{page}/close", {"reason": "safe", "waiting": "1"}, Refusal.REPORT_MISSING)
        await browser.post(f"{page}/report", data={"who": "Lan"})
        done = await browser.post(f"{page}/close", data={"reason": "safe", "waiting": "1"})
    assert done.status_code == 303


async def test_untrained_holder_is_said_and_not_hindered(room: Room) -> None:
    """She takes it; the lane and the page say that nobody trained has it, and who is trained, until one has it."""
    await room.hire("hoaban", "hoasen")
    page = await child(room)
    async with work_of_test(room.store, room.clock.now()) as work:
        await skills.give(work, "hoasen", ["child"])
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as trained:
        assert (await browser.post(f"{page}/take")).status_code == 303
        shown = (await browser.get(page)).text
        assert 'class="untrained">thiếu người chuyên về trẻ em' in shown
        assert "Chưa có người chuyên về trẻ em giữ ca" in shown
        assert "Người chuyên về trẻ em: Hoa Sen" in shown
        given = {"to": str(room.ids["hoasen"]), "reason": "skill"}
        assert (await browser.post(f"{page}/hand-on", data=given)).status_code == 303
        assert "chuyên về trẻ em" not in (await trained.get(page)).text


async def test_form_01_is_printed_after_two_people_and_holds_no_note(room: Room) -> None:
    """What is known in the lines of the form, blanks for the rest, source and status; no note, no word of the child."""
    await room.hire("hoaban", "hoasen")
    page = await child(room, "nó nhốt em trong nhà")
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        await browser.post(f"{page}/take")
        await browser.post(f"{page}/note", data={"text": "ghi riêng về bố dượng"})
        await browser.post(f"{page}/report", data={"who": "Lan"})
        await browser.post(f"{page}/refer", data={"kind": "duty:child:vn.111"})
        shown = (await browser.get(page)).text
        assert "Mẫu số 01 đang chờ người thứ hai" in shown
        [one] = set(re.findall(rf"{page}/referrals/(\d+)/", shown))
        await refused(browser, f"{page}/referrals/{one}/hand", {"way": "form"}, Refusal.REFERRAL_NOT_CONFIRMED)
        await second.post(f"{page}/referrals/{one}/confirm")
        assert "Đã in được Mẫu số 01" in (await browser.get(page)).text
        printed = (await browser.post(f"{page}/referrals/{one}/hand", data={"way": "form"})).text
    assert "Mẫu số 01, Nghị định 56/2017/NĐ-CP" in printed
    assert "<dt>Ngày tháng năm sinh hoặc ước lượng tuổi</dt><dd>Dưới 16 tuổi</dd>" in printed
    assert "<dt>Họ và tên trẻ em</dt><dd>………" in printed
    assert "Đã báo qua điện thoại:" in printed
    assert "Hoàn cảnh gia đình <small>(cần đối chiếu)</small>" in printed
    assert "Cần đối chiếu với mẫu chính thức." in printed
    assert "luatminhkhue.vn" in printed
    assert "bố dượng" not in printed
    assert "nhốt" not in printed
    assert {"service": "vn.111", "fields": 6, "way": "form"} in await records(room, "referral.handed")


async def test_receipt_of_what_was_handed_over_is_one_of_the_report(room: Room) -> None:
    """Who of 111 took the form took the report: nothing is asked for twice."""
    await room.hire("hoaban", "hoasen")
    page = await child(room)
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        await browser.post(f"{page}/take")
        await browser.post(f"{page}/refer", data={"kind": "duty:child:vn.111"})
        [one] = set(re.findall(rf"{page}/referrals/(\d+)/", (await browser.get(page)).text))
        await second.post(f"{page}/referrals/{one}/confirm")
        await browser.post(f"{page}/referrals/{one}/hand", data={"way": "form"})
        assert "Báo 111 trước" in (await browser.get(page)).text
        await browser.post(f"{page}/referrals/{one}/receipt", data={"who": "Lan"})
        assert "111 đã nhận tin lúc" in (await browser.get(page)).text


async def test_form_01_is_for_children_alone(room: Room) -> None:
    """A woman who agreed to a service is handed on by a sheet, never by a child's form."""
    await room.hire("hoaban")
    page = await child(room, age="adult")
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        await refused(browser, f"{page}/refer", {"kind": "duty:child:vn.111"}, Refusal.REFERRAL_NOT_UNDER_16)


async def test_mark_of_the_machine_starts_the_clock(room: Room) -> None:
    """A mark that the talk brings later counts from then, not from the opening of the case."""
    await room.hire("hoaban")
    case: UUID = await room.person(3, ["Chị ơi"])
    room.clock.advance(3600)
    async with unit_of_work(room.store, now := room.clock.now(), BOT) as work:
        row = await cases.load_case(work.conn, case)
        await cases.add_flags(work, row.person_id, ["child", "under_16"])
        marked = await cases.load_case(work.conn, case)
    assert row.child_at is None
    assert marked.child_at == now
