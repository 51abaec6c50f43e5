"""Conflict of interest: who reads cases but may know her or her family, because she works for her commune.

A scope that names no area is no proof of distance: it counts as near, unless nobody else would be left to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.areas.scopes import canonical, covers, is_commune, unknown
from store.staff.models import READING, staff


class Neighbourhood(msgspec.Struct, frozen=True):
    """What each active reader of cases works for, and which of these scopes name no area."""

    scopes: Mapping[UUID, str]
    unknown: frozenset[str]

    def near(self, case: Any) -> set[UUID]:
        """Return whoever is kept away from a case (its `communes` and `commune_ok`)."""
        communes = [] if case.commune_ok else [code for code in case.communes if is_commune(code)]
        if not communes:
            return set()
        same = {who for who, scope in self.scopes.items() if any(covers(one, canonical(scope)) for one in communes)}
        doubtful = {who for who, scope in self.scopes.items() if scope in self.unknown}
        return same | doubtful if self.scopes.keys() - same - doubtful else same


async def neighbourhood(conn: AsyncConnection) -> Neighbourhood:
    """Read what everybody who reads cases works for."""
    query = select(staff.c.id, staff.c.scope).where(staff.c.active, staff.c.roles.overlap(READING))
    scopes = {row.id: row.scope for row in await conn.execute(query)}
    return Neighbourhood(scopes, frozenset(await unknown(conn, set(scopes.values()))))
