"""The task list: what waits for a human, who may do it by its kind, and that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Text, cast, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.aliases import alias_in_use
from store.checkins.models import check_in, check_in_plan
from store.errors import Refused
from store.groups import chats
from store.jobs.human_tasks import CHECK_IN, NOTICE, task
from store.refusals import Refusal
from store.staff.models import CASE_WORKER, COUNSELLOR, PROV_ADMIN, SHIFT_LEAD, Member, member, staff
from store.unit_of_work import UnitOfWork

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
    NOTICE: CASES,
    "event": frozenset({SHIFT_LEAD}),
    "withdrawal": frozenset({SHIFT_LEAD}),
    chats.TASK: frozenset({SHIFT_LEAD, PROV_ADMIN}),
}
"""The roles that may do each kind of task; one that nobody listed is the shift lead's."""


class Task(msgspec.Struct, frozen=True):
    """Something to do: about whom (an alias with its number), what kind, why. No word of anybody's.

    `carrier` is who carries the check-in plan it is about, while she works here; `due_at` is until when it must be
    done, where that is set.
    """

    id: int
    kind: str
    alias: str
    reason: str
    opened_at: datetime
    due_at: datetime | None = None
    carrier: UUID | None = None
    number: str | None = None
    subject: str = ""

    @property
    def case_id(self) -> str:
        """The case at which it is done; "" where it is done in the list."""
        return self.subject.partition(".")[0] if self.kind == NOTICE else ""

    def is_for(self, who: Member) -> bool:
        """Whether a member may do this: by her role, and of a plan that is carried only its carrier or a shift lead."""
        if who.roles.isdisjoint(DOERS.get(self.kind, frozenset({SHIFT_LEAD}))):
            return False
        return self.carrier in (None, who.id) or SHIFT_LEAD in who.roles


_TASKS = (
    select(task.c.id, task.c.kind, task.c.alias, task.c.reason, task.c.opened_at, task.c.due_at, staff.c.id)
    .add_columns(alias_in_use.c.number, task.c.subject)
    .outerjoin(check_in, (task.c.kind == CHECK_IN) & (cast(check_in.c.id, Text) == task.c.subject))
    .outerjoin(check_in_plan, check_in_plan.c.id == check_in.c.plan_id)
    .outerjoin(staff, (staff.c.id == check_in_plan.c.started_by) & staff.c.active)
    .outerjoin(alias_in_use, alias_in_use.c.alias == task.c.alias)
    .where(task.c.done_at.is_(None))
)


async def open_tasks(conn: AsyncConnection) -> list[Task]:
    """List what waits for a human, the oldest first."""
    return [Task(*row) for row in await conn.execute(_TASKS.order_by(task.c.opened_at, task.c.id))]


async def finish(work: UnitOfWork, task_id: int) -> None:
    """Say that a task is done. Raises Refused when somebody else was first, or when it is none of hers."""
    row = (await work.conn.execute(_TASKS.where(task.c.id == task_id).with_for_update(of=task))).one_or_none()
    if row is None:
        raise Refused(Refusal.TASK_DONE)
    found, who = Task(*row), await member(work.conn, work.staff_id)
    if who is None or not found.is_for(who):
        raise Refused(Refusal.TASK_NOT_YOURS)
    if found.case_id:
        raise Refused(Refusal.TASK_AT_CASE)
    done = {"done_at": work.now, "done_by": who.id}
    await work.conn.execute(update(task).where(task.c.id == task_id).values(done))
    work.record("task.done", task_id, kind=found.kind)
