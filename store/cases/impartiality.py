"""Conflict of interest: who reads cases but may know her or her family, because she works for her commune.

A scope that names no area is no proof of distance: it counts as near, unless nobody else would be left to read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.areas.scopes import canonical, covers, is_commune, names_area
from store.staff.models import READING, Member, StaffRow, staff
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


async def neighbourhood(conn: AsyncConnection) -> Neighbourhood:
    """Read what everybody who reads cases works for."""
    query = select(staff.c.id, staff.c.scope, names_area(staff.c.scope).label("named"))
    rows = (await conn.execute(query.where(staff.c.active, staff.c.roles.overlap(READING)))).all()
    return _around([(row.id, row.scope, row.named) for row in rows])


def neighbours(members: Iterable[ReadingMember]) -> Neighbourhood:
    """What these members work for."""
    return _around([(one.id, one.scope, one.named) for one in members])


async def member_and_neighbourhood(conn: AsyncConnection, staff_id: UUID) -> tuple[Member | None, Neighbourhood]:
    """An active member, None once she was disabled, and what everybody who reads cases works for."""
    wanted = staff.c.active & (staff.c.roles.overlap(READING) | (staff.c.id == staff_id))
    rows = (await conn.execute(select(staff, names_area(staff.c.scope).label("named")).where(wanted))).all()
    mine = [row._mapping for row in rows if row.id == staff_id]
    who = StaffRow(**{name: mine[0][name] for name in StaffRow.__struct_fields__}).member() if mine else None
    reading = [(row.id, row.scope, row.named) for row in rows if not set(READING).isdisjoint(row.roles)]
    return who, _around(reading)


def _around(scopes: Sequence[tuple[UUID, str, bool]]) -> Neighbourhood:
    unnamed = frozenset(scope for _, scope, named in scopes if not named)
    return Neighbourhood({who: scope for who, scope, _ in scopes}, unnamed)
