"""A counsellor's answer that waited for the person in vain becomes a task for a human (safety rule 6)."""

from __future__ import annotations

from sqlalchemy import select

from scheduler.jobs.registry import Run, due_job
from store.cases import models as case_models
from store.casework.replies import KEPT_ANSWER_DUE
from store.jobs import human_tasks
from store.jobs.human_tasks import NewTask
from store.jobs.scheduled import DueItem
from store.messages.models import Cause, Status, ledger


@due_job(KEPT_ANSWER_DUE, relative=True)
async def open_task(run: Run, item: DueItem) -> bool:
    """Open a task for an answer (the line of its case) of which something has not left."""
    line, conn = item.subject, run.work.conn
    rows = ledger.c.cause_kind == Cause.CASE, ledger.c.cause == line
    unsent = select(ledger.c.person_id).where(*rows, ledger.c.status != Status.SENT).limit(1)
    person_id = (await conn.execute(unsent)).scalar_one_or_none()
    if person_id is None:
        return True
    alias = select(case_models.case_file.c.alias).join(case_models.case_line).where(case_models.case_line.c.id == line)
    name = (await conn.execute(alias)).scalar_one()
    await human_tasks.open_task(run.work, NewTask("answer", str(line), "kept", person_id, name))
    return True
