"""What falls due, done: a check-in is asked, looked after, and handed to a human when it was not sent or answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from flows.model.effects import CHECK_IN
from flows.model.messages import Outgoing
from flows.rendering.render import render
from scheduler.jobs import unanswered_cases
from store.cases import service as cases
from store.checkins import models as checkins_models
from store.checkins.models import ACTIVE, ASKED, CANCELLED, HANDED, PLANNED, WAITING, check_in, check_in_plan
from store.db.engine import Store, is_outage, raw
from store.jobs import human_tasks, scheduled
from store.jobs.scheduled import Due
from store.messages.models import Cause, Content, Recipient, Status, ledger, seal_body
from store.people.models import account, person
from store.referrals import delivery as referral_delivery

ANSWER_WITHIN = timedelta(hours=24)
"""How long a check-in waits for her word before a human looks (domain protocol: missed check-ins)."""
LOOK_AFTER = timedelta(minutes=2)
"""How long after the end of her hours it is looked at whether the question left."""
_MOST = 200


class Round(msgspec.Struct):
    """What every item of one round needs."""

    conn: AsyncConnection
    store: Store
    library: Library
    now: datetime
    keys: dict[Any, Any]


async def overdue(store: Store, now: datetime) -> float | None:
    """For how many seconds the first open thing has been due; None when nothing is due.

    Mostly nothing is, and then this look at an index is all that a tick costs: a million things may lie ahead.
    """
    async with raw(store.data) as conn:
        oldest = await scheduled.oldest(conn)
    return None if oldest is None or oldest > now else (now - oldest).total_seconds()


async def due_once(store: Store, library: Library, now: datetime, most: int = _MOST) -> int:
    """Do what has fallen due, in one transaction; returns how many things. Two processes never do the same thing."""
    async with store.data.begin() as conn:
        items = await scheduled.claim(conn, now, most)
        if not items:
            return 0
        subjects = await _subjects(conn, items)
        async with raw(store.keyring) as ring:
            keys = await store.ring.load(ring, list({row.person_id for row in subjects.values()}))
        this = Round(conn, store, library, now, keys)
        await scheduled.done(conn, now, [item.id for item in items if await _do_alone(this, item, subjects)])
    return len(items)


async def _do_alone(this: Round, item: Any, subjects: Mapping[int, Any]) -> bool:
    """Do one item so that its failure harms no other; what fails becomes a task for a human."""
    try:
        async with this.conn.begin_nested():
            return await _do(this, item, subjects)
    except Exception as error:
        if is_outage(error):
            raise
        await human_tasks.open_task(
            this.conn, this.now, kind="due", subject=str(item.id), person_id=None, alias="", reason=type(error).__name__
        )
        return True


async def _subjects(conn: AsyncConnection, items: Sequence[Any]) -> dict[int, Any]:
    """The check-ins these items are about, with plan, person and account; forgotten ones are missing."""
    ids = [item.subject for item in items if item.kind in _DOES]
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


async def _do(this: Round, item: Any, subjects: Mapping[int, Any]) -> bool:
    """Do one item; False when it must be looked at again later."""
    if item.kind == Due.KEPT_ANSWER:
        return await _kept(this, item.subject)
    if item.kind == Due.TELL_HER:
        await unanswered_cases.tell_her(this.conn, this.store, this.library, this.now, item.subject)
        return True
    if item.kind == Due.RECEIPT:
        await referral_delivery.overdue(this.conn, this.now, item.subject)
        return True
    subject = subjects.get(item.subject)
    return True if subject is None else await _DOES[item.kind](this, item, subject)


async def _ask(this: Round, item: Any, subject: Any) -> bool:
    """Put the cover line into the ledger, or hand over what is too late to be asked."""
    if subject.plan != ACTIVE or subject.state != PLANNED:
        await checkins_models.move(this.conn, this.now, subject.id, CANCELLED, since=(PLANNED,))
        return True
    if this.now >= item.not_after:
        return await _hand_over(this, subject, "late")
    key = this.keys.get(subject.person_id)
    if key is None:  # she was forgotten a moment ago
        await checkins_models.move(this.conn, this.now, subject.id, CANCELLED, since=(PLANNED,))
        return True
    said = this.library.say(subject.cover, subject.lang)
    shown = render(Outgoing(said.text, neutral=True), this.library.limits[subject.channel], 0)[0]
    body = seal_body(key, subject.person_id, Cause.CHECK_IN, subject.id, 0, shown)
    await this.conn.execute(insert(ledger).values(_row(this, item, subject, body)))
    await checkins_models.move(this.conn, this.now, subject.id, ASKED, since=(PLANNED,), asked_at=this.now)
    await scheduled.plan(
        this.conn, Due.CHECK_IN_SENT, subject.id, item.not_after + LOOK_AFTER, item.not_after + LOOK_AFTER
    )
    await this.conn.execute(select(func.pg_notify("ledger", str(subject.account))))
    return True


def _row(this: Round, item: Any, subject: Any, body: bytes) -> dict[str, Any]:
    return {
        "cause_kind": Cause.CHECK_IN,
        "cause": subject.id,
        "n": 0,
        "account": subject.account,
        "recipient": Recipient.PERSON,
        "person_id": subject.person_id,
        "content": Content.CHECK_IN,
        "priority": CHECK_IN,
        "answers_at": None,
        "not_before": this.now,
        "not_after": item.not_after,
        "body_ct": body,
        "created_at": this.now,
        "changed_at": this.now,
    }


async def _sent(this: Round, item: Any, subject: Any) -> bool:
    """After her hours: what left waits for her answer, what did not is handed to a human and never leaves."""
    rows = ledger.c.cause_kind == Cause.CHECK_IN, ledger.c.cause == subject.id
    found = (await this.conn.execute(select(ledger.c.status, ledger.c.reason).where(*rows).with_for_update())).one()
    if found.status == Status.SENDING:
        await _later(this, item)
        return False
    if found.status == Status.SENT:
        asked_at = subject.asked_at or this.now
        await scheduled.plan(
            this.conn, Due.CHECK_IN_ANSWER, subject.id, asked_at + ANSWER_WITHIN, asked_at + ANSWER_WITHIN
        )
        return True
    waits = (Status.READY, Status.DEFERRED)
    await this.conn.execute(
        update(ledger)
        .where(*rows, ledger.c.status.in_(waits))
        .values(status=Status.WITHHELD, reason="handed over", body_ct=None, changed_at=this.now)
    )
    return await _hand_over(this, subject, "not_sent")


async def _later(this: Round, item: Any) -> None:
    """Look again: the message is in the air at this very moment."""
    await this.conn.execute(
        update(scheduled.due_item).where(scheduled.due_item.c.id == item.id).values(due_at=this.now + LOOK_AFTER)
    )


async def _answered(this: Round, item: Any, subject: Any) -> bool:
    """A day later: without an answer a human looks."""
    return await _hand_over(this, subject, "missed")


async def _hand_over(this: Round, subject: Any, reason: str) -> bool:
    if await checkins_models.move(this.conn, this.now, subject.id, HANDED, since=(PLANNED, *WAITING)):
        await human_tasks.open_task(
            this.conn,
            this.now,
            kind="check_in",
            subject=str(subject.id),
            person_id=subject.person_id,
            alias=subject.alias,
            reason=reason,
        )
        await this.conn.exec_driver_sql("SELECT pg_notify('case', 'plans')")
    return True


async def _kept(this: Round, line: int) -> bool:
    """A counsellor's answer that waited for her in vain becomes a task (safety rule 6)."""
    rows = ledger.c.cause_kind == Cause.CASE, ledger.c.cause == line
    unsent = select(ledger.c.person_id).where(*rows, ledger.c.status != Status.SENT).limit(1)
    person_id = (await this.conn.execute(unsent)).scalar_one_or_none()
    if person_id is None:
        return True
    alias = select(cases.case_file.c.alias).join(cases.case_line).where(cases.case_line.c.id == line)
    name = (await this.conn.execute(alias)).scalar_one()
    await human_tasks.open_task(
        this.conn, this.now, kind="answer", subject=str(line), person_id=person_id, alias=name, reason="kept"
    )
    return True


_DOES: Mapping[int, Callable[[Round, Any, Any], Awaitable[bool]]] = {
    Due.CHECK_IN: _ask,
    Due.CHECK_IN_SENT: _sent,
    Due.CHECK_IN_ANSWER: _answered,
}
