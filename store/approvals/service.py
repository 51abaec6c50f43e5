"""What waits for a member as a second person: asked of every kind of approval at once, in one statement."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from store.approvals import providers
from store.approvals.models import Approval, Approver, Provider
from store.cases.impartiality import Neighbourhood, neighbourhood

PROVIDERS: tuple[Provider, ...] = (
    providers.lower_levels,
    providers.referrals,
    providers.broadcasts,
    providers.audit_exports,
    providers.urgent_help,
    providers.unsafe_notices,
)
"""A further kind of approval is a query in `providers.py` (or beside its own table) and a place here."""


async def approvals_waiting(
    conn: AsyncConnection, staff_id: UUID, roles: Collection[str], around: Neighbourhood | None = None
) -> list[Approval]:
    """What a member may decide on and somebody else asked for, the oldest first.

    `around` is `neighbourhood`, where it is known: nothing of a case she is kept away from is in the list.
    """
    who = Approver(staff_id, frozenset(roles))
    queries = [query for provider in PROVIDERS if (query := provider(who)) is not None]
    if not queries:
        return []
    rows = [_found(row) for row in await conn.execute(union_all(*queries))]
    if not rows:
        return []
    near = around or await neighbourhood(conn)
    found = [row.approval for row in rows if staff_id not in near.near(row)]
    return sorted(found, key=lambda one: (one.since, one.number))


class _WaitingRow(msgspec.Struct, frozen=True):
    """A row of the queries: what waits, and what keeps a reader away from its case."""

    approval: Approval
    communes: list[str]
    commune_ok: bool


def _found(row: Row[*tuple[Any, ...]]) -> _WaitingRow:
    kind, case_id, number, since, until, communes, commune_ok = row
    return _WaitingRow(Approval(kind, case_id, number, since, until), communes or [], commune_ok)
