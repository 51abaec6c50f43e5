"""Job of drills: a weekly escalation without a case, so that paging is known to work before somebody needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from content.escalation.loader import escalation_policy
from scheduler.jobs.registry import Run, escalation_job
from store.escalation import escalations
from store.escalation.drills import drill_code, give_up_drill
from store.escalation.escalations import EscalationStep, NewEscalation
from store.jobs import scheduled
from store.jobs.scheduled import DueItem, due_kind
from store.unit_of_work import UnitOfWork

DRILL_DUE = due_kind(6, "drill")

LASTS = timedelta(hours=2)
"""How long a drill pages: through every step of its level, and not into the night."""
LATEST = timedelta(days=1)
"""A drill that is later than this (nobody was there) is left out."""


async def plan(work: UnitOfWork) -> None:
    """Let this week's drill, or when its moment has passed the next one, fall due; planned once however often asked."""
    at = escalation_policy().drill_in(work.now.date())
    if at <= work.now:
        at = escalation_policy().drill_in(work.now.date() + timedelta(days=7))
    await scheduled.plan(work.conn, DRILL_DUE, at.date().toordinal() // 7, at, at + LATEST)


async def begin(work: UnitOfWork, late: timedelta = timedelta()) -> int | None:
    """Begin a drill; returns its escalation, None when it is too late for it."""
    if late > LATEST:
        return None
    new = NewEscalation(level=escalation_policy().drill.level, code=drill_code())
    made = await escalations.begin(work, work.now, new)
    if made is not None:
        work.record("drill.began", f"drill-{made}")
    return made


@escalation_job(DRILL_DUE)
async def begin_due(run: Run, items: Sequence[DueItem]) -> Sequence[int]:
    """Begin the drills that have fallen due."""
    for item in items:
        await begin(run.work, late=run.work.now - item.due_at)
    return [item.id for item in items]


async def end_if_old(work: UnitOfWork, step: EscalationStep) -> bool:
    """End a drill that nobody took in time: nobody waits behind it. False for every case, however old."""
    if step.case_id is not None or work.now - step.since < LASTS:
        return False
    await give_up_drill(work, step.climb_id)
    work.record("drill.missed", step.about)
    return True
