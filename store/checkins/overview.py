"""Overview of check-in plans for staff: aliases, days, outcomes; answers only to who carries the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.checkins import service as checkins
from store.checkins.models import AGREED, LIVING, check_in_plan, plan_of, steps_of
from store.db.engine import Store, raw
from store.errors import Refused
from store.people.models import account, person
from store.refusals import Refusal
from store.staff.models import SHIFT_LEAD, Member, staff


class CheckInStep(msgspec.Struct, frozen=True):
    """One check-in of a plan; `answers` maps questions to choice values, for who may read them."""

    id: int
    due_at: datetime
    state: str
    answers: dict[str, str] = {}


class PlanRow(msgspec.Struct, frozen=True):
    """A plan without a word of hers: an alias, a channel, hours in minutes of the day, who carries it."""

    id: int
    alias: str
    state: str
    channel: str
    hours: tuple[int, ...]
    cover: str
    agreed_at: datetime
    started_by: UUID | None
    carrier: str | None
    steps: tuple[CheckInStep, ...]


def may_carry(plan: PlanRow, member: Member) -> bool:
    """Whether a member carries a plan, may take it up, or leads the shift."""
    return plan.state == AGREED or plan.started_by == member.id or SHIFT_LEAD in member.roles


async def living_plans(conn: AsyncConnection, member: Member) -> list[PlanRow]:
    """The plans a member may see: those nobody has started yet, and her own (a shift lead sees all)."""
    query = _query().where(check_in_plan.c.state.in_(LIVING)).order_by(check_in_plan.c.agreed_at)
    found = (await conn.execute(query)).all()
    steps = await steps_of(conn, [row.id for row in found])
    return [plan for row in found if may_carry(plan := _row(row, steps), member)]


def _query() -> Any:
    columns = (check_in_plan, account.c.channel, staff.c.alias.label("carrier"))
    return (
        select(*columns)
        .join(person, person.c.id == check_in_plan.c.person_id)
        .join(account, account.c.id == person.c.account)
        .outerjoin(staff, staff.c.id == check_in_plan.c.started_by)
    )


def _row(row: Any, steps: Sequence[Any], answers: dict[int, dict[str, str]] | None = None) -> PlanRow:
    mine = [CheckInStep(s.id, s.due_at, s.state, (answers or {}).get(s.id, {})) for s in steps if s.plan_id == row.id]
    return PlanRow(
        row.id,
        row.alias,
        row.state,
        row.channel,
        tuple(row.hours),
        row.cover,
        row.agreed_at,
        row.started_by,
        row.carrier,
        tuple(mine),
    )


async def read(store: Store, now: datetime, plan_id: int, member: Member) -> PlanRow:
    """Open a plan with its answers; that she read it is recorded. Raises Refused, Forgotten, Sealed."""
    async with store.data.begin() as conn:
        plan = await plan_of(conn, plan_id)
        row = (await conn.execute(_query().where(check_in_plan.c.id == plan_id))).one_or_none()
        if plan is None or row is None:
            raise Refused(Refusal.PLAN_NOT_FOUND)
        steps = await steps_of(conn, [plan_id])
        if not may_carry(_row(row, steps), member):
            raise Refused(Refusal.PLAN_NOT_YOURS)
        async with raw(store.keyring) as ring:
            key = await store.ring.key_of(ring, plan.person_id)
        opened = await checkins.answers(conn, key, plan.person_id, [step.id for step in steps])
        await audit.record(conn, now, store.keys.audit, actor=str(member.id), action="plan.read", object=str(plan_id))
    return _row(row, steps, opened)
