"""Check-in pages: who agreed, start, pause or end a plan, and the tasks it makes for people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from console.web.request import PageRequest
from content.zone import VIETNAM
from scheduler.quiet_hours import opening
from store.casework import task_list
from store.checkins import overview as checkins_overview
from store.checkins import service as checkins
from store.checkins.models import ACTIVE, PAUSED, STOPPED
from store.checkins.service import CheckInDays
from store.errors import Refused
from store.refusals import Refusal

FIRST, SECOND = 2, 7
"""Days after today that a new plan proposes: D2 and D7 of the aftercare schedule."""
CHANGES = {"pause": PAUSED, "resume": ACTIVE, "end": STOPPED}


async def show(page: PageRequest) -> Response:
    """List plans and tasks. No word of anybody's is on this page."""
    async with page.console.store.data.connect() as conn:
        found = await checkins_overview.living_plans(conn, page.visitor.member)
        waiting = await task_list.open_tasks(conn)
    tasks = [task for task in waiting if task.is_for(page.visitor.member)]
    return page.respond("checkins/check_ins.html", plans=found, tasks=tasks, asides=ASIDES)


ASIDES = {"tip": "tips", "question": "questions"}
"""Tasks that are done on a page of their own, and that page."""


async def plan(page: PageRequest) -> Response:
    """Open one plan with its answers; that it was read is recorded."""
    async with page.unit_of_work() as work:
        row = await checkins_overview.read(work, page.number("plan_id"), page.visitor.member)
    values: dict[str, Any] = {"plan": row, "covers": covers(page), "days": _proposed(page.now)}
    return page.respond("checkins/plan.html", **values)


def covers(page: PageRequest) -> list[tuple[str, str]]:
    """The cover lines to choose from, as she would read them."""
    library = page.console.library
    return [(card, library.say(card, "vi").text) for card in library.shelf("check_in_cover")]


def _proposed(now: datetime) -> tuple[date, date]:
    today = now.astimezone(VIETNAM).date()
    return today + timedelta(days=FIRST), today + timedelta(days=SECOND)


async def start(page: PageRequest) -> Response:
    """Start a plan on two days under one cover line."""
    form = await page.form()
    cover = form.text("cover")
    days = [day for name in ("first", "second") if (day := form.day(name)) is not None]
    if len(days) < 2:
        raise Refused(Refusal.PLAN_DAYS)
    if cover not in page.console.library.shelf("check_in_cover"):
        raise Refused(Refusal.PLAN_COVER_UNKNOWN)
    async with page.unit_of_work() as work:
        await checkins.start(work, page.number("plan_id"), cover, CheckInDays(days, opening))
    return page.redirect("plan", plan_id=page.number("plan_id"))


async def change(page: PageRequest) -> Response:
    """Let a plan rest, go on or end."""
    to = CHANGES.get((await page.form()).text("to"))
    if to is None:
        raise Refused(Refusal.PLAN_CHANGE_UNKNOWN)
    async with page.unit_of_work() as work:
        await checkins_overview.read(work, page.number("plan_id"), page.visitor.member)
        await checkins.change_by_staff(work, page.number("plan_id"), to)
    return page.redirect("check_ins") if to == STOPPED else page.redirect("plan", plan_id=page.number("plan_id"))


async def task_done(page: PageRequest) -> Response:
    """Say that a task is done; of two who say it one is told that she came second."""
    async with page.unit_of_work() as work:
        await task_list.finish(work, page.number("task_id"))
    return page.redirect("check_ins")
