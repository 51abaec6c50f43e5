"""Check-ins that fall due: asked, looked after, and handed to a human when they were not sent or not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.model.effects import CHECK_IN
from flows.model.messages import Outgoing
from flows.rendering.render import render
from scheduler.jobs.registry import LoadedItem, Run, due_job
from store.checkins import models as checkins_models
from store.checkins.models import (
    ACTIVE,
    ASKED,
    CANCELLED,
    CHECK_IN_ANSWER_DUE,
    CHECK_IN_DUE,
    CHECK_IN_SENT_DUE,
    HANDED,
    PLANNED,
    WAITING,
    check_in,
    check_in_plan,
)
from store.db.notify import NotifyChannel
from store.jobs import scheduled
from store.jobs.human_tasks import CHECK_IN as TASK
from store.jobs.human_tasks import NewTask, open_task
from store.messages.ledger import LedgerMessage, enqueue
from store.messages.models import Cause, Content, Status, ledger
from store.people.models import account, person
from store.unit_of_work import UnitOfWork

ANSWER_WITHIN = timedelta(hours=24)
"""How long a check-in waits for her word before a human looks (domain protocol: missed check-ins)."""
LOOK_AFTER = timedelta(minutes=2)
"""How long after the end of her hours it is looked at whether the question left."""


class CheckInDue(msgspec.Struct, frozen=True):
    """A check-in that something is due about, with its plan, its person and her account."""

    id: int
    state: str
    asked_at: datetime | None
    plan: str
    cover: str
    lang: str
    alias: str
    person_id: UUID
    account: int
    channel: str


async def check_ins(conn: AsyncConnection, ids: Sequence[int]) -> Mapping[int, CheckInDue]:
    """The check-ins with these ids; forgotten ones are missing."""
    plan = check_in_plan.c
    query = (
        select(check_in.c.id, check_in.c.state, check_in.c.asked_at, plan.state, plan.cover, plan.lang, plan.alias)
        .add_columns(plan.person_id, person.c.account, account.c.channel)
        .join(check_in_plan, plan.id == check_in.c.plan_id)
        .join(person, person.c.id == plan.person_id)
        .join(account, account.c.id == person.c.account)
        .where(check_in.c.id.in_(ids))
    )
    return {row.id: CheckInDue(*row) for row in await conn.execute(query)}


@due_job(CHECK_IN_DUE, load=check_ins)
async def ask(run: Run, item: LoadedItem[CheckInDue]) -> bool:
    """Put the cover line into the ledger, or hand over what is too late to be asked."""
    work, row = run.work, item.about
    runs = row.plan == ACTIVE and row.state == PLANNED
    if runs and work.now >= item.not_after:
        return await _hand_over(work, row, "late")
    if not runs or item.key is None:  # no plan of hers any more, or she was forgotten a moment ago
        await checkins_models.move(work, row.id, CANCELLED, since=(PLANNED,))
        return True
    said = run.library.say(row.cover, row.lang)
    shown = render(Outgoing(said.text, neutral=True), run.library.limits[row.channel], 0)[0]
    await enqueue(work, _question(work, item).sealed(item.key, shown))
    await checkins_models.move(work, row.id, ASKED, since=(PLANNED,))
    await scheduled.plan(work.conn, CHECK_IN_SENT_DUE, row.id, item.not_after + LOOK_AFTER)
    return True


def _question(work: UnitOfWork, item: LoadedItem[CheckInDue]) -> LedgerMessage:
    return LedgerMessage(
        person_id=item.about.person_id,
        account=item.about.account,
        cause_kind=Cause.CHECK_IN,
        cause=item.about.id,
        content=Content.CHECK_IN,
        priority=CHECK_IN,
        not_before=work.now,
        not_after=item.not_after,
    )


@due_job(CHECK_IN_SENT_DUE, load=check_ins)
async def look_after_sending(run: Run, item: LoadedItem[CheckInDue]) -> bool:
    """After her hours: what left waits for her answer, what did not is handed to a human and never leaves."""
    work, row = run.work, item.about
    its = ledger.c.cause_kind == Cause.CHECK_IN, ledger.c.cause == row.id
    status = (await work.conn.execute(select(ledger.c.status).where(*its).with_for_update())).scalar_one()
    if status == Status.SENDING:
        await _look_again(work, item)
        return False
    if status == Status.SENT:
        await scheduled.plan(work.conn, CHECK_IN_ANSWER_DUE, row.id, (row.asked_at or work.now) + ANSWER_WITHIN)
        return True
    waits = (Status.READY, Status.DEFERRED)
    await work.conn.execute(
        update(ledger)
        .where(*its, ledger.c.status.in_(waits))
        .values(status=Status.WITHHELD, reason="handed over", body_ct=None, changed_at=work.now)
    )
    return await _hand_over(work, row, "not_sent")


async def _look_again(work: UnitOfWork, item: LoadedItem[CheckInDue]) -> None:
    """Look later: the message is in the air at this very moment."""
    its = scheduled.due_item.c.id == item.id
    await work.conn.execute(update(scheduled.due_item).where(its).values(due_at=work.now + LOOK_AFTER))


@due_job(CHECK_IN_ANSWER_DUE, load=check_ins)
async def hand_over_missed(run: Run, item: LoadedItem[CheckInDue]) -> bool:
    """A day later: without an answer a human looks."""
    return await _hand_over(run.work, item.about, "missed")


async def _hand_over(work: UnitOfWork, row: CheckInDue, reason: str) -> bool:
    if await checkins_models.move(work, row.id, HANDED, since=(PLANNED, *WAITING)):
        await open_task(work, NewTask(TASK, str(row.id), reason, row.person_id, row.alias))
        work.notify(NotifyChannel.CASE, "plans")
    return True
