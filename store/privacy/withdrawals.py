"""Withdrawals: a platform reports that somebody takes back what it may do with her data.

Without a case she is forgotten within a day, in an hour in which she does not write. With one a human decides in that
time: whoever holds the phone may be the one she fears, and nobody who waits for help is forgotten by a report.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, ColumnElement, DateTime, ForeignKey, Select, Table, Uuid, and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from store.cases.models import case_file
from store.db.engine import Store
from store.jobs.human_tasks import NewTask, open_task
from store.messages import hold
from store.metadata import metadata
from store.people.models import session
from store.privacy import forgetting
from store.unit_of_work import BOT, UnitOfWork, unit_of_work

TASK = "withdrawal"
"""The kind of task that asks a human to decide."""
WITHIN = timedelta(hours=24)
"""In which time it must be done. Source: Zalo's platform policy, as transcribed 2026-08."""
SILENT_FOR = timedelta(hours=1)
"""How long she must not have written: what she sent before may still be on its way, and no talk ends in the middle."""
LATEST = timedelta(hours=22)
"""After so long she is forgotten in the middle of a talk, too; the rest of the day is for an outage."""
_BATCH = 50

withdrawal = Table(
    "withdrawal",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("told_at", DateTime(timezone=True), nullable=False),
)


async def report(work: UnitOfWork, person_id: UUID) -> None:
    """Note what a platform reported; of several reports the first begins the day. With a case it is a task at once."""
    told = insert(withdrawal).values(person_id=person_id, told_at=work.now)
    await work.conn.execute(told.on_conflict_do_nothing())
    await _hand_over(work)


async def fulfil_once(store: Store, now: datetime) -> int:
    """Forget everybody whose time has come; returns how many. Idempotent; on hold nothing is done."""
    async with store.data.connect() as conn:
        if await hold.find(conn) is not None:
            return 0
    async with unit_of_work(store, now, BOT) as work:
        await _hand_over(work)
        due = list((await work.conn.execute(_due(now).limit(_BATCH))).scalars())
    for person_id in due:
        await forgetting.forget(store, now, BOT, person_id)
    return len(due)


async def _hand_over(work: UnitOfWork) -> None:
    """Let a human decide about whoever has an open case, however it came about."""
    found = select(withdrawal.c.person_id, withdrawal.c.told_at, case_file.c.alias).join(case_file, _is_hers())
    for person_id, told_at, alias in (await work.conn.execute(found)).all():
        new = NewTask(TASK, str(person_id), "withdrawal.case", person_id, alias, due_at=told_at + WITHIN)
        await open_task(work, new)
        await work.conn.execute(delete(withdrawal).where(withdrawal.c.person_id == person_id))


def _is_hers() -> ColumnElement[bool]:
    return and_(case_file.c.person_id == withdrawal.c.person_id, case_file.c.closed_at.is_(None))


def _due(now: datetime) -> Select[UUID]:
    silent = or_(session.c.last_in_at.is_(None), session.c.last_in_at < now - SILENT_FOR)
    quiet = and_(withdrawal.c.told_at < now - SILENT_FOR, silent)
    hers = session.c.person_id == withdrawal.c.person_id
    has_case = select(case_file.c.id).where(_is_hers()).exists()
    joined = select(withdrawal.c.person_id).outerjoin(session, hers)
    return joined.where(or_(quiet, withdrawal.c.told_at < now - LATEST), ~has_case)
