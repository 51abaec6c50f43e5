"""Escalations: who is paged for a case that nobody has, step by step, until a human takes it.

An escalation is one case (or one drill) at one level. It ends only by `stop`, which says who took it; a raised level
ends it in favour of a new one. Every step is a row and a due item: a restart finds both and goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.numbers import province_of
from content.escalation.loader import escalation_policy
from store.jobs import scheduled
from store.jobs.scheduled import due_kind
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

STEP_DUE = due_kind(5, "rung")
TELL_PERSON_DUE = due_kind(7, "tell_person")
"""Nobody has taken her case in time: she is to be told so."""

FOR_EVER = timedelta(days=36_500)
"""A step never grows too old to be done."""

climb = Table(
    "climb",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=True),
    Column("level", SmallInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("province", Text, nullable=False, server_default=text("''")),
    Column("needs", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("reached", Integer, nullable=False, server_default=text("-1")),
    Column("ended_at", DateTime(timezone=True), nullable=True),
    Column("ended_by", Uuid, nullable=True),
)
"""`case_id` is NULL for a drill. `reached` is the last step done. Ended by nobody: superseded by a higher level."""
Index("uq_climb_open", climb.c.case_id, unique=True, postgresql_where=text("ended_at IS NULL"))
Index("ix_climb_case", climb.c.case_id)
rung = Table(
    "rung",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("climb_id", BigInteger, ForeignKey("climb.id", ondelete="CASCADE"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("done_at", DateTime(timezone=True), nullable=True),
    Column("called", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("climb_id", "n"),
)
"""`called` is how many people were paged."""


class NewEscalation(msgspec.Struct, frozen=True, kw_only=True):
    """What is paged for. `code` is the only thing of a case that a page may tell; no `case_id`: a drill."""

    level: int
    code: str
    needs: Sequence[str] = ()
    province: str = ""
    case_id: UUID | None = None


class PagedCase(Protocol):
    """What paging looks at in a case."""

    @property
    def id(self) -> UUID: ...
    @property
    def level(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def flags(self) -> Sequence[str]: ...
    @property
    def place(self) -> str: ...
    @property
    def communes(self) -> Sequence[str]: ...


async def begin(work: UnitOfWork, since: datetime, new: NewEscalation, *, tells_person: bool = True) -> int | None:
    """Begin an escalation at `since`, now or later, and plan its first step; None when the case has one already.

    `tells_person`: whether she is told at the moments of its level that nobody has taken her case.
    """
    values = msgspec.structs.asdict(new) | {"needs": list(new.needs), "since": since}
    query = pg_insert(climb).values(values).on_conflict_do_nothing().returning(climb.c.id)
    made: int | None = (await work.conn.execute(query)).scalar_one_or_none()
    if made is None:
        return None
    await plan(work.conn, [(made, 0, escalation_policy().moment(new.level, since, 0))])
    tells = escalation_policy().tells_person(new.level, since) if new.case_id is not None and tells_person else ()
    if tells:  # the first; each moves the item to the next one
        await scheduled.plan(work.conn, TELL_PERSON_DUE, made, tells[0])
    return made


async def begin_for_case(work: UnitOfWork, since: datetime, case: PagedCase, *, tells_person: bool = True) -> None:
    """Begin an escalation for a case at `since`; one that runs goes on. `tells_person` as in `begin`."""
    needs, near = escalation_policy().needed(case.flags), province_near(case.place, case.communes)
    new = NewEscalation(level=case.level, code=case.number, needs=needs, province=near, case_id=case.id)
    await begin(work, since, new, tells_person=tells_person)


def province_near(place: str, communes: Sequence[str]) -> str:
    """The province somebody is in, by her word, else that of her groups (`vn-11-03127`); "" when it is not known."""
    groups = {code.split("-")[1] for code in communes if code.count("-") == 2}
    return province_of(place) or (groups.pop() if len(groups) == 1 and place == "vn" else "")


async def begin_anew(work: UnitOfWork, case: PagedCase) -> None:
    """Page again for a case, which nobody has, when a mark asks for a skill that nobody was paged for.

    It begins at the moment of the old escalation: steps that have passed are done again at once, by who has the skill,
    and none comes later than it would have.
    """
    running = climb.c.case_id == case.id, climb.c.ended_at.is_(None)
    query = select(climb.c.id, climb.c.since, climb.c.needs).where(*running).with_for_update()
    old = (await work.conn.execute(query)).one_or_none()
    if old is None or set(escalation_policy().needed(case.flags)) <= set(old.needs):
        return
    await work.conn.execute(update(climb).where(climb.c.id == old.id).values(ended_at=work.now))
    await begin_for_case(work, old.since, case)


async def move(work: UnitOfWork, case: PagedCase) -> None:
    """Let the steps to come page who is near where she is now known to be."""
    running = climb.c.case_id == case.id, climb.c.ended_at.is_(None)
    near = province_near(case.place, case.communes)
    await work.conn.execute(update(climb).where(*running).values(province=near))


async def plan(conn: AsyncConnection, moments: Sequence[tuple[int, int, datetime]]) -> None:
    """Let steps (escalation, n, moment) fall due; the same step of the same one is planned once, whoever plans it."""
    if not moments:
        return
    values = [{"climb_id": climb_id, "n": n, "due_at": at} for climb_id, n, at in moments]
    query = pg_insert(rung).values(values).on_conflict_do_nothing().returning(rung.c.id, rung.c.due_at)
    new = [
        {"subject": made.id, "due_at": made.due_at, "not_after": made.due_at + FOR_EVER}
        for made in (await conn.execute(query)).all()
    ]
    await scheduled.plan_many(conn, STEP_DUE, new)


async def supersede(work: UnitOfWork, case_id: UUID, *, uncalled: bool = False) -> None:
    """End the escalation of a case in favour of another, which the caller begins in the same transaction.

    `uncalled`: only when nobody has been paged yet, because it is to begin later.
    """
    which = (climb.c.case_id == case_id) & climb.c.ended_at.is_(None)
    if uncalled:
        which &= climb.c.reached < 0
    await work.conn.execute(update(climb).where(which).values(ended_at=work.now))


async def stop(work: UnitOfWork, case_id: UUID, *, called: bool = False) -> int | None:
    """Take a case that somebody is being paged for; of two who try at once exactly one gets the escalation's id.

    `called`: only when a step was done already, because somebody else has the case. The caller holds the row of the
    case, so that the order of locks is case, escalation, audit everywhere.
    """
    which = climb.c.case_id == case_id
    return await _take(work, which & (climb.c.reached >= 0) if called else which)


async def stop_drill(work: UnitOfWork, drill: int) -> bool:
    """Take a drill as a case is taken."""
    return await _take(work, (climb.c.id == drill) & climb.c.case_id.is_(None)) is not None


async def _take(work: UnitOfWork, which: ColumnElement[bool]) -> int | None:
    ended = {"ended_at": work.now, "ended_by": work.staff_id}
    query = update(climb).where(which, climb.c.ended_at.is_(None)).values(ended).returning(climb.c.id)
    ended_id: int | None = (await work.conn.execute(query)).scalar_one_or_none()
    return ended_id


class EscalationStep(msgspec.Struct, frozen=True):
    """A step that is due, with its escalation; no `case_id`: a drill."""

    id: int
    climb_id: int
    n: int
    due_at: datetime
    case_id: UUID | None
    level: int
    code: str
    province: str
    needs: Sequence[str]
    since: datetime
    ended_at: datetime | None

    @property
    def about(self) -> str:
        """What the audit calls it."""
        return f"drill-{self.climb_id}" if self.case_id is None else str(self.case_id)


async def due_steps(conn: AsyncConnection, subjects: Sequence[int]) -> tuple[list[EscalationStep], set[int]]:
    """The steps of these ids with their escalations, locked; and the ids of those that exist.

    One that somebody is taking or raising at this moment is missing from the first: it is looked at again.
    """
    query = (
        select(rung.c.id, rung.c.climb_id, rung.c.n, rung.c.due_at, climb.c.case_id, climb.c.level, climb.c.code)
        .add_columns(climb.c.province, climb.c.needs, climb.c.since, climb.c.ended_at)
        .join(climb, climb.c.id == rung.c.climb_id)
        .where(rung.c.id.in_(subjects))
        .order_by(rung.c.due_at, rung.c.id)
    )
    steps = [EscalationStep(*row) for row in await conn.execute(query.with_for_update(of=climb, skip_locked=True))]
    there = (await conn.execute(select(rung.c.id).where(rung.c.id.in_(subjects)))).scalars()
    return steps, set(there)


async def reach(work: UnitOfWork, done: Sequence[tuple[EscalationStep, int]]) -> None:
    """Note that steps were done, paging so many people, and plan the next ones, in the transaction that paged them."""
    if not done:
        return
    is_rung, is_climb = rung.c.id == bindparam("of_rung"), climb.c.id == bindparam("of_climb")
    rungs = [{"of_rung": step.id, "done_at": work.now, "called": called} for step, called in done]
    await work.conn.execute(update(rung).where(is_rung), rungs)
    reached = [{"of_climb": step.climb_id, "reached": step.n} for step, _ in done]
    await work.conn.execute(update(climb).where(is_climb), reached)
    following = [
        (step.climb_id, *escalation_policy().following(step.level, step.since, step.n, work.now)) for step, _ in done
    ]
    await plan(work.conn, following)


class OpenEscalation(msgspec.Struct, frozen=True):
    """How far an open escalation is: the last step done, how many it paged, and when the next falls due."""

    climb_id: int
    case_id: UUID | None
    reached: int
    called: int
    next_at: datetime | None


async def open_escalations(conn: AsyncConnection) -> list[OpenEscalation]:
    """Every open escalation."""
    here = (rung.c.climb_id == climb.c.id) & (rung.c.n == climb.c.reached)
    later = rung.alias()
    ahead = select(func.min(later.c.due_at)).where(later.c.climb_id == climb.c.id, later.c.done_at.is_(None))
    query = (
        select(climb.c.id, climb.c.case_id, climb.c.reached, func.coalesce(rung.c.called, 0), ahead.scalar_subquery())
        .outerjoin(rung, here)
        .where(climb.c.ended_at.is_(None))
    )
    return [OpenEscalation(*row) for row in await conn.execute(query)]
