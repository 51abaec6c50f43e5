"""Operations on groups: register one, list them, let a person join one or leave them all."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.model.effects import RecordConsent, Redeem
from store.areas.models import area
from store.areas.scopes import within
from store.errors import Refused
from store.groups.invite_codes import use
from store.groups.models import AUDIENCE, MEMBER, membership, subscription, village_group
from store.people.service import record_consent
from store.refusals import Refusal
from store.staff import authorization
from store.unit_of_work import UnitOfWork

CONSENT = "C9"
TITLE_LENGTH = range(3, 61)
"""Characters of a group's name."""


class Group(msgspec.Struct, frozen=True):
    """A communication group: what it is called, and the name of its commune."""

    id: int
    title: str
    area: str


async def create_group(work: UnitOfWork, title: str, area_code: str) -> int:
    """Register a communication group in a commune. Raises Refused, also where it is not in her area."""
    title = " ".join(title.split())
    if len(title) not in TITLE_LENGTH:
        raise Refused(Refusal.GROUP_NAME_LENGTH)
    commune = (area.c.code == area_code) & (area.c.level == "commune")
    if (await work.conn.execute(select(area.c.code).where(commune))).first() is None:
        raise Refused(Refusal.COMMUNE_UNKNOWN)
    await authorization.require(work.conn, work.staff_id, area_code)
    values = {"title": title, "area": area_code, "created_at": work.now, "created_by": work.staff_id}
    kept = await work.conn.execute(insert(village_group).values(values).returning(village_group.c.id))
    made: int = kept.scalar_one()
    work.record("group.created", made)
    return made


async def groups(conn: AsyncConnection, *, scope: str) -> list[Group]:
    """The groups that a scope covers, by name."""
    query = select(village_group.c.id, village_group.c.title, area.c.name).join(area)
    query = query.where(within(village_group.c.area, scope)).order_by(village_group.c.title)
    return [Group(*row) for row in await conn.execute(query)]


async def redeem(work: UnitOfWork, person_id: UUID, redeemed: Redeem) -> None:
    """She said yes to what a code offers: she is a member of the group, or hears from it (C9 recorded)."""
    used = await use(work, redeemed.code, (MEMBER, AUDIENCE))
    if used is None:
        return
    bound = {"person_id": person_id, "group_id": used.group_id}
    if used.kind == MEMBER:
        values = bound | {"invited_by": used.created_by, "bound_at": work.now}
        await work.conn.execute(pg_insert(membership).values(values).on_conflict_do_nothing())
        return
    listens = bound | {"lang": redeemed.lang, "since": work.now}
    await work.conn.execute(pg_insert(subscription).values(listens).on_conflict_do_nothing())
    await record_consent(work, person_id, RecordConsent(CONSENT, redeemed.version, True))


async def end_news(work: UnitOfWork, person_id: UUID, version: str) -> None:
    """She hears from no group any more; her yes is taken back."""
    await work.conn.execute(subscription.delete().where(subscription.c.person_id == person_id))
    await record_consent(work, person_id, RecordConsent(CONSENT, version, False))


async def leave(work: UnitOfWork, person_id: UUID) -> None:
    """She is a member of no group any more."""
    await work.conn.execute(membership.delete().where(membership.c.person_id == person_id))
