"""An approval that waits for a second person, and what a provider of approvals is given and gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, Uuid, exists, literal, null, select
from sqlalchemy.sql.elements import ColumnElement

from store.cases.models import case_file
from store.cases.readers import case_shut


class Approver(msgspec.Struct, frozen=True):
    """Whoever may be the second person: a member, by her id and roles."""

    staff_id: UUID
    roles: frozenset[str]


class Approval(msgspec.Struct, frozen=True):
    """What waits: its kind, the case or else the number of what it is about, since when and, where set, until when."""

    kind: str
    case_id: UUID | None
    number: str
    since: datetime
    until: datetime | None


Provider = Callable[[Approver], Select[Any] | None]
"""Gives the query of one kind's approvals for a member, None when her roles decide on none of them.

Its columns are those of `Approval` in their order, made by `of_case` or `of_number`, and then what keeps a reader away
from a case: its communes, and whether she lets staff of these know.
"""


def of_case(kind: str, since: ColumnElement[Any], until: ColumnElement[Any] | None = None) -> Select[Any]:
    """Begin the query of approvals that belong to a case; the provider joins its table and says which wait."""
    columns = literal(kind), case_file.c.id, case_file.c.number, since, until if until is not None else _no_time()
    return select(*columns, case_file.c.communes, case_file.c.commune_ok).where(case_file.c.closed_at.is_(None))


def of_number(kind: str, number: ColumnElement[Any], since: ColumnElement[Any]) -> Select[Any]:
    """Begin the query of approvals that belong to no case."""
    no_case, nobody = null().cast(Uuid), null().cast(case_file.c.communes.type)
    return select(literal(kind), no_case, number, since, _no_time(), nobody, literal(value=True))


def reads(staff_id: UUID) -> ColumnElement[bool]:
    """Whether a member has not given the case away; whom her commune keeps away is left out afterwards."""
    return ~exists().where(case_shut.c.case_id == case_file.c.id, case_shut.c.staff_id == staff_id)


def _no_time() -> ColumnElement[Any]:
    return null().cast(case_file.c.opened_at.type)
