"""Operations on check-in plans: agree, start, rest, go on, end, open, answer. Each is done once, whoever calls it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.parsing.code_words import folded, tag
from store import audit
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
from store.errors import Refused
from store.jobs import scheduled
from store.people.models import consent
from store.refusals import Refusal

CONSENT = "C4"
Opening = Callable[[Sequence[int], date], tuple[datetime, datetime] | None]
"""Finds the window of a day, as `scheduler.quiet_hours.opening` does."""


async def agree(
    conn: AsyncConnection,
    now: datetime,
    index_key: bytes,
    *,
    person_id: UUID,
    hours: Sequence[int],
    code: str,
    lang: str,
) -> None:
    """Keep her agreement: hours (minutes of the day), the keyed hash of her word, her language.

    A plan she has already keeps its state and its days, and takes the new hours and the new word.
    """
    word = tag(code_salt(index_key, person_id), folded(code))
    values = {"hours": list(hours), "code_tag": word, "lang": lang}
    if await living(conn, person_id, lock=True) is not None:
        await conn.execute(
            update(check_in_plan)
            .where(check_in_plan.c.person_id == person_id, check_in_plan.c.state.in_(LIVING))
            .values(values)
        )
        return
    alias = secrets.choice(cases.aliases())
    await conn.execute(
        insert(check_in_plan).values(person_id=person_id, alias=alias, state=AGREED, agreed_at=now, **values)
    )
    await _announce(conn)


async def start(
    conn: AsyncConnection,
    now: datetime,
    key: bytes,
    *,
    plan_id: int,
    staff_id: UUID,
    days: Sequence[date],
    cover: str,
    opening: Opening,
    jitter: Callable[[int], int] = secrets.randbelow,
) -> None:
    """Start a plan: one check-in on each of `days`, in her hours, under the cover line agreed with her.

    `key` is the audit key; `jitter(n)` draws below n minutes. Raises Refused with one sentence.
    """
    plan = await plan_of(conn, plan_id, lock=True)
    if plan is None or plan.state != AGREED:
        raise Refused(Refusal.PLAN_STARTED)
    if not await consents(conn, plan.person_id):
        raise Refused(Refusal.PLAN_NOT_AGREED)
    if plan.code_tag is None:
        raise Refused(Refusal.PLAN_NO_CODE_WORD)
    moments = _moments(plan.hours, days, now, opening, jitter)
    await conn.execute(
        update(check_in_plan)
        .where(check_in_plan.c.id == plan_id)
        .values(state=ACTIVE, cover=cover, started_at=now, started_by=staff_id)
    )
    for step, (due_at, not_after) in enumerate(moments):
        values = {"plan_id": plan_id, "step": step, "due_at": due_at, "not_after": not_after}
        made = (await conn.execute(insert(check_in).values(values).returning(check_in.c.id))).scalar_one()
        await scheduled.plan(conn, CHECK_IN_DUE, made, due_at, not_after)
    await _note(conn, now, key, staff_id, "plan.started", plan_id, steps=len(moments))


def _moments(
    hours: Sequence[int], days: Sequence[date], now: datetime, opening: Opening, jitter: Callable[[int], int]
) -> list[tuple[datetime, datetime]]:
    if not days or len(set(days)) != len(days):
        raise Refused(Refusal.PLAN_DAYS)
    moments = []
    for day in sorted(days):
        window = opening(hours, day)
        if window is None:
            raise Refused(Refusal.PLAN_NIGHT)
        begins, ends = window
        if begins <= now:
            raise Refused(Refusal.PLAN_DAY_PASSED, day=day)
        spare = max(1, int((ends - begins).total_seconds() // 60) // 2)
        moments.append((begins + timedelta(minutes=jitter(spare)), ends))
    return moments


async def consents(conn: AsyncConnection, person_id: UUID) -> bool:
    """Whether her last word on check-ins was yes."""
    query = (
        select(consent.c.given)
        .where(consent.c.person_id == person_id, consent.c.purpose == CONSENT)
        .order_by(consent.c.id.desc())
        .limit(1)
    )
    return bool((await conn.execute(query)).scalar_one_or_none())


async def change(conn: AsyncConnection, now: datetime, person_id: UUID, to: str) -> bool:
    """Let a person's plan rest, go on or end; False when there is none it could happen to."""
    plan = await living(conn, person_id, lock=True)
    if plan is None or (to == ACTIVE and plan.state != PAUSED) or (to == PAUSED and plan.state == PAUSED):
        return False
    if to == ACTIVE and plan.started_at is None:
        to = AGREED
    ended = {"ended_at": now} if to == STOPPED else {}
    await conn.execute(update(check_in_plan).where(check_in_plan.c.id == plan.id).values(state=to, **ended))
    if to == STOPPED:
        await _cancel(conn, now, plan.id)
    await _announce(conn)
    return True


async def change_by_staff(
    conn: AsyncConnection, now: datetime, key: bytes, *, plan_id: int, staff: Any, to: str
) -> None:
    """The same by a member of staff, recorded. Raises Refused."""
    plan = await plan_of(conn, plan_id)
    if plan is None or not await change(conn, now, plan.person_id, to):
        raise Refused(Refusal.PLAN_MOVED)
    await _note(conn, now, key, staff, f"plan.{to}", plan_id)


async def _cancel(conn: AsyncConnection, now: datetime, plan_id: int) -> None:
    """Take back everything that has not been asked yet, and close what waits for her."""
    steps = [step.id for step in await steps_of(conn, [plan_id])]
    for step in steps:
        await move(conn, now, step, CANCELLED, since=(PLANNED, *WAITING))
    await scheduled.withdraw(conn, (CHECK_IN_DUE, CHECK_IN_SENT_DUE, CHECK_IN_ANSWER_DUE), steps)


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


async def open_waiting(conn: AsyncConnection, now: datetime, person_id: UUID) -> None:
    """She answered with her word."""
    waits = await _waiting(conn, person_id)
    if waits is not None:
        await move(conn, now, waits, OPENED, since=(ASKED,))


async def answer(
    conn: AsyncConnection, now: datetime, *, person_id: UUID, key: AESGCM, question: str, value: str
) -> None:
    """Keep one answer under her key; a later answer to the same question replaces it."""
    waits = await _waiting(conn, person_id)
    if waits is None:
        return
    sealed = encrypt(key, pad(value.encode()), _place(waits, question, person_id))
    values = {"check_in_id": waits, "question": question, "answer_ct": sealed, "at": now}
    same = [check_in_answer.c.check_in_id, check_in_answer.c.question]
    query = pg_insert(check_in_answer).values(values)
    await conn.execute(query.on_conflict_do_update(index_elements=same, set_={"answer_ct": sealed, "at": now}))


async def end(conn: AsyncConnection, now: datetime, person_id: UUID, *, flagged: bool) -> None:
    """The check-in is answered, or was ended by an answer that pages a human."""
    waits = await _waiting(conn, person_id)
    if waits is not None:
        await move(conn, now, waits, FLAGGED if flagged else ANSWERED, since=WAITING)
        await scheduled.withdraw(conn, (CHECK_IN_ANSWER_DUE,), [waits])
        await _announce(conn)


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


async def _announce(conn: AsyncConnection) -> None:
    """Tell every open page that plans have changed, when this transaction commits."""
    await conn.exec_driver_sql("SELECT pg_notify('case', 'plans')")


async def _note(
    conn: AsyncConnection, now: datetime, key: bytes, staff_id: UUID, action: str, plan_id: int, **meta: int
) -> None:
    await audit.record(conn, now, key, actor=str(staff_id), action=action, object=str(plan_id), meta=meta)
