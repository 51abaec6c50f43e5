"""The task list: what waits for a human, who may do it by its kind, and that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Text, cast, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.checkins.models import check_in, check_in_plan
from store.errors import Refused
from store.jobs.human_tasks import CHECK_IN, task
from store.refusals import Refusal
from store.staff.models import CASE_WORKER, COUNSELLOR, PROV_ADMIN, SHIFT_LEAD, Member, member, staff

CASES = frozenset({COUNSELLOR, SHIFT_LEAD})
DOERS: Mapping[str, frozenset[str]] = {
    CHECK_IN: CASES | {CASE_WORKER},
    "due": CASES | {CASE_WORKER},
    "answer": CASES,
    "receipt": CASES,
    "tip": CASES | {PROV_ADMIN},
    "question": frozenset({SHIFT_LEAD, PROV_ADMIN}),
    "broadcast": frozenset({SHIFT_LEAD, PROV_ADMIN}),
    "call": CASES,
    "event": frozenset({SHIFT_LEAD}),
    "withdrawal": frozenset({SHIFT_LEAD}),
}
"""The roles that may do each kind of task; one that nobody listed is the shift lead's."""


class Task(msgspec.Struct, frozen=True):
    """Something to do: about whom (an alias), what kind, why. No word of anybody's.

    `carrier` is who carries the check-in plan it is about, while she works here.
    """

    id: int
    kind: str
    alias: str
    reason: str
    opened_at: datetime
    carrier: UUID | None = None

    def is_for(self, who: Member) -> bool:
        """Whether a member may do this: by her role, and of a plan that is carried only its carrier or a shift lead."""
        if who.roles.isdisjoint(DOERS.get(self.kind, frozenset({SHIFT_LEAD}))):
            return False
        return self.carrier in (None, who.id) or SHIFT_LEAD in who.roles


_TASKS = (
    select(task, staff.c.id.label("carrier"))
    .outerjoin(check_in, (task.c.kind == CHECK_IN) & (cast(check_in.c.id, Text) == task.c.subject))
    .outerjoin(check_in_plan, check_in_plan.c.id == check_in.c.plan_id)
    .outerjoin(staff, (staff.c.id == check_in_plan.c.started_by) & staff.c.active)
    .where(task.c.done_at.is_(None))
)


def _task(row: Any) -> Task:
    return Task(row.id, row.kind, row.alias, row.reason, row.opened_at, row.carrier)


async def open_tasks(conn: AsyncConnection) -> list[Task]:
    """List what waits for a human, the oldest first."""
    rows = (await conn.execute(_TASKS.order_by(task.c.opened_at, task.c.id))).all()
    return [_task(row) for row in rows]


async def finish(conn: AsyncConnection, now: datetime, key: bytes, *, staff_id: UUID, task_id: int) -> None:
    """Say that a task is done. Raises Refused when somebody else was first, or when it is none of hers.

    `key` is the audit key.
    """
    found = (await conn.execute(_TASKS.where(task.c.id == task_id).with_for_update(of=task))).one_or_none()
    if found is None:
        raise Refused(Refusal.TASK_DONE)
    who = await member(conn, staff_id)
    if who is None or not _task(found).is_for(who):
        raise Refused(Refusal.TASK_NOT_YOURS)
    await conn.execute(update(task).where(task.c.id == task_id).values(done_at=now, done_by=staff_id))
    await audit.record(
        conn, now, key, actor=str(staff_id), action="task.done", object=str(task_id), meta={"kind": found.kind}
    )
