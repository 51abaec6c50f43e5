"""Finding cases again: closed ones, by alias and number, and others of the same person; never a word of hers.

Only cases that whoever asks could open are found: she holds a key of theirs and does not work for her commune.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.text_folding import folded
from store.cases.impartiality import neighbourhood
from store.cases.keys import case_key_copy
from store.cases.models import case_file
from store.people.models import account
from store.staff.models import staff

MOST_SEARCHED = 5000
"""Cases that one search looks through: the open ones, then those that were closed last."""
MOST_FOUND = 50


class FoundCase(msgspec.Struct, frozen=True):
    """A case as lists of closed and found cases show it; `holder` is the alias of whoever has or had it."""

    id: UUID
    number: str
    alias: str
    level: int
    channel: str
    opened_at: datetime
    closed_at: datetime | None
    holder: str | None
    communes: Sequence[str]
    commune_ok: bool


def _openable(staff_id: UUID) -> Select[*tuple[object, ...]]:
    mine = exists().where(case_key_copy.c.case_id == case_file.c.id, case_key_copy.c.reader_id == staff_id)
    case = case_file.c
    return (
        select(case.id, case.number, case.alias, case.level, account.c.channel, case.opened_at, case.closed_at)
        .add_columns(staff.c.alias.label("holder"), case.communes, case.commune_ok)
        .join(account, account.c.id == case.account)
        .outerjoin(staff, staff.c.id == case.acked_by)
        .where(mine)
    )


async def _found(conn: AsyncConnection, staff_id: UUID, query: Select[*tuple[object, ...]]) -> list[FoundCase]:
    rows = [FoundCase(**row._mapping) for row in await conn.execute(query)]
    if not any(row.communes for row in rows):
        return rows
    around = await neighbourhood(conn)
    return [row for row in rows if staff_id not in around.near(row)]


async def closed_cases(conn: AsyncConnection, staff_id: UUID, skip: int, limit: int) -> list[FoundCase]:
    """Closed cases that a member could open, the last closed first."""
    closed = _openable(staff_id).where(case_file.c.closed_at.is_not(None))
    newest: ColumnElement[object] = case_file.c.closed_at.desc()
    return await _found(conn, staff_id, closed.order_by(newest, case_file.c.id).offset(skip).limit(limit))


async def search(conn: AsyncConnection, staff_id: UUID, typed: str) -> list[FoundCase]:
    """Cases whose alias and number hold every part that was typed, open ones first; marks and case do not matter."""
    parts = folded(typed).split()
    if not parts:
        return []
    newest = case_file.c.closed_at.desc().nulls_first(), case_file.c.opened_at.desc()
    known = await _found(conn, staff_id, _openable(staff_id).order_by(*newest).limit(MOST_SEARCHED))
    names = ((row, f"{folded(row.alias)} {row.number}") for row in known)
    return [row for row, name in names if all(part in name for part in parts)][:MOST_FOUND]


async def of_same_person(conn: AsyncConnection, staff_id: UUID, case_id: UUID) -> list[FoundCase]:
    """Other cases of the person of a case, as far as a member could open them; the newest first."""
    whose = select(case_file.c.person_id).where(case_file.c.id == case_id).scalar_subquery()
    others = _openable(staff_id).where(case_file.c.person_id == whose, case_file.c.id != case_id)
    return await _found(conn, staff_id, others.order_by(case_file.c.opened_at.desc()))
