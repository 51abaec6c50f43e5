"""Check-ins at the desk: who agreed, start a plan, let it rest or end, and the tasks it hands to humans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from console.labels import general as labels
from console.web.request import Visit
from scheduler import quiet_hours
from store.casework import task_list
from store.checkins import overview as checkins_overview
from store.checkins import service as checkins
from store.checkins.models import ACTIVE, PAUSED, STOPPED
from store.errors import Forgotten, Refused, Sealed

FIRST, SECOND = 2, 7
"""Days after today that a new plan proposes: D2 and D7 of the aftercare schedule."""
CHANGES = {"pause": PAUSED, "resume": ACTIVE, "end": STOPPED}


async def show(visit: Visit) -> Response:
    """List plans and tasks. No word of anybody's is on this page."""
    return await _list(visit)


ASIDES = {"tip": "tips", "question": "questions"}
"""Tasks that are done on a page of their own, and that page."""


async def _list(visit: Visit, message: str = "", status: int = 200) -> Response:
    async with visit.desk.store.data.connect() as conn:
        found = await checkins_overview.living_plans(conn, visit.visitor.member)
        waiting = await task_list.open_tasks(conn)
    return visit.page(
        "checkins/check_ins.html",
        status,
        plans=found,
        tasks=[task for task in waiting if task.is_for(visit.visitor.member)],
        asides=ASIDES,
        message=visit.say(message) if message else "",
    )


async def plan(visit: Visit) -> Response:
    """Open one plan with its answers; that it was read is recorded."""
    return await _plan(visit)


async def _plan(visit: Visit, message: str = "", status: int = 200) -> Response:
    desk = visit.desk
    try:
        row = await checkins_overview.read(desk.store, desk.clock.now(), plan_id(visit), visit.visitor.member)
    except (Refused, Sealed, Forgotten):
        return visit.problem(labels.NO_PLAN, 404)
    values: dict[str, Any] = {"plan": row, "covers": covers(visit), "days": _proposed(visit.now)}
    return visit.page("checkins/plan.html", status, message=visit.say(message) if message else "", **values)


def covers(visit: Visit) -> list[tuple[str, str]]:
    """The cover lines to choose from, as she would read them."""
    library = visit.desk.library
    return [(card, library.say(card, "vi").text) for card in library.shelf("check_in_cover")]


def plan_id(visit: Visit) -> int:
    """The plan a request is about."""
    found: int = visit.request.path_params["plan_id"]
    return found


def _proposed(now: datetime) -> tuple[date, date]:
    today = now.astimezone(quiet_hours.ZONE).date()
    return today + timedelta(days=FIRST), today + timedelta(days=SECOND)


async def start(visit: Visit) -> Response:
    """Start a plan on two days under one cover line."""
    form = await visit.request.form()
    cover, desk = str(form.get("cover", "")), visit.desk
    try:
        days = [date.fromisoformat(str(form.get(name, ""))) for name in ("first", "second")]
    except ValueError:
        return await _plan(visit, labels.WRONG_DAYS, 422)
    if cover not in desk.library.shelf("check_in_cover"):
        return await _plan(visit, labels.NO_COVER, 422)
    try:
        async with desk.store.data.begin() as conn:
            await checkins.start(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                plan_id=plan_id(visit),
                staff_id=visit.staff_id,
                days=days,
                cover=cover,
                opening=opening,
            )
    except Refused:
        return await _plan(visit, labels.NOT_STARTED, 422)
    return visit.to("plan", plan_id=plan_id(visit))


def opening(minutes: Sequence[int], day: date) -> tuple[datetime, datetime] | None:
    """The window of a day in her hours."""
    return quiet_hours.opening(quiet_hours.windows_of(minutes), day)


async def change(visit: Visit) -> Response:
    """Let a plan rest, go on or end."""
    form = await visit.request.form()
    to = CHANGES.get(str(form.get("to", "")))
    if to is None:
        return visit.to("plan", plan_id=plan_id(visit))
    desk = visit.desk
    try:
        await checkins_overview.read(desk.store, desk.clock.now(), plan_id(visit), visit.visitor.member)
        async with desk.store.data.begin() as conn:
            await checkins.change_by_staff(
                conn, desk.clock.now(), desk.store.house.audit, plan_id=plan_id(visit), staff=visit.staff_id, to=to
            )
    except (Refused, Sealed, Forgotten):
        return visit.problem(labels.PLAN_MOVED, 409)
    return visit.to("check_ins") if to == STOPPED else visit.to("plan", plan_id=plan_id(visit))


async def task_done(visit: Visit) -> Response:
    """Say that a task is done; of two who say it one is told that she came second."""
    desk = visit.desk
    try:
        async with desk.store.data.begin() as conn:
            await task_list.finish(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                staff_id=visit.staff_id,
                task_id=visit.request.path_params["task_id"],
            )
    except task_list.NotHers:
        return visit.problem(labels.NOT_HERS, 403)
    except Refused:
        return await _list(visit, labels.TASK_DONE, 409)
    return visit.to("check_ins")
