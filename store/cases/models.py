"""Tables of cases and their lines, and their rows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Row,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from store.metadata import metadata

case_file = Table(
    "case_file",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("alias", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=False),
    Column("binding_ct", LargeBinary, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'receive'")),
    Column("place", Text, nullable=False, server_default=text("''")),
    Column("flags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("level_at", DateTime(timezone=True), nullable=False),
    Column("waiting_since", DateTime(timezone=True), nullable=True),
    Column("acked_by", Uuid, nullable=True),
    Column("acked_at", DateTime(timezone=True), nullable=True),
    Column("closed_at", DateTime(timezone=True), nullable=True),
    Column("contact", Text, nullable=False, server_default=text("''")),
    Column("communes", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("commune_ok", Boolean, nullable=False, server_default=false()),
    Column("needs", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("next_step", Text, nullable=False, server_default=text("''")),
    Column("next_day", Date, nullable=True),
    Column("console_at", DateTime(timezone=True), nullable=True),
    Column("told_at", DateTime(timezone=True), nullable=True),
    Column("age", Text, nullable=False, server_default=text("''")),
    Column("commune", Text, nullable=False, server_default=text("''")),
    Column("closed_in", Text, nullable=False, server_default=text("''")),
    Column("child_at", DateTime(timezone=True), nullable=True),
    Column("reported_at", DateTime(timezone=True), nullable=True),
    Column("reported_by", Uuid, nullable=True),
)
"""`communes`: area codes of her groups and of `commune`, which staff wrote down; staff of these are kept away unless
`commune_ok`. `console_at`: when staff last answered her in the account's own console. `told_at`: when she was told
that nobody has taken it yet. `closed_in`: in which stage it was closed. `child_at`: since when it is known to be a
child's; `reported_at`: when the line we must tell took the report, `reported_by` who wrote that down."""
Index("uq_case_file_open", case_file.c.person_id, unique=True, postgresql_where=text("closed_at IS NULL"))
Index("ix_case_file_person_id", case_file.c.person_id)
case_line = Table(
    "case_line",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("direction", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("author", Uuid, nullable=True),
    Column("cause_kind", SmallInteger, nullable=False),
    Column("cause", Text, nullable=False),
    UniqueConstraint("case_id", "cause_kind", "cause"),
)


class CaseRow(msgspec.Struct, frozen=True):
    """A row of `case_file`; times are aware, UTC."""

    id: UUID
    number: str
    alias: str
    person_id: UUID
    account: int
    binding_ct: bytes
    level: int
    reason: str
    state: str
    place: str
    flags: list[str]
    opened_at: datetime
    level_at: datetime
    waiting_since: datetime | None
    acked_by: UUID | None
    acked_at: datetime | None
    closed_at: datetime | None
    contact: str
    communes: list[str]
    commune_ok: bool
    needs: list[str]
    next_step: str
    next_day: date | None
    console_at: datetime | None
    told_at: datetime | None
    age: str
    commune: str
    closed_in: str
    child_at: datetime | None
    reported_at: datetime | None
    reported_by: UUID | None


class LineRow(msgspec.Struct, frozen=True):
    """A row of `case_line`; `at` is aware, UTC."""

    id: int
    case_id: UUID
    direction: str
    at: datetime
    epoch: int
    sealed: bytes
    author: UUID | None
    cause_kind: int
    cause: str


def case_row(row: Row[*tuple[object, ...]]) -> CaseRow:
    """The row of a query for all of `case_file`."""
    return CaseRow(**row._mapping)
