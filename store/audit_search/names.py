"""Names for the ids of the audit, looked up when it is read and never written into it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.audit import AuditRecord
from store.cases.models import case_file
from store.checkins.models import check_in_plan
from store.groups.models import village_group
from store.staff import models as staff


class AuditNames(msgspec.Struct, frozen=True):
    """What members, cases, plans and groups are called now, by the id as the audit has it."""

    members: Mapping[str, str]
    cases: Mapping[str, str]
    plans: Mapping[str, str]
    groups: Mapping[str, str]


async def names_of(conn: AsyncConnection, records: Sequence[AuditRecord]) -> AuditNames:
    """Look up whom and what these records are about; a case is its alias and number, and nothing once forgotten."""
    cases = [UUID(code) for code in {one.object for one in records} if len(code) == 36]
    file, plan, group = case_file.c, check_in_plan.c, village_group.c
    of_cases = select(file.id, file.alias + " " + file.number).where(file.id.in_(cases))
    of_plans = select(plan.id, plan.alias + " " + plan.number).where(plan.id.in_(_numbers(records, "plan")))
    of_groups = select(group.id, group.title).where(group.id.in_(_numbers(records, "group")))
    members = {str(staff_id): alias for staff_id, alias in (await staff.aliases(conn)).items()}
    found = []
    for query in (of_cases, of_plans, of_groups):
        found.append({str(key): name.strip() for key, name in await conn.execute(query)})
    return AuditNames(members, *found)


def _numbers(records: Sequence[AuditRecord], kind: str) -> Collection[int]:
    return set(_read(records, f"{kind}."))


def _read(records: Sequence[AuditRecord], prefix: str) -> Iterator[int]:
    for one in records:
        if one.action.startswith(prefix) and one.object.isdecimal():
            yield int(one.object)
