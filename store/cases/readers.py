"""Readers of a case: staff who read cases, without those of her own commune and without who has given it away.

Staff of her commune never read it unless she allowed it. Somebody who handed it on reads nothing written since, except
where nobody else would be left: then she is better than no reader at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases.impartiality import Related, neighbourhood
from store.cases.models import CaseRow, case_file
from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.staff.roster import CaseReader, new_case_readers

case_shut = Table(
    "case_shut",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)


async def check_impartial(conn: AsyncConnection, case: Related, staff_id: UUID) -> None:
    """Refuse a case to staff of her own commune, unless she allowed it. Raises Refused."""
    if staff_id in (await neighbourhood(conn)).near(case):
        raise Refused(Refusal.CASE_NOT_SEALED)


def allowed(near: Collection[UUID], everybody: Sequence[CaseReader], shut: Collection[UUID]) -> list[CaseReader]:
    """Those who read cases and may read what is written in a case from now on; `near` are kept from it altogether."""
    impartial = [reader for reader in everybody if reader.staff_id not in near]
    return [reader for reader in impartial if reader.staff_id not in shut] or impartial


async def of(conn: AsyncConnection, now: datetime, case: CaseRow) -> list[CaseReader]:
    """The readers of one case as it stands now."""
    found, near = await shut(conn), (await neighbourhood(conn)).near(case)
    return allowed(near, await new_case_readers(conn, now), found.get(case.id, ()))


async def shut(conn: AsyncConnection) -> dict[UUID, set[UUID]]:
    """Who has given which open case away."""
    query = select(case_shut.c.case_id, case_shut.c.staff_id).join(case_file).where(case_file.c.closed_at.is_(None))
    found: dict[UUID, set[UUID]] = {}
    for row in await conn.execute(query):
        found.setdefault(row.case_id, set()).add(row.staff_id)
    return found


async def kept_away(conn: AsyncConnection, cases: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Staff to whom none of these cases is offered: of her commune, or somebody who gave it away."""
    columns = case_file.c.id, case_file.c.communes, case_file.c.commune_ok
    rows = (await conn.execute(select(*columns).where(case_file.c.id.in_(cases)))).all()
    around = await neighbourhood(conn)
    found = {row.id: near for row in rows if (near := around.near(row))}
    gave = select(case_shut.c.case_id, case_shut.c.staff_id).where(case_shut.c.case_id.in_(cases))
    for row in await conn.execute(gave):
        found.setdefault(row.case_id, set()).add(row.staff_id)
    return found


async def shut_out(conn: AsyncConnection, now: datetime, case_id: UUID, staff_id: UUID) -> None:
    """Let somebody read nothing that is written from the next epoch on."""
    await conn.execute(insert(case_shut).values(case_id=case_id, staff_id=staff_id, at=now).on_conflict_do_nothing())


async def let_in(conn: AsyncConnection, case_id: UUID, staff_id: UUID) -> None:
    """Let somebody read again from the next epoch on."""
    await conn.execute(delete(case_shut).where(case_shut.c.case_id == case_id, case_shut.c.staff_id == staff_id))
