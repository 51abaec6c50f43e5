"""Overview of check-in plans for staff: aliases, days, outcomes; answers only to who carries the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.checkins import service as checkins
from store.checkins.models import AGREED, LIVING, check_in_plan, plan_of, steps_of
from store.db.engine import raw
from store.errors import Refused
from store.people.models import account, person
from store.refusals import Refusal
from store.staff.models import SHIFT_LEAD, Member, staff
from store.unit_of_work import UnitOfWork


class CheckInStep(msgspec.Struct, frozen=True):
    """One check-in of a plan; `answers` maps questions to choice values, for who may read them."""

    id: int
    due_at: datetime
    state: str
    answers: dict[str, str] = {}


class PlanRow(msgspec.Struct, frozen=True):
    """A plan without a word of hers: an alias with its number, a channel, hours in minutes of the day, a carrier."""

    id: int
    alias: str
    number: str
    state: str
    channel: str
    hours: Sequence[int]
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
    found = await _plans(conn, check_in_plan.c.state.in_(LIVING))
    return [plan for plan in found if may_carry(plan, member)]


async def _plans(conn: AsyncConnection, which: ColumnElement[bool]) -> list[PlanRow]:
    """Plans with their check-ins, the oldest agreement first."""
    plan = check_in_plan.c
    query = (
        select(plan.id, plan.alias, plan.number, plan.state, account.c.channel, plan.hours, plan.cover, plan.agreed_at)
        .add_columns(plan.started_by, staff.c.alias.label("carrier"))
        .join(person, person.c.id == plan.person_id)
        .join(account, account.c.id == person.c.account)
        .outerjoin(staff, staff.c.id == plan.started_by)
        .where(which)
        .order_by(plan.agreed_at)
    )
    rows = (await conn.execute(query)).all()
    steps = await steps_of(conn, [row.id for row in rows])
    its = {row.id: tuple(CheckInStep(s.id, s.due_at, s.state) for s in steps if s.plan_id == row.id) for row in rows}
    return [PlanRow(**row._mapping, steps=its[row.id]) for row in rows]


async def read(work: UnitOfWork, plan_id: int, member: Member) -> PlanRow:
    """Open a plan with its answers; that she read it is recorded. Raises Refused, Forgotten, Sealed."""
    plan = await plan_of(work.conn, plan_id)
    found = await _plans(work.conn, check_in_plan.c.id == plan_id)
    if plan is None or not found:
        raise Refused(Refusal.PLAN_NOT_FOUND)
    [row] = found
    if not may_carry(row, member):
        raise Refused(Refusal.PLAN_NOT_YOURS)
    async with raw(work.store.keyring) as keyring_pg:
        key = await work.store.ring.key_of(keyring_pg, plan.person_id)
    opened = await checkins.answers(work.conn, key, plan.person_id, [step.id for step in row.steps])
    work.record("plan.read", plan_id)
    steps = tuple(structs.replace(step, answers=opened.get(step.id, {})) for step in row.steps)
    return structs.replace(row, steps=steps)
