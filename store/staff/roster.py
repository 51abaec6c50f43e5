"""The roster: who is on duty when, at which place of the shift, for which province and with which skills."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from content.escalation.loader import escalation_policy
from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.staff.models import READING, member, staff
from store.unit_of_work import UnitOfWork

OFF_DUTY = 100
"""The position of a reader who is not on the roster now: reached last, after every position of the roster."""

roster = Table(
    "roster",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("rung", SmallInteger, nullable=False),
    Column("province", Text, nullable=False),
    Column("skills", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    CheckConstraint("starts_at < ends_at", name="forward"),
    CheckConstraint(f"rung BETWEEN 0 AND {OFF_DUTY - 1}", name="rung"),
)
Index("ix_roster_ends", roster.c.ends_at)


class CaseReader(msgspec.Struct, frozen=True):
    """Somebody a new case is sealed to, and when she is reached: position 0 first, `OFF_DUTY` last."""

    staff_id: UUID
    public_key: bytes
    position: int
    scope: str = ""
    """The area she works for; a case from her own commune is not sealed to her."""


class StaffOnCall(msgspec.Struct, frozen=True):
    """Somebody who reads cases, as of now: the position and province of a shift, or `OFF_DUTY`, and her skills.

    Skills are those of the turn and those she has anyway.
    """

    staff_id: UUID
    position: int
    province: str = ""
    skills: tuple[str, ...] = ()


class Shift(msgspec.Struct, frozen=True):
    """One turn on the roster; times are aware, UTC, `ends_at` excluded."""

    id: int
    staff_id: UUID
    alias: str
    starts_at: datetime
    ends_at: datetime
    position: int
    province: str
    skills: tuple[str, ...] = ()


async def new_case_readers(conn: AsyncConnection, now: datetime) -> list[CaseReader]:
    """Everybody who may read a new case, in the order they are reached.

    That is every active counsellor and shift lead, on duty or not: the case of 02:00 must open for who comes
    at 02:05, and with an empty roster for whoever comes first.
    """
    on = _now(now)
    position = func.coalesce(func.min(roster.c.rung), OFF_DUTY).label("rung")
    query = (
        select(staff.c.id, staff.c.public_key, position, staff.c.scope)
        .select_from(staff.outerjoin(roster, (roster.c.staff_id == staff.c.id) & on))
        .where(staff.c.active, staff.c.roles.overlap(READING))
        .group_by(staff.c.id)
        .order_by(position, staff.c.created_at, staff.c.id)
    )
    return [CaseReader(row.id, row.public_key, row.rung, row.scope) for row in await conn.execute(query)]


async def on_duty(conn: AsyncConnection, now: datetime) -> bool:
    """Whether at this moment anybody who reads cases stands on the roster."""
    query = (
        select(roster.c.id)
        .join(staff, staff.c.id == roster.c.staff_id)
        .where(_now(now), staff.c.active, staff.c.roles.overlap(READING))
    )
    return (await conn.execute(query.limit(1))).first() is not None


class DutyNames(msgspec.Struct, frozen=True):
    """Who is on duty at a moment, by alias: on call and second, and those who lead the shift."""

    on_call: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether anybody is on duty who takes cases first."""
        return bool(self.on_call)


async def duty_names(conn: AsyncConnection, now: datetime) -> DutyNames:
    """Name who reads cases and is on duty at `now` (aware), in the order they are reached."""
    query = (
        select(staff.c.alias, func.min(roster.c.rung).label("rung"))
        .select_from(staff.join(roster, roster.c.staff_id == staff.c.id))
        .where(_now(now), staff.c.active, staff.c.roles.overlap(READING))
        .group_by(staff.c.id, staff.c.alias)
        .order_by("rung", staff.c.alias)
    )
    rows = (await conn.execute(query)).all()
    lead = escalation_policy().posts.index("shift_lead")
    first, leads = [r.alias for r in rows if r.rung < lead], [r.alias for r in rows if r.rung == lead]
    return DutyNames(tuple(first), tuple(leads))


async def next_shift(conn: AsyncConnection, now: datetime) -> datetime | None:
    """Return when the next turn of somebody who reads cases begins; None when the roster knows none."""
    query = (
        select(func.min(roster.c.starts_at))
        .join(staff, staff.c.id == roster.c.staff_id)
        .where(roster.c.starts_at > now, staff.c.active, staff.c.roles.overlap(READING))
    )
    starts_at: datetime | None = await conn.scalar(query)
    return starts_at


async def staff_on_call(conn: AsyncConnection, now: datetime) -> list[StaffOnCall]:
    """Every turn of this moment, and after them whoever reads cases and has none; in the order they are reached."""
    position = func.coalesce(roster.c.rung, OFF_DUTY).label("rung")
    query = (
        select(staff.c.id, position, roster.c.province, roster.c.skills, staff.c.skills.label("own"))
        .select_from(staff.outerjoin(roster, (roster.c.staff_id == staff.c.id) & _now(now)))
        .where(staff.c.active, staff.c.roles.overlap(READING))
        .order_by(position, staff.c.created_at, staff.c.id)
    )
    rows = await conn.execute(query)
    return [StaffOnCall(r.id, r.rung, r.province or "", tuple({*(r.skills or ()), *r.own})) for r in rows]


def holder_trained(holder: ColumnElement[UUID | None], skill: str) -> ColumnElement[bool]:
    """Whether a member is trained for something: named so herself, or on any of her turns."""
    one, turn = staff.alias(), roster.alias()
    hers = select(one.c.id).where(one.c.id == holder, one.c.skills.contains([skill]))
    turns = select(turn.c.id).where(turn.c.staff_id == holder, turn.c.skills.contains([skill]))
    return or_(hers.exists(), turns.exists())


class NewShift(msgspec.Struct, frozen=True):
    """A turn to be put on the roster; times are aware, UTC, `ends_at` excluded.

    `province` is an area code or "" for every province; `skills` are words of `content/data/escalation.yaml` or
    `lang:` codes.
    """

    staff_id: UUID
    starts_at: datetime
    ends_at: datetime
    position: int = 0
    province: str = ""
    skills: tuple[str, ...] = ()


async def add_duty(work: UnitOfWork, new: NewShift) -> int:
    """Put a member on the roster; return the turn's id. Raises Refused."""
    who = await member(work.conn, new.staff_id)
    if who is None or not who.reads_cases:
        raise Refused(Refusal.DUTY_MEMBER)
    if not new.starts_at < new.ends_at or not 0 <= new.position < OFF_DUTY:
        raise Refused(Refusal.DUTY_TIMES, last=OFF_DUTY - 1)
    if strange := [skill for skill in new.skills if not escalation_policy().known_skill(skill)]:
        raise Refused(Refusal.DUTY_SKILL, skill=strange[0], skills=escalation_policy().skills)
    turn = msgspec.structs.asdict(new) | {"skills": list(new.skills)}
    turn["rung"] = turn.pop("position")
    duty: int = (await work.conn.execute(insert(roster).values(turn).returning(roster.c.id))).scalar_one()
    work.record("roster.added", new.staff_id, duty=duty, rung=new.position)
    return duty


async def remove_duty(work: UnitOfWork, duty: int) -> bool:
    """Take a turn off the roster. False when it was gone already."""
    gone = delete(roster).where(roster.c.id == duty).returning(roster.c.staff_id)
    staff_id = (await work.conn.execute(gone)).scalar_one_or_none()
    if staff_id is None:
        return False
    work.record("roster.removed", staff_id, duty=duty)
    return True


async def duties(conn: AsyncConnection, now: datetime) -> list[Shift]:
    """List turns that have not ended, soonest first."""
    query = (
        select(roster, staff.c.alias)
        .join(staff, staff.c.id == roster.c.staff_id)
        .where(roster.c.ends_at > now)
        .order_by(roster.c.starts_at, roster.c.rung, roster.c.id)
    )
    return [
        Shift(row.id, row.staff_id, row.alias, row.starts_at, row.ends_at, row.rung, row.province, tuple(row.skills))
        for row in await conn.execute(query)
    ]


def _now(now: datetime) -> ColumnElement[bool]:
    return (roster.c.starts_at <= now) & (roster.c.ends_at > now)
