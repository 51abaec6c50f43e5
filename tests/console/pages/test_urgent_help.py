"""Help without her yes: two people, a reason, what she was told, and a notice that stays open until it is done."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from store import audit
from store.approvals.service import approvals_waiting
from store.jobs.human_tasks import task
from store.refusals import Refusal
from store.staff.models import COUNSELLOR, SHIFT_LEAD
from tests.support.console_refusals import refused
from tests.support.console_room import Room

HELP = {
    "service": "vn.113",
    "reason": "life_now",
    "told": "not_told",
    "why": "nó đang phá cửa",
    "said": "chưa kịp nói",
}
NOTICE = {"answer": "told", "words": "đã kể lúc an toàn"}


@pytest.fixture
async def page(room: Room) -> str:
    """The page of a case of level 4; two counsellors and a shift lead work."""
    await room.hire("hoaban", "hoasen", "hoadao")
    return f"/console/cases/{await room.person(4, ['cứu em với'])}"


async def asked(room: Room, page: str) -> str:
    """Let Hoa Ban ask; returns the path at which it is decided on."""
    async with room.signed_in("hoaban") as browser:
        assert (await browser.post(f"{page}/help", data=HELP)).headers["location"] == page
        [path] = set(re.findall(rf'action="({page}/help/\d+)"', (await browser.get(page)).text))
        return path


async def agreed(room: Room, page: str) -> str:
    """Let Hoa Ban ask and Hoa Sen agree; returns the path of the notice."""
    path = await asked(room, page)
    async with room.signed_in("hoasen") as second:
        assert (await second.post(path, data={"answer": "yes"})).status_code == 303
    return f"{path}/notice"


async def acts(room: Room) -> list[tuple[str, dict[str, object]]]:
    """What the audit holds of help."""
    async with room.store.data.connect() as conn:
        query = select(audit.audit.c.action, audit.audit.c.meta).where(audit.audit.c.action.like("help.%"))
        return [(row.action, row.meta) for row in await conn.execute(query.order_by(audit.audit.c.seq))]


async def open_tasks(room: Room) -> int:
    """How many notices wait."""
    async with room.store.data.connect() as conn:
        query = select(task.c.id).where(task.c.kind == "notice", task.c.done_at.is_(None))
        return len((await conn.execute(query)).all())


async def waits_for(room: Room, login: str, role: str) -> list[str]:
    """What waits for a member as a second person."""
    async with room.store.data.connect() as conn:
        return [one.kind for one in await approvals_waiting(conn, room.ids[login], {role})]


async def test_second_person_agrees_and_nobody_agrees_with_herself(room: Room, page: str) -> None:
    """Whoever asked can only take it back; a colleague reads why and what was said, and agrees; then it is called."""
    path = await asked(room, page)
    assert await waits_for(room, "hoaban", COUNSELLOR) == []
    assert await waits_for(room, "hoasen", COUNSELLOR) == ["help"]
    assert await waits_for(room, "hoadao", SHIFT_LEAD) == ["help"]
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        mine, hers = (await browser.get(page)).text, (await second.get(page)).text
        assert "Đồng ý với vai trò người thứ hai" not in mine
        assert "nó đang phá cửa\nchưa kịp nói" in hers
        assert "Tính mạng đang bị đe dọa" in hers
        assert "Gọi ngay: 113" not in hers
        await refused(browser, path, {"answer": "yes"}, Refusal.HELP_SECOND_PERSON)
        await second.post(path, data={"answer": "yes"})
        shown = (await browser.get(page)).text
        await refused(second, path, {"answer": "yes"}, Refusal.HELP_OVER)
    assert "Gọi ngay: 113" in shown
    assert "Hoa Sen đồng ý với vai trò người thứ hai: được gọi Công an" in shown
    assert await waits_for(room, "hoasen", COUNSELLOR) == []


async def test_audit_holds_codes_and_no_word(room: Room, page: str) -> None:
    """Every step, by whom is the actor; what was written is in no record."""
    notice = await agreed(room, page)
    async with room.signed_in("hoaban") as browser:
        await browser.post(notice, data=NOTICE)
    assert await acts(room) == [
        ("help.asked", {"service": "vn.113", "reason": "life_now", "told": "not_told"}),
        ("help.confirmed", {"service": "vn.113", "reason": "life_now"}),
        ("help.notice_told", {"service": "vn.113"}),
    ]


@pytest.mark.parametrize("login", ["hoaban", "hoasen"])
async def test_help_is_not_called_when_somebody_says_no(room: Room, page: str, login: str) -> None:
    """The second person, or whoever asked: nothing is called and nobody has to be told."""
    path = await asked(room, page)
    async with room.signed_in(login) as browser:
        await browser.post(path, data={"answer": "no"})
        shown = (await browser.get(page)).text
    assert "Gọi ngay" not in shown
    assert ("Đã rút lại" if login == "hoaban" else "Người thứ hai nói không") in shown
    assert await open_tasks(room) == 0


@pytest.mark.parametrize(
    ("change", "level", "refusal", "values"),
    [
        ({"service": "vn.osso.hn"}, 4, Refusal.HELP_CHOICE, {}),
        ({"reason": "because"}, 4, Refusal.HELP_CHOICE, {}),
        ({"told": ""}, 4, Refusal.HELP_CHOICE, {}),
        ({"why": " "}, 4, Refusal.HELP_WORDS, {}),
        ({"said": ""}, 4, Refusal.HELP_WORDS, {}),
        ({"why": "x" * 501}, 4, Refusal.CHANGE_WORDS_LENGTH, {"longest": "500"}),
        ({}, 3, Refusal.HELP_LEVEL, {"level": "4"}),
        ({"reason": "child_duty"}, 4, Refusal.HELP_NOT_CHILD, {}),
    ],
)
async def test_help_without_a_reason_that_fits_is_refused(
    room: Room, change: dict[str, str], level: int, refusal: Refusal, values: dict[str, str]
) -> None:
    """Another service, no reason of the list, no words, a level that is too low, no child."""
    await room.hire("hoaban")
    page = f"/console/cases/{await room.person(level, ['em ơi'])}"
    async with room.signed_in("hoaban") as browser:
        await refused(browser, f"{page}/help", HELP | change, refusal, **values)
    assert await acts(room) == []


async def test_same_help_is_asked_for_once(room: Room, page: str) -> None:
    """A colleague who asks for what is asked for already is told to decide on that."""
    await asked(room, page)
    async with room.signed_in("hoasen") as second:
        await refused(second, f"{page}/help", HELP, Refusal.HELP_ASKED)


async def test_notice_stays_a_task_until_she_was_told(room: Room, page: str) -> None:
    """It is done at the case and not in the list; the case is not closed before."""
    notice = await agreed(room, page)
    async with room.signed_in("hoaban") as browser:
        listed = (await browser.get("/console/check-ins")).text
        assert f'<a href="{page}">Mở' in listed
        async with room.store.data.connect() as conn:
            number = (await conn.execute(select(task.c.id).where(task.c.kind == "notice"))).scalar_one()
        await refused(browser, f"/console/tasks/{number}/done", {}, Refusal.TASK_AT_CASE)
        await browser.post(f"{page}/take")
        await refused(browser, f"{page}/close", {"reason": "safe", "waiting": "1"}, Refusal.NOTICE_OPEN)
        await refused(browser, notice, {"answer": "told", "words": " "}, Refusal.HELP_WORDS)
        assert await open_tasks(room) == 1
        await browser.post(notice, data=NOTICE)
        assert await open_tasks(room) == 0
        await refused(browser, notice, NOTICE, Refusal.NOTICE_OVER)
        assert (await browser.post(f"{page}/close", data={"reason": "safe", "waiting": "1"})).status_code == 303


async def test_two_people_say_that_it_is_not_safe_to_tell_her(room: Room, page: str) -> None:
    """One alone leaves the task open; a second one ends it, and is told of it in her list."""
    notice = await agreed(room, page)
    unsafe = {"answer": "unsafe", "words": "chồng giữ máy"}
    async with room.signed_in("hoaban") as browser, room.signed_in("hoadao") as lead:
        await browser.post(notice, data=unsafe)
        await refused(browser, notice, {"answer": "yes"}, Refusal.NOTICE_SECOND_PERSON)
        await refused(browser, notice, unsafe, Refusal.NOTICE_ASKED)
        assert await open_tasks(room) == 1
        assert await waits_for(room, "hoadao", SHIFT_LEAD) == ["notice"]
        assert await waits_for(room, "hoaban", COUNSELLOR) == []
        assert "Không báo lại việc gọi giúp" in (await lead.get("/console/approvals")).text
        await lead.post(notice, data={"answer": "yes"})
        assert "Không báo lại: hai người cùng nói là không an toàn" in (await browser.get(page)).text
    assert await open_tasks(room) == 0
    assert [action for action, _ in await acts(room)][-2:] == ["help.notice_unsafe_asked", "help.notice_unsafe"]


async def test_notice_goes_on_when_somebody_disagrees(room: Room, page: str) -> None:
    """Then she has still to be told."""
    notice = await agreed(room, page)
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as second:
        await browser.post(notice, data={"answer": "unsafe", "words": "chồng giữ máy"})
        await second.post(notice, data={"answer": "no"})
        await refused(second, notice, {"answer": "yes"}, Refusal.NOTICE_OVER)
        assert "Còn phải báo lại cho người nhắn" in (await browser.get(page)).text
    assert await open_tasks(room) == 1


async def test_sheet_can_be_handed_over_once_two_have_agreed(room: Room, page: str) -> None:
    """The same two people stand for the sheet; it never holds her number, and says on what it rests."""
    await agreed(room, page)
    async with room.signed_in("hoaban") as browser:
        await browser.post(f"{page}/take")
        [one] = set(re.findall(rf"{page}/referrals/(\d+)/hand", (await browser.get(page)).text))
        sheet = (await browser.post(f"{page}/referrals/{one}/hand", data={"way": "sheet"})).text
    assert "Hai người của mình quyết định, chưa có sự đồng ý" in sheet
    assert "số khác" not in sheet.lower()


async def test_nobody_decides_who_is_kept_from_the_case(room: Room, page: str) -> None:
    """A member who does not read cases gets no page of it, and nothing is called."""
    path = await asked(room, page)
    await room.hire("kiem")
    async with room.signed_in("kiem") as auditor:
        assert (await auditor.post(path, data={"answer": "yes"})).status_code == 403
    assert UUID(page.rpartition("/")[2])
    assert [action for action, _ in await acts(room)] == ["help.asked"]
