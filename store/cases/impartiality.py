"""Conflict of interest: who reads cases but may know her or her family, because she works for her commune.

A scope that names no area is no proof of distance: it counts as near, unless nobody else would be left to read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.areas.scopes import canonical, covers, is_commune, names_area, unknown
from store.staff.models import READING, staff
from store.staff.roster import OFF_DUTY, CaseReader, roster


class Related(Protocol):
    """What tells of a case whether a reader may know her."""

    @property
    def communes(self) -> Collection[str]:
        """Area codes of her groups."""

    @property
    def commune_ok(self) -> bool:
        """Whether she lets staff of her own commune know of her."""


class Neighbourhood(msgspec.Struct, frozen=True):
    """What each active reader of cases works for, and which of these scopes name no area."""

    scopes: Mapping[UUID, str]
    unknown: frozenset[str]

    def near(self, case: Related) -> set[UUID]:
        """Return whoever is kept away from a case (its `communes` and `commune_ok`)."""
        communes = [] if case.commune_ok else [code for code in case.communes if is_commune(code)]
        if not communes:
            return set()
        same = {who for who, scope in self.scopes.items() if any(covers(one, canonical(scope)) for one in communes)}
        doubtful = {who for who, scope in self.scopes.items() if scope in self.unknown}
        return same | doubtful if self.scopes.keys() - same - doubtful else same


class ReadingMember(msgspec.Struct, frozen=True):
    """An active member who reads cases: the position of her shift now, and whether her scope names an area."""

    id: UUID
    alias: str
    roles: frozenset[str]
    scope: str
    public_key: bytes
    position: int
    named: bool

    @property
    def as_reader(self) -> CaseReader:
        """The member as a case is sealed to her."""
        return CaseReader(self.id, self.public_key, self.position, self.scope)


async def reading_members(conn: AsyncConnection, now: datetime) -> list[ReadingMember]:
    """Everybody who reads cases, in the order they are reached."""
    position = func.coalesce(func.min(roster.c.rung), OFF_DUTY).label("position")
    shift = (roster.c.staff_id == staff.c.id) & (roster.c.starts_at <= now) & (roster.c.ends_at > now)
    columns = staff.c.id, staff.c.alias, staff.c.roles, staff.c.scope, staff.c.public_key
    query = (
        select(*columns, position, names_area(staff.c.scope).label("named"))
        .select_from(staff.outerjoin(roster, shift))
        .where(staff.c.active, staff.c.roles.overlap(READING))
        .group_by(staff.c.id)
        .order_by(position, staff.c.created_at, staff.c.id)
    )
    rows = (await conn.execute(query)).all()
    return [ReadingMember(row[0], row[1], frozenset(row[2]), *row[3:]) for row in rows]


def neighbours(members: Iterable[ReadingMember]) -> Neighbourhood:
    """What these members work for."""
    everybody = list(members)
    unnamed = frozenset(one.scope for one in everybody if not one.named)
    return Neighbourhood({one.id: one.scope for one in everybody}, unnamed)


async def neighbourhood(conn: AsyncConnection) -> Neighbourhood:
    """Read what everybody who reads cases works for."""
    query = select(staff.c.id, staff.c.scope).where(staff.c.active, staff.c.roles.overlap(READING))
    scopes = {row.id: row.scope for row in await conn.execute(query)}
    return Neighbourhood(scopes, frozenset(await unknown(conn, set(scopes.values()))))
