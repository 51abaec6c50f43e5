"""Check-ins that fall due: asked, looked after, and handed to a human when they were not sent or not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.model.effects import CHECK_IN
from flows.model.messages import Outgoing
from flows.rendering.render import render
from scheduler.jobs.registry import DueItem, Run, due_job
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
from store.jobs import human_tasks, scheduled
from store.messages.models import Cause, Content, Recipient, Status, ledger, seal_body
from store.people.models import account, person

ANSWER_WITHIN = timedelta(hours=24)
"""How long a check-in waits for her word before a human looks (domain protocol: missed check-ins)."""
LOOK_AFTER = timedelta(minutes=2)
"""How long after the end of her hours it is looked at whether the question left."""


async def check_ins(conn: AsyncConnection, ids: Sequence[int]) -> Mapping[int, Any]:
    """The check-ins with these ids, with plan, person and account; forgotten ones are missing."""
    plan = check_in_plan
    query = (
        select(check_in, plan.c.person_id, plan.c.alias, plan.c.state.label("plan"), plan.c.cover, plan.c.lang)
        .add_columns(person.c.account, account.c.channel)
        .join(plan, plan.c.id == check_in.c.plan_id)
        .join(person, person.c.id == plan.c.person_id)
        .join(account, account.c.id == person.c.account)
        .where(check_in.c.id.in_(ids))
    )
    return {row.id: row for row in (await conn.execute(query)).all()}


@due_job(CHECK_IN_DUE, load=check_ins)
async def ask(run: Run, item: DueItem) -> bool:
    """Put the cover line into the ledger, or hand over what is too late to be asked."""
    row = item.about
    if row.plan != ACTIVE or row.state != PLANNED:
        await checkins_models.move(run.conn, run.now, row.id, CANCELLED, since=(PLANNED,))
        return True
    if run.now >= item.not_after:
        return await _hand_over(run, row, "late")
    if item.key is None:  # she was forgotten a moment ago
        await checkins_models.move(run.conn, run.now, row.id, CANCELLED, since=(PLANNED,))
        return True
    said = run.library.say(row.cover, row.lang)
    shown = render(Outgoing(said.text, neutral=True), run.library.limits[row.channel], 0)[0]
    body = seal_body(item.key, row.person_id, Cause.CHECK_IN, row.id, 0, shown)
    await run.conn.execute(insert(ledger).values(_ledger_row(run, item, body)))
    await checkins_models.move(run.conn, run.now, row.id, ASKED, since=(PLANNED,), asked_at=run.now)
    look = item.not_after + LOOK_AFTER
    await scheduled.plan(run.conn, CHECK_IN_SENT_DUE, row.id, look, look)
    await run.conn.execute(select(func.pg_notify("ledger", str(row.account))))
    return True


def _ledger_row(run: Run, item: DueItem, body: bytes) -> dict[str, Any]:
    return {
        "cause_kind": Cause.CHECK_IN,
        "cause": item.about.id,
        "n": 0,
        "account": item.about.account,
        "recipient": Recipient.PERSON,
        "person_id": item.about.person_id,
        "content": Content.CHECK_IN,
        "priority": CHECK_IN,
        "answers_at": None,
        "not_before": run.now,
        "not_after": item.not_after,
        "body_ct": body,
        "created_at": run.now,
        "changed_at": run.now,
    }


@due_job(CHECK_IN_SENT_DUE, load=check_ins)
async def look_after_sending(run: Run, item: DueItem) -> bool:
    """After her hours: what left waits for her answer, what did not is handed to a human and never leaves."""
    row = item.about
    its = ledger.c.cause_kind == Cause.CHECK_IN, ledger.c.cause == row.id
    found = (await run.conn.execute(select(ledger.c.status, ledger.c.reason).where(*its).with_for_update())).one()
    if found.status == Status.SENDING:
        await _look_again(run, item)
        return False
    if found.status == Status.SENT:
        answer_by = (row.asked_at or run.now) + ANSWER_WITHIN
        await scheduled.plan(run.conn, CHECK_IN_ANSWER_DUE, row.id, answer_by, answer_by)
        return True
    waits = (Status.READY, Status.DEFERRED)
    await run.conn.execute(
        update(ledger)
        .where(*its, ledger.c.status.in_(waits))
        .values(status=Status.WITHHELD, reason="handed over", body_ct=None, changed_at=run.now)
    )
    return await _hand_over(run, row, "not_sent")


async def _look_again(run: Run, item: DueItem) -> None:
    """Look later: the message is in the air at this very moment."""
    await run.conn.execute(
        update(scheduled.due_item).where(scheduled.due_item.c.id == item.id).values(due_at=run.now + LOOK_AFTER)
    )


@due_job(CHECK_IN_ANSWER_DUE, load=check_ins)
async def hand_over_missed(run: Run, item: DueItem) -> bool:
    """A day later: without an answer a human looks."""
    return await _hand_over(run, item.about, "missed")


async def _hand_over(run: Run, row: Any, reason: str) -> bool:
    if await checkins_models.move(run.conn, run.now, row.id, HANDED, since=(PLANNED, *WAITING)):
        await human_tasks.open_task(
            run.conn,
            run.now,
            kind="check_in",
            subject=str(row.id),
            person_id=row.person_id,
            alias=row.alias,
            reason=reason,
        )
        await run.conn.exec_driver_sql("SELECT pg_notify('case', 'plans')")
    return True
