"""Who may be the second person in a case: one of its readers, or whoever leads the shift and is not kept from it."""

from __future__ import annotations

from store.cases import readers as case_readers
from store.cases.impartiality import neighbourhood
from store.cases.models import CaseRow
from store.staff.models import SHIFT_LEAD, member
from store.unit_of_work import UnitOfWork


async def may_decide(work: UnitOfWork, case: CaseRow) -> bool:
    """Whether whoever acts reads the case, or leads the shift and is not kept away from it."""
    if work.staff_id in {reader.staff_id for reader in await case_readers.of(work.conn, work.now, case)}:
        return True
    who, near = await member(work.conn, work.staff_id), (await neighbourhood(work.conn)).near(case)
    return who is not None and SHIFT_LEAD in who.roles and who.id not in near
