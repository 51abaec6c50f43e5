"""Tables of check-ins: the agreement, its plan, each check-in and each answer; answers sealed under her key."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Select,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from store.jobs.scheduled import due_kind
from store.metadata import metadata
from store.unit_of_work import UnitOfWork

CHECK_IN_DUE = due_kind(1, "check_in")
"""It is to be asked."""
CHECK_IN_SENT_DUE = due_kind(2, "check_in_sent")
"""It is to be looked at whether the question left."""
CHECK_IN_ANSWER_DUE = due_kind(3, "check_in_answer")
"""She had time to answer."""

AGREED, ACTIVE, PAUSED, STOPPED, DONE = "agreed", "active", "paused", "stopped", "done"
LIVING = (AGREED, ACTIVE, PAUSED)
"""States of a plan that is hers now; of these a person has one at most."""
PLANNED, ASKED, OPENED, ANSWERED, FLAGGED = "planned", "asked", "opened", "answered", "flagged"
HANDED, CANCELLED = "handed", "cancelled"
WAITING = (ASKED, OPENED)
"""States in which her code word opens the questions."""

check_in_plan = Table(
    "check_in_plan",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("alias", Text, nullable=False),
    Column("number", Text, nullable=False, server_default=text("''")),
    Column("state", Text, nullable=False),
    Column("hours", ARRAY(SmallInteger), nullable=False),
    Column("cover", Text, nullable=False, server_default=text("''")),
    Column("lang", Text, nullable=False),
    Column("code_tag", LargeBinary, nullable=True),
    Column("agreed_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=True),
    Column("started_by", Uuid, nullable=True),
    Column("ended_at", DateTime(timezone=True), nullable=True),
    CheckConstraint("cardinality(hours) >= 2 AND cardinality(hours) % 2 = 0", name="hours"),
)
Index(
    "uq_check_in_plan_living",
    check_in_plan.c.person_id,
    unique=True,
    postgresql_where=text("state IN ('agreed', 'active', 'paused')"),
)
check_in = Table(
    "check_in",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("plan_id", BigInteger, ForeignKey("check_in_plan.id", ondelete="CASCADE"), nullable=False),
    Column("step", SmallInteger, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'planned'")),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("not_after", DateTime(timezone=True), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=True),
    Column("closed_at", DateTime(timezone=True), nullable=True),
    UniqueConstraint("plan_id", "step"),
)
check_in_answer = Table(
    "check_in_answer",
    metadata,
    Column("check_in_id", BigInteger, ForeignKey("check_in.id", ondelete="CASCADE"), primary_key=True),
    Column("question", Text, primary_key=True),
    Column("answer_ct", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


def code_salt(index_key: bytes, person_id: UUID) -> bytes:
    """The salt of one person's code word: without the index key nobody can try words against a dump."""
    return hmac.digest(index_key, b"code word|" + person_id.bytes, "sha256")


class Plan(msgspec.Struct, frozen=True):
    """A plan; `hours` in minutes of the day, `code_tag` the keyed hash of her word."""

    id: int
    person_id: UUID
    state: str
    hours: list[int]
    code_tag: bytes | None
    started_at: datetime | None


class CheckIn(msgspec.Struct, frozen=True):
    """One check-in of a plan."""

    id: int
    plan_id: int
    due_at: datetime
    state: str


async def living(conn: AsyncConnection, person_id: UUID, *, lock: bool = False) -> Plan | None:
    """The plan a person has now (agreed, active or paused), or None."""
    hers = check_in_plan.c.person_id == person_id, check_in_plan.c.state.in_(LIVING)
    return await _plan(conn, _plans().where(*hers), lock)


async def plan_of(conn: AsyncConnection, plan_id: int, *, lock: bool = False) -> Plan | None:
    """A plan by its id, or None."""
    return await _plan(conn, _plans().where(check_in_plan.c.id == plan_id), lock)


def _plans() -> Select[*tuple[object, ...]]:
    return select(*(check_in_plan.c[name] for name in Plan.__struct_fields__))


async def _plan(conn: AsyncConnection, query: Select[*tuple[object, ...]], lock: bool) -> Plan | None:
    row = (await conn.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else Plan(**row._mapping)


async def steps_of(conn: AsyncConnection, plan_ids: Sequence[int]) -> list[CheckIn]:
    """The check-ins of some plans, in their order."""
    query = select(check_in.c.id, check_in.c.plan_id, check_in.c.due_at, check_in.c.state)
    its = query.where(check_in.c.plan_id.in_(plan_ids)).order_by(check_in.c.plan_id, check_in.c.step)
    return [CheckIn(*row) for row in await conn.execute(its)]


async def move(work: UnitOfWork, check_in_id: int, to: str, *, since: Sequence[str]) -> bool:
    """Move a check-in on, if it still stands in one of the states `since`; False when it does not."""
    values: dict[str, object] = {"state": to}
    if to in (ANSWERED, FLAGGED, HANDED, CANCELLED):
        values["closed_at"] = work.now
    if to == ASKED:
        values["asked_at"] = work.now
    its = check_in.c.id == check_in_id, check_in.c.state.in_(since)
    moved = await work.conn.execute(update(check_in).where(*its).values(values).returning(check_in.c.id))
    return moved.scalar_one_or_none() is not None
