"""Resuming of an escalation that somebody stopped: as if she had not, at the moments it would have had."""

from __future__ import annotations

from sqlalchemy import select, update

from store.escalation.escalations import STEP_DUE, TELL_PERSON_DUE, climb, rung
from store.escalation.pages import PageState, call
from store.jobs.scheduled import due_item
from store.unit_of_work import UnitOfWork


async def resume(work: UnitOfWork, climb_id: int) -> bool:
    """Let a stopped escalation go on; False where it was not stopped. No other one of its case may run.

    Its beginning and its steps stay what they were: what has fallen due meanwhile is done now, and a page that had not
    left when it was stopped leaves.
    """
    conn = work.conn
    mine = climb.c.id == climb_id, climb.c.ended_at.is_not(None)
    stopped = (await conn.execute(select(climb.c.ended_at).where(*mine).with_for_update())).scalar_one_or_none()
    if stopped is None:
        return False
    await conn.execute(update(climb).where(*mine).values(ended_at=None, ended_by=None))
    steps = select(rung.c.id).where(rung.c.climb_id == climb_id)
    undone = due_item.c.kind == STEP_DUE.number, due_item.c.subject.in_(steps.where(rung.c.done_at.is_(None)))
    await conn.execute(update(due_item).where(*undone).values(done_at=None))
    told = due_item.c.kind == TELL_PERSON_DUE.number, due_item.c.subject == climb_id, due_item.c.done_at >= stopped
    await conn.execute(update(due_item).where(*told).values(done_at=None))
    dropped = call.c.rung_id.in_(steps), call.c.fate == PageState.DROPPED, call.c.not_after > work.now
    again = {"fate": PageState.READY, "not_before": work.now, "changed_at": work.now}
    await conn.execute(update(call).where(*dropped, call.c.changed_at >= stopped).values(again))
    return True
