"""The table of urgent help: which service, why, what she was told, by which two people, and that she is told of it.

Nothing here holds a word of hers or of staff: reasons are codes, free words are sealed lines of the case.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from store.metadata import metadata
from store.unit_of_work import UnitOfWork

ASKED, CONFIRMED, DECLINED, TAKEN_BACK = "asked", "confirmed", "declined", "taken_back"
DUE, TOLD, UNSAFE_ASKED, UNSAFE = "due", "told", "unsafe_asked", "unsafe"
"""The notice to her: to be given; given; one person says that it is not safe; a second one says so too."""

urgent_help = Table(
    "urgent_help",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    Column("service", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'asked'")),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Uuid, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("notice", Text, nullable=False, server_default=text("''")),
    Column("notice_due", DateTime(timezone=True), nullable=True),
    Column("notice_by", Uuid, nullable=True),
    Column("notice_at", DateTime(timezone=True), nullable=True),
)
"""`told`: what she was told before. `notice_by`: who told her of it afterwards, or who says that this is not safe."""
Index("ix_urgent_help_case", urgent_help.c.case_id)
_asked = text("state = 'asked'")
Index("uq_urgent_help_asked", urgent_help.c.case_id, urgent_help.c.service, unique=True, postgresql_where=_asked)


class UrgentHelp(msgspec.Struct, frozen=True):
    """Help for one service that was asked for, decided on, or given; times are aware, UTC."""

    id: int
    case_id: UUID
    service: str
    reason: str
    told: str
    state: str
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    notice: str
    notice_due: datetime | None
    notice_by: UUID | None
    notice_at: datetime | None

    @property
    def notice_open(self) -> bool:
        """Whether she has still to be told of it, or two people to agree that this is not safe."""
        return self.notice in (DUE, UNSAFE_ASKED)


class NewUrgentHelp(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: a service, why and what she was told (codes), each with words of whoever asks."""

    service: str
    reason: str
    told: str
    why: str
    said: str = ""


_COLUMNS = [urgent_help.c[name] for name in UrgentHelp.__struct_fields__]


async def of_case(conn: AsyncConnection, case_id: UUID) -> list[UrgentHelp]:
    """The urgent help of a case, the newest first."""
    query = select(*_COLUMNS).where(urgent_help.c.case_id == case_id).order_by(urgent_help.c.id.desc())
    return [UrgentHelp(*row) for row in await conn.execute(query)]


async def found(conn: AsyncConnection, case_id: UUID, help_id: int) -> UrgentHelp | None:
    """One of a case, locked."""
    query = select(*_COLUMNS).where(urgent_help.c.id == help_id, urgent_help.c.case_id == case_id)
    row = (await conn.execute(query.with_for_update())).one_or_none()
    return None if row is None else UrgentHelp(*row)


async def add(work: UnitOfWork, case_id: UUID, new: NewUrgentHelp) -> int:
    """Note what is asked for; the words stay with the caller."""
    values = {"case_id": case_id, "service": new.service, "reason": new.reason, "told": new.told}
    asked = {"asked_by": work.staff_id, "asked_at": work.now}
    query = insert(urgent_help).values(values | asked).returning(urgent_help.c.id)
    made: int = (await work.conn.execute(query)).scalar_one()
    return made


async def change(work: UnitOfWork, help_id: int, **values: object) -> None:
    """Note what became of it."""
    await work.conn.execute(update(urgent_help).where(urgent_help.c.id == help_id).values(values))
