"""Operations on check-in plans: agree, start, rest, go on, end, open, answer. Each is done once, whoever calls it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.model.effects import Agree, AnswerCheckIn
from flows.parsing.code_words import folded, tag
from store.cases import aliases
from store.cases import service as cases
from store.checkins.models import (
    ACTIVE,
    AGREED,
    ANSWERED,
    ASKED,
    CANCELLED,
    CHECK_IN_ANSWER_DUE,
    CHECK_IN_DUE,
    CHECK_IN_SENT_DUE,
    FLAGGED,
    HANDED,
    LIVING,
    OPENED,
    PAUSED,
    PLANNED,
    STOPPED,
    WAITING,
    check_in,
    check_in_answer,
    check_in_plan,
    code_salt,
    living,
    move,
    plan_of,
    steps_of,
)
from store.crypto.fields import decrypt, encrypt, pad, place, unpad
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.jobs import human_tasks, scheduled
from store.jobs.human_tasks import NewTask
from store.people.models import consent
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

CONSENT = "C4"
NUMBER_DIGITS = 5
"""Of the number that stands beside the alias of a plan."""
Opening = Callable[[Sequence[int], date], tuple[datetime, datetime] | None]
"""Finds the window of a day in her hours (minutes of the day), as `scheduler.quiet_hours.opening` does."""


class CheckInDays(msgspec.Struct, frozen=True):
    """The days on which a plan asks; `opening` finds her hours on a day, `jitter(n)` draws below n minutes."""

    days: Sequence[date]
    opening: Opening
    jitter: Callable[[int], int] = secrets.randbelow

    def moments(self, hours: Sequence[int], now: datetime) -> list[tuple[datetime, datetime]]:
        """When each check-in is asked, and when her hours end on that day. Raises Refused."""
        if not self.days or len(set(self.days)) != len(self.days):
            raise Refused(Refusal.PLAN_DAYS)
        return [self._moment(hours, day, now) for day in sorted(self.days)]

    def _moment(self, hours: Sequence[int], day: date, now: datetime) -> tuple[datetime, datetime]:
        window = self.opening(hours, day)
        if window is None:
            raise Refused(Refusal.PLAN_NIGHT)
        begins, ends = window
        if begins <= now:
            raise Refused(Refusal.PLAN_DAY_PASSED, day=day)
        spare = max(1, int((ends - begins).total_seconds() // 60) // 2)
        return begins + timedelta(minutes=self.jitter(spare)), ends


async def agree(work: UnitOfWork, person_id: UUID, agreed: Agree) -> None:
    """Keep her agreement: her hours, the keyed hash of her word, her language.

    A plan she has already keeps its state and its days, and takes the new hours and the new word.
    """
    word = tag(code_salt(work.store.keys.index, person_id), folded(agreed.code))
    values: dict[str, object] = {"hours": list(agreed.hours), "code_tag": word, "lang": agreed.lang}
    hers = await living(work.conn, person_id, lock=True)
    if hers is not None:
        await work.conn.execute(update(check_in_plan).where(check_in_plan.c.id == hers.id).values(values))
        return
    alias, number = aliases.draw(), cases.new_number(NUMBER_DIGITS)
    values |= {"person_id": person_id, "alias": alias, "number": number, "state": AGREED, "agreed_at": work.now}
    made = await work.conn.execute(insert(check_in_plan).values(values).returning(check_in_plan.c.id))
    plan_id = made.scalar_one()
    held = await aliases.hold(work.conn, alias, {"number": number, "plan_id": plan_id})
    if held != alias:
        await work.conn.execute(update(check_in_plan).where(check_in_plan.c.id == plan_id).values(alias=held))
    _announce(work)


async def start(work: UnitOfWork, plan_id: int, cover: str, chosen: CheckInDays) -> None:
    """Start a plan: one check-in on each day, in her hours, under the cover line agreed with her. Raises Refused."""
    plan = await plan_of(work.conn, plan_id, lock=True)
    if plan is None:
        raise Refused(Refusal.PLAN_NOT_FOUND)
    if plan.state != AGREED:
        raise Refused(Refusal.PLAN_STARTED)
    if not await consents(work.conn, plan.person_id):
        raise Refused(Refusal.PLAN_NOT_AGREED)
    if plan.code_tag is None:
        raise Refused(Refusal.PLAN_NO_CODE_WORD)
    moments = chosen.moments(plan.hours, work.now)
    started = {"state": ACTIVE, "cover": cover, "started_at": work.now, "started_by": work.staff_id}
    await work.conn.execute(update(check_in_plan).where(check_in_plan.c.id == plan_id).values(started))
    for step, (due_at, not_after) in enumerate(moments):
        values = {"plan_id": plan_id, "step": step, "due_at": due_at, "not_after": not_after}
        made = (await work.conn.execute(insert(check_in).values(values).returning(check_in.c.id))).scalar_one()
        await scheduled.plan(work.conn, CHECK_IN_DUE, made, due_at, not_after)
    work.record("plan.started", plan_id, steps=len(moments))


async def consents(conn: AsyncConnection, person_id: UUID) -> bool:
    """Whether her last word on check-ins was yes."""
    query = (
        select(consent.c.given)
        .where(consent.c.person_id == person_id, consent.c.purpose == CONSENT)
        .order_by(consent.c.id.desc())
        .limit(1)
    )
    return bool((await conn.execute(query)).scalar_one_or_none())


async def change(work: UnitOfWork, person_id: UUID, to: str) -> bool:
    """Let a person's plan rest, go on or end; False when there is none it could happen to."""
    plan = await living(work.conn, person_id, lock=True)
    if plan is None or (to == ACTIVE and plan.state != PAUSED) or (to == PAUSED and plan.state == PAUSED):
        return False
    if to == ACTIVE and plan.started_at is None:
        to = AGREED
    ended = {"ended_at": work.now} if to == STOPPED else {}
    await work.conn.execute(update(check_in_plan).where(check_in_plan.c.id == plan.id).values(state=to, **ended))
    if to == STOPPED:
        await _cancel(work, plan.id)
    _announce(work)
    return True


async def change_by_staff(work: UnitOfWork, plan_id: int, to: str) -> None:
    """The same by a member of staff, recorded. Raises Refused."""
    plan = await plan_of(work.conn, plan_id)
    if plan is None or not await change(work, plan.person_id, to):
        raise Refused(Refusal.PLAN_MOVED)
    work.record(f"plan.{to}", plan_id)


async def _cancel(work: UnitOfWork, plan_id: int) -> None:
    """Take back everything that has not been asked yet, and close what waits for her."""
    steps = [step.id for step in await steps_of(work.conn, [plan_id])]
    for step in steps:
        await move(work, step, CANCELLED, since=(PLANNED, *WAITING))
    await scheduled.withdraw(work.conn, (CHECK_IN_DUE, CHECK_IN_SENT_DUE, CHECK_IN_ANSWER_DUE), steps)


async def _waiting(conn: AsyncConnection, person_id: UUID) -> int | None:
    """The check-in that waits for her or is open now."""
    query = (
        select(check_in.c.id)
        .join(check_in_plan, check_in_plan.c.id == check_in.c.plan_id)
        .where(check_in_plan.c.person_id == person_id, check_in.c.state.in_(WAITING))
        .order_by(check_in.c.step.desc())
        .limit(1)
    )
    found: int | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def open_waiting(work: UnitOfWork, person_id: UUID) -> None:
    """She answered with her word; where that is later than a day, whoever was handed the check-in is told."""
    waits = await _waiting(work.conn, person_id)
    if waits is not None:
        await move(work, waits, OPENED, since=(ASKED,))
        return
    late = await _handed(work.conn, person_id)
    if late is not None and await move(work, late.id, OPENED, since=(HANDED,)):
        await human_tasks.open_task(
            work, NewTask(human_tasks.CHECK_IN, str(late.id), "answered_late", person_id, late.alias), anew=True
        )
        _announce(work)


async def _handed(conn: AsyncConnection, person_id: UUID) -> Any:
    """The last check-in of her plan that was asked, if it was handed to a human; its id and her alias."""
    query = (
        select(check_in.c.id, check_in.c.state, check_in_plan.c.alias)
        .join(check_in_plan, check_in_plan.c.id == check_in.c.plan_id)
        .where(check_in_plan.c.person_id == person_id, check_in_plan.c.state.in_(LIVING))
        .where(check_in.c.asked_at.is_not(None))
        .order_by(check_in.c.step.desc())
        .limit(1)
    )
    last = (await conn.execute(query)).one_or_none()
    return last if last is not None and last.state == HANDED else None


async def answer(work: UnitOfWork, person_id: UUID, key: AESGCM, said: AnswerCheckIn) -> None:
    """Keep one answer under her key; a later answer to the same question replaces it."""
    waits = await _waiting(work.conn, person_id)
    if waits is None:
        return
    kept = {
        "answer_ct": encrypt(key, pad(said.answer.encode()), _place(waits, said.question, person_id)),
        "at": work.now,
    }
    query = pg_insert(check_in_answer).values(check_in_id=waits, question=said.question, **kept)
    same = [check_in_answer.c.check_in_id, check_in_answer.c.question]
    await work.conn.execute(query.on_conflict_do_update(index_elements=same, set_=kept))


async def end(work: UnitOfWork, person_id: UUID, *, flagged: bool) -> None:
    """The check-in is answered, or was ended by an answer that pages a human."""
    waits = await _waiting(work.conn, person_id)
    if waits is not None:
        await move(work, waits, FLAGGED if flagged else ANSWERED, since=WAITING)
        await scheduled.withdraw(work.conn, (CHECK_IN_ANSWER_DUE,), [waits])
        _announce(work)


async def answers(
    conn: AsyncConnection, key: AESGCM, person_id: UUID, steps: Sequence[int]
) -> dict[int, dict[str, str]]:
    """Open the answers of some check-ins: check-in to question to value. Raises Sealed."""
    query = select(check_in_answer).where(check_in_answer.c.check_in_id.in_(steps))
    opened: dict[int, dict[str, str]] = {}
    for row in (await conn.execute(query)).all():
        plain = decrypt(key, row.answer_ct, _place(row.check_in_id, row.question, person_id))
        opened.setdefault(row.check_in_id, {})[row.question] = unpad(plain).decode()
    return opened


def _place(check_in_id: int, question: str, person_id: UUID) -> bytes:
    return place("check_in_answer", "answer", f"{check_in_id}.{question}", person_id)


def _announce(work: UnitOfWork) -> None:
    """Tell every open page that plans have changed, when this commits."""
    work.notify(NotifyChannel.CASE, "plans")
