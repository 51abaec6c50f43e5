"""Assigning: the shift lead gives a case to somebody who is on duty and reads it; paging goes on until she takes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import service as cases
from store.cases.changes import Change, note_change
from store.cases.impartiality import ReadingMember, Related, neighbours, reading_members
from store.cases.models import CaseRow, case_file
from store.cases.readers import allowed, shut
from store.casework import assignment, takes
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.refusals import Refusal
from store.staff.models import SHIFT_LEAD
from store.staff.roster import OFF_DUTY
from store.unit_of_work import UnitOfWork


class AssignableCase(Related, Protocol):
    """What of an open case tells to whom it may be given."""

    @property
    def id(self) -> UUID: ...
    @property
    def acked_by(self) -> UUID | None: ...


def assignable(
    case: AssignableCase,
    staff_id: UUID,
    members: Sequence[ReadingMember],
    near: Collection[UUID],
    given: Collection[UUID],
) -> list[ReadingMember]:
    """Whoever a shift lead may give an open case to, by alias: on duty, and a reader of it; nobody for others.

    `near` are kept away from the case, `given` have given it away.
    """
    who = next((one for one in members if one.id == staff_id), None)
    if who is None or SHIFT_LEAD not in who.roles or who.id in near:
        return []
    reading = {one.staff_id for one in allowed(near, [one.as_reader for one in members], given)}
    fit = [one for one in members if one.id in reading and one.position < OFF_DUTY and one.id != case.acked_by]
    return sorted(fit, key=lambda one: one.alias)


async def assignable_cases(
    conn: AsyncConnection, staff_id: UUID, members: Sequence[ReadingMember], cases: Iterable[AssignableCase]
) -> Mapping[UUID, Sequence[ReadingMember]]:
    """To whom a shift lead may give each of these open cases."""
    around, given = neighbours(members), await shut(conn)
    return {one.id: assignable(one, staff_id, members, around.near(one), given.get(one.id, ())) for one in cases}


async def loads(conn: AsyncConnection) -> Mapping[UUID, int]:
    """How many open cases each member has."""
    query = select(case_file.c.acked_by, func.count()).where(case_file.c.closed_at.is_(None))
    rows = await conn.execute(query.where(case_file.c.acked_by.is_not(None)).group_by(case_file.c.acked_by))
    return {staff_id: count for staff_id, count in rows}


async def assign(work: UnitOfWork, case_id: UUID, to: UUID | None, reason: str = "") -> None:
    """Give a case to somebody on duty; one that somebody has changes hands for a reason, with its keys.

    A case that nobody has is hers from now, and goes on being paged for until she takes or answers it: to be given a
    case is not to have seen it. Raises Refused, Sealed, Forgotten.
    """
    case = await cases.load_case(work.conn, case_id, lock=True)
    if case.closed_at is not None:
        raise Refused(Refusal.CASE_CLOSED)
    members = await reading_members(work.conn, work.now)
    near, given = neighbours(members).near(case), (await shut(work.conn)).get(case_id, set())
    if not any(one.id == work.staff_id and SHIFT_LEAD in one.roles and one.id not in near for one in members):
        raise Refused(Refusal.ASSIGN_NOT_LEAD)
    found = next((one for one in assignable(case, work.staff_id, members, near, given) if one.id == to), None)
    if found is None:
        raise Refused(Refusal.ASSIGN_NOT_TO)
    if case.acked_by is None:
        await _give(work, case, found.id)
    else:
        await assignment.transfer(work, case_id, found.id, reason)
    await note_change(work, case_id, Change("assigned", "", found.alias))


async def _give(work: UnitOfWork, case: CaseRow, to: UUID) -> None:
    hers = {"acked_by": to, "acked_at": work.now}
    await work.conn.execute(update(case_file).where(case_file.c.id == case.id).values(hers))
    await takes.drop(work, case.id)
    work.record("case.assigned", case.id, to=str(to))
    work.notify(NotifyChannel.CASE, case.id)
