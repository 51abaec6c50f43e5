"""Refusals of check-ins, tasks, tips and questions: each request that cannot be is told its own reason and way out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from content.library import Library
from content.zone import VIETNAM
from flows.model.effects import Agree, RecordConsent
from scheduler.quiet_hours import opening
from store.cases.models import case_file
from store.checkins import service as checkins
from store.checkins.models import check_in_plan
from store.checkins.service import CheckInDays
from store.db.engine import Store
from store.jobs.human_tasks import task
from store.people.service import record_consent
from store.refusals import Refusal
from store.submissions.service import LONGEST
from store.unit_of_work import BOT, member_actor, unit_of_work
from tests.support.console_refusals import refused
from tests.support.console_room import Room

PLAN = "/console/check-ins/1"


@pytest.fixture
async def room(store: Store, library: Library) -> Room:
    """A console; somebody agreed to check-ins in the evening."""
    made = Room(store, library)
    await made.hire("hoaban", "hoasen", "hoadao")
    case = await made.person()
    async with unit_of_work(store, made.clock.now(), BOT) as work:
        person = (await work.conn.execute(select(case_file.c.person_id).where(case_file.c.id == case))).scalar_one()
        await record_consent(work, person, RecordConsent(checkins.CONSENT, "test", True))
        await checkins.agree(work, person, Agree((1170, 1230), "rau muống", "vi"))
    return made


def days(room: Room, first: int = 2, second: int = 7, **more: str) -> dict[str, str]:
    """The form of a plan, so many days from today."""
    today = room.clock.now().astimezone(VIETNAM).date()
    chosen = {"first": first, "second": second}
    cover = room.library.shelf("check_in_cover")[0]
    return {"cover": cover} | {name: str(today + timedelta(days=n)) for name, n in chosen.items()} | more


async def started(room: Room, who: UUID) -> None:
    """Let a member start the plan."""
    async with unit_of_work(room.store, room.clock.now(), member_actor(who)) as work:
        today = work.now.astimezone(VIETNAM).date()
        chosen = CheckInDays([today + timedelta(days=n) for n in (2, 7)], opening)
        await checkins.start(work, 1, room.library.shelf("check_in_cover")[0], chosen)


async def has(room: Room, **values: object) -> None:
    """Change the plan underneath."""
    async with room.store.data.begin() as conn:
        await conn.execute(update(check_in_plan).values(values))


async def test_a_plan_that_cannot_start_says_why(room: Room) -> None:
    """Days that are missing, doubled or over; a strange cover; her night, no word, no agreement; started already."""
    path = f"{PLAN}/start"
    today = room.clock.now().astimezone(VIETNAM).date()
    async with room.signed_in("hoaban") as browser:
        kept = await refused(browser, path, days(room, second=2), Refusal.PLAN_DAYS)
        assert kept.count(f'value="{today + timedelta(days=2)}"') == 2, "the days stay as they were chosen"
        await refused(browser, path, days(room, second=2) | {"second": "soon"}, Refusal.PLAN_DAYS)
        await refused(browser, path, days(room, cover="nonsense"), Refusal.PLAN_COVER_UNKNOWN)
        await refused(browser, "/console/check-ins/99/start", days(room), Refusal.PLAN_NOT_FOUND)
        await _day_passed(room, browser)
        await has(room, hours=[1320, 1380])
        await refused(browser, path, days(room), Refusal.PLAN_NIGHT)
        await has(room, code_tag=None)
        await refused(browser, path, days(room), Refusal.PLAN_NO_CODE_WORD)
        async with room.store.data.begin() as conn:
            await conn.exec_driver_sql("DELETE FROM consent")
        await refused(browser, path, days(room), Refusal.PLAN_NOT_AGREED)
        await has(room, state="active", started_by=room.ids["hoaban"])
        await refused(browser, path, days(room), Refusal.PLAN_STARTED)


async def _day_passed(room: Room, browser: httpx.AsyncClient) -> None:
    """A day that lies behind is named as its reader writes days."""
    past = room.clock.now().astimezone(VIETNAM).date() - timedelta(days=1)
    told = f"{past.day}/{past.month}/{past.year}"
    await refused(browser, f"{PLAN}/start", days(room, first=-1), Refusal.PLAN_DAY_PASSED, day=told)


async def test_a_plan_that_cannot_change_says_why(room: Room) -> None:
    """A strange change, one that has happened, a plan that a colleague carries, one that is not there."""
    await started(room, room.ids["hoaban"])
    async with room.signed_in("hoaban") as browser, room.signed_in("hoasen") as colleague:
        await refused(browser, f"{PLAN}/change", {"to": "nonsense"}, Refusal.PLAN_CHANGE_UNKNOWN)
        await refused(browser, f"{PLAN}/change", {"to": "resume"}, Refusal.PLAN_MOVED)
        await refused(colleague, f"{PLAN}/change", {"to": "pause"}, Refusal.PLAN_NOT_YOURS)
        await refused(browser, "/console/check-ins/99/change", {"to": "pause"}, Refusal.PLAN_NOT_FOUND)


async def test_a_task_that_is_anothers_or_done_says_so(room: Room) -> None:
    """A task of the shift lead's; a number that is no task any more."""
    async with room.store.data.begin() as conn:
        values = {"kind": "event", "subject": "1", "alias": "", "reason": "unknown", "opened_at": room.clock.now()}
        await conn.execute(task.insert().values(values))
    async with room.signed_in("hoaban") as browser:
        await refused(browser, "/console/tasks/1/done", {}, Refusal.TASK_NOT_YOURS)
        await refused(browser, "/console/tasks/99/done", {}, Refusal.TASK_DONE)


async def test_what_cannot_be_said_of_a_tip_or_a_question_says_why(room: Room) -> None:
    """A strange word is refused, never taken for another one; what was decided is not decided again."""
    await room.told()
    async with room.signed_in("hoadao") as browser:
        await refused(browser, "/console/tips/1", {"say": "nonsense"}, Refusal.TIP_STATE_UNKNOWN)
        await refused(browser, "/console/tips/99", {"say": "read"}, Refusal.TIP_MOVED)
        ask = "/console/questions/1"
        kept = await refused(browser, ask, {"say": "nonsense", "text": "Sửa?"}, Refusal.QUESTION_DECISION_UNKNOWN)
        assert ">\nSửa?</textarea>" in kept
        long = {"say": "pass", "text": "a" * (LONGEST + 1)}
        await refused(browser, ask, long, Refusal.QUESTION_LENGTH, longest=str(LONGEST))
        assert (await browser.post(ask, data={"say": "keep"})).status_code == 303
        await refused(browser, ask, {"say": "keep"}, Refusal.QUESTION_MOVED)
