"""The records can be read: named, filtered, shown to whom they concern, and taken as a file by two people only."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest

from console.pages.reports.audit_exports import as_csv
from content.directory.refusals import refusal_labels
from content.zone import VIETNAM
from store import audit
from store.cases.service import load_case
from store.privacy import forgetting
from store.unit_of_work import COMMAND
from tests.support.console_room import Room

CRY = "Cứu em với, em đang ở bến xe"


async def named(room: Room, case: UUID) -> tuple[str, str]:
    """The alias and number of a case."""
    async with room.store.data.connect() as conn:
        found = await load_case(conn, case)
    return found.alias, found.number


def rows(page: str) -> list[list[str]]:
    """What stands in each row of the records."""
    found = re.findall(r"<tr><td>.*?</tr>", page)
    return [[re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in found]


async def test_records_are_told_in_words_with_alias_and_number(room: Room) -> None:
    """Who, what and on whom, as they are called now; no id, no name of a part of the program, no word of hers."""
    await room.hire("hoaban", "hoasen", "kiem")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
        form = {"to": str(room.ids["hoasen"]), "reason": "shift_ends"}
        assert (await browser.post(f"/console/cases/{case}/hand-on", data=form)).status_code == 303
    alias, number = await named(room, case)
    async with room.signed_in("kiem") as auditor:
        page = (await auditor.get("/console/audit")).text
    told = [row[2:] for row in rows(page)]
    assert ["Hoa Ban", "Nhận ca", f"{alias} {number}", ""] in told
    handed = next(row for row in told if "Hoa Sen" in row[3])
    assert handed[2] == f"{alias} {number}"
    listed = page[page.index("<tbody>") :]
    for never in (str(case), str(case)[:8], str(room.ids["hoasen"]), "bến xe", ">clock<", ">console<", "rung"):
        assert never not in listed


async def test_the_chain_holds_no_alias(room: Room) -> None:
    """What somebody is called is looked up when the page is drawn: forgetting her takes it from the page."""
    await room.hire("hoaban", "kiem")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"/console/cases/{case}/take")
    alias, _ = await named(room, case)
    async with room.store.data.connect() as conn:
        assert all(alias not in str(one) for one in await audit.page(conn))
        whose = (await load_case(conn, case)).person_id
    await forgetting.forget(room.store, room.clock.now(), COMMAND, whose)
    async with room.signed_in("kiem") as auditor:
        page = (await auditor.get("/console/audit")).text
    assert alias not in page
    assert f"một ca đã xóa ({str(case)[:8]})" in page


async def test_records_are_filtered_by_member_case_act_and_day(room: Room) -> None:
    """Each alone and together; what cannot be read filters nothing, a number of no case finds nothing."""
    await room.hire("hoaban", "hoasen", "kiem")
    first, second = await room.person(3, [CRY]), await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        for case in (first, second):
            await browser.get(f"/console/cases/{case}")
        await colleague.get(f"/console/cases/{second}")
        room.clock.advance(86400)
        await colleague.post(f"/console/cases/{second}/take")
    (one, _), (other, number) = await named(room, first), await named(room, second)
    today = room.clock.now().astimezone(VIETNAM).date()
    async with room.signed_in("kiem") as auditor:

        async def wanted(**query: str) -> set[tuple[str, str]]:
            page = (await auditor.get("/console/audit", params=query)).text
            assert "còn nguyên vẹn" not in page, "the chain is looked at where all of it is asked for"
            return {(row[2], row[4].rpartition(" ")[0]) for row in rows(page) if "ca" in row[3].lower()}

        sen = str(room.ids["hoasen"])
        assert await wanted(case=number) == {("Hoa Ban", other), ("Hoa Sen", other)}
        assert await wanted(who=str(room.ids["hoaban"]), act="case.read") == {("Hoa Ban", one), ("Hoa Ban", other)}
        assert await wanted(who=sen, act="case.acknowledged") == {("Hoa Sen", other)}
        assert await wanted(act="case.read", day=(today - timedelta(days=1)).isoformat(), case=number, who=sen) == {
            ("Hoa Sen", other)
        }
        assert await wanted(act="case.read", day=today.isoformat()) == set()
        assert await wanted(case="99999") == set()
        everything = await auditor.get("/console/audit", params={"who": "x", "act": "x", "day": "x", "case": "x"})
        assert len(rows(everything.text)) > 5


async def test_a_counsellor_sees_who_opened_her_cases_and_nothing_else(room: Room) -> None:
    """Her own cases only, others' openings only."""
    await room.hire("hoaban", "hoasen", "hoadao")
    mine, other = await room.person(3, [CRY]), await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        await browser.post(f"/console/cases/{mine}/take")
        await browser.get(f"/console/cases/{mine}")
        await colleague.post(f"/console/cases/{other}/take")
        for case in (mine, other):
            await colleague.get(f"/console/cases/{case}")
        seen = rows((await browser.get("/console/readings")).text)
        assert [row[2:5] for row in seen] == [["Hoa Sen", "Đọc ca", " ".join(await named(room, mine))]]
        assert rows((await colleague.get("/console/readings")).text) == []


async def test_a_file_leaves_only_when_two_people_say_so(room: Room) -> None:
    """Asked for with a reason, confirmed by another, fetched by the two for a day; each step is in the records."""
    await room.hire("hoaban", "kiem", "quantri")
    case = await room.person(3, [CRY])
    async with room.signed_in("hoaban") as browser:
        await browser.get(f"/console/cases/{case}")
    async with room.signed_in("kiem") as auditor, room.signed_in("quantri") as admin:
        where = "/console/audit/exports"
        short = await auditor.post(where, data={"reason": "cần", "act": "case.read"})
        assert (short.status_code, 'value="case.read" selected' in short.text) == (422, True)
        assert (await admin.post(where, data={"reason": "Kiểm tra quý 4 theo kế hoạch"})).status_code == 403
        await auditor.post(where, data={"reason": "Kiểm tra quý 4 theo kế hoạch", "act": "case.read"})
        own = await auditor.post(f"{where}/1", data={"say": "yes"})
        assert (own.status_code, refusal_labels()["export_second_person"]["vi"] in own.text) == (409, True)
        assert (await auditor.get(f"{where}/1.csv")).status_code == 409
        assert "Kiểm tra quý 4 theo kế hoạch" in (await admin.get(where)).text
        assert (await admin.post(f"{where}/1", data={"say": "yes"})).status_code == 303
        assert (await admin.post(f"{where}/1", data={"say": "no"})).status_code == 409
        file = await auditor.get(f"{where}/1.csv")
        assert file.headers["content-disposition"] == 'attachment; filename="nhat-ky-1.csv"'
        [head, row] = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
        assert head[0] == "Số"
        assert row[2:5] == ["Hoa Ban", "Đọc ca", " ".join(await named(room, case))]
        assert "bến xe" not in file.text
        room.clock.advance(25 * 3600)
        assert (await admin.get(f"{where}/1.csv")).status_code == 409
    async with room.store.data.connect() as conn:
        acts = [one.action for one in await audit.page(conn) if one.action.startswith("audit.")]
    assert acts == ["audit.exported", "audit.export_confirmed", "audit.export_asked"]


async def test_nobody_confirms_what_has_waited_for_a_day_or_was_declined(room: Room) -> None:
    """A forgotten request opens nothing later; what was declined stays so."""
    await room.hire("kiem", "quantri")
    async with room.signed_in("kiem") as auditor, room.signed_in("quantri") as admin:
        for _ in range(2):
            await auditor.post("/console/audit/exports", data={"reason": "Kiểm tra quý 4 theo kế hoạch"})
        assert (await admin.post("/console/audit/exports/1", data={"say": "no"})).status_code == 303
        room.clock.advance(25 * 3600)
        for number in (1, 2):
            assert (await admin.post(f"/console/audit/exports/{number}", data={"say": "yes"})).status_code == 409
            assert (await auditor.get(f"/console/audit/exports/{number}.csv")).status_code == 409
        assert (await admin.post("/console/audit/exports/9", data={"say": "yes"})).status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-1", "@x", "\t=1", " =1", "\r=1"])
def test_no_cell_of_a_file_is_a_formula(cell: str) -> None:
    """A spreadsheet reckons what begins so, or sends it away; a quote before it makes it text."""
    [[written, plain]] = csv.reader(StringIO(as_csv([[cell, "Suối Trong"]]).decode("utf-8-sig"), newline=""))
    assert (written, plain) == (f"'{cell}", "Suối Trong")
