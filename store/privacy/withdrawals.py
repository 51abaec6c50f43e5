"""Withdrawals: a platform reports that somebody takes back what it may do with her data, or she asks to be forgotten.

Without a case she is forgotten within a day, in an hour in which she does not write. With one a human decides in that
time: whoever holds the phone may be the one she fears, and nobody who waits for help is forgotten by a report.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from store.cases import service as cases
from store.cases.models import case_file
from store.db.engine import Store
from store.escalation import escalations
from store.jobs import scheduled
from store.jobs.human_tasks import WITHDRAWAL, NewTask, open_task, task
from store.jobs.scheduled import due_kind
from store.messages import hold
from store.people.forget_requests import forget_wish
from store.people.models import session
from store.privacy import forgetting
from store.privacy.forget_requests import has_case
from store.unit_of_work import BOT, UnitOfWork, unit_of_work

WITHIN = timedelta(hours=24)
"""In which time it must be done. Source: Zalo's platform policy, as transcribed 2026-08."""
NOTICE = timedelta(hours=2)
"""How long before the end of the day people are paged for a decision that nobody has made."""
DECISION_DUE = due_kind(9, "decision")
"""A human had time to decide whether she is forgotten."""
SILENT_HOURS = 1
SILENT_FOR = timedelta(hours=SILENT_HOURS)
"""How long she must not have written: what she sent before may still be on its way, and no talk ends in the middle."""
LATEST = timedelta(hours=22)
"""After so long she is forgotten in the middle of a talk, too; the rest of the day is for an outage."""
_BATCH = 50


async def report(work: UnitOfWork, person_id: UUID) -> None:
    """Note what a platform reported; of several reports the first begins the day. With a case it is a task at once."""
    wish = {"person_id": person_id, "asked_at": work.now, "silent_hours": SILENT_HOURS}
    told = insert(forget_wish).values(wish | {"withdrawn_at": work.now})
    first = {"withdrawn_at": func.coalesce(forget_wish.c.withdrawn_at, told.excluded.withdrawn_at)}
    await work.conn.execute(told.on_conflict_do_update(index_elements=[forget_wish.c.person_id], set_=first))
    await _hand_over(work)


async def ask_people(work: UnitOfWork, person_id: UUID) -> None:
    """Let a human decide within a day about somebody with an open case who asks to be forgotten."""
    case = await cases.find_open(work.conn, person_id)
    if case is not None:
        await _ask(work, person_id, "withdrawal.wish", case.alias, work.now)


async def _ask(work: UnitOfWork, person_id: UUID, reason: str, alias: str, since: datetime) -> None:
    """Open the task, once, and page for it when the day is over."""
    due = since + WITHIN
    await open_task(work, NewTask(WITHDRAWAL, str(person_id), reason, person_id, alias, due_at=due))
    query = select(task.c.id).where(
        task.c.kind == WITHDRAWAL, task.c.subject == str(person_id), task.c.done_at.is_(None)
    )
    task_id = (await work.conn.execute(query)).scalar_one()
    await scheduled.plan(work.conn, DECISION_DUE, task_id, due - NOTICE)


async def page_for(work: UnitOfWork, task_id: int) -> None:
    """Page for a decision that nobody has made, by the case it is about: somebody takes it, or it is done already."""
    query = select(task.c.person_id).where(task.c.id == task_id, task.c.done_at.is_(None))
    person_id = (await work.conn.execute(query)).scalar_one_or_none()
    case = await cases.find_open(work.conn, person_id) if person_id is not None else None
    if case is not None:
        await escalations.begin_for_case(work, work.now, case)


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
    hers = and_(case_file.c.person_id == forget_wish.c.person_id, case_file.c.closed_at.is_(None))
    wishes = select(forget_wish.c.person_id, forget_wish.c.withdrawn_at, case_file.c.alias).join(case_file, hers)
    for person_id, told_at, alias in (await work.conn.execute(wishes.where(_is_withdrawn()))).all():
        await _ask(work, person_id, "withdrawal.case", alias, told_at)
        await work.conn.execute(delete(forget_wish).where(forget_wish.c.person_id == person_id))


def _is_withdrawn() -> ColumnElement[bool]:
    return forget_wish.c.withdrawn_at.is_not(None)


def _due(now: datetime) -> Select[UUID]:
    silent = or_(session.c.last_in_at.is_(None), session.c.last_in_at < now - SILENT_FOR)
    quiet = and_(forget_wish.c.withdrawn_at < now - SILENT_FOR, silent)
    joined = select(forget_wish.c.person_id).outerjoin(session, session.c.person_id == forget_wish.c.person_id)
    return joined.where(or_(quiet, forget_wish.c.withdrawn_at < now - LATEST), ~has_case())
