"""Operations on groups and the codes that bind people and chats to them; each is done once, whoever calls it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.text.invitation_codes import ALPHABET, LETTERS, written
from store import audit
from store.areas.models import area
from store.areas.scopes import within
from store.crypto.invite_codes import code_tag
from store.errors import Refused
from store.groups.authorization import require_group
from store.groups.models import AUDIENCE, CHAT, MEMBER, invitation, membership, subscription, village_group
from store.people.models import consent
from store.refusals import Refusal
from store.staff import authorization

CONSENT = "C9"
LIVES = {MEMBER: timedelta(days=7), AUDIENCE: timedelta(days=180), CHAT: timedelta(days=1)}
"""How long each kind of code works: a member's is handed over by hand, an audience's hangs on a poster."""
USES = {MEMBER: 1, AUDIENCE: None, CHAT: 1}


class Group(msgspec.Struct, frozen=True):
    """A communication group: what it is called, where it is, how many of its chats are bound."""

    id: int
    title: str
    area: str


async def create_group(
    conn: AsyncConnection, now: datetime, key: bytes, *, staff_id: UUID, title: str, area_code: str
) -> int:
    """Register a communication group. Raises Refused with one sentence, OutOfScope where it is not hers.

    `key` is the audit key.
    """
    title = " ".join(title.split())
    if not 3 <= len(title) <= 60:
        raise Refused(Refusal.GROUP_NAME_LENGTH)
    commune = (area.c.code == area_code) & (area.c.level == "commune")
    if (await conn.execute(select(area.c.code).where(commune))).first() is None:
        raise Refused(Refusal.COMMUNE_UNKNOWN)
    await authorization.require(conn, staff_id, area_code)
    values = {"title": title, "area": area_code, "created_at": now, "created_by": staff_id}
    made: int = (await conn.execute(insert(village_group).values(values).returning(village_group.c.id))).scalar_one()
    await _note(conn, now, key, staff_id, "group.created", made)
    return made


async def groups(conn: AsyncConnection, *, scope: str) -> list[Group]:
    """The groups that a scope covers, by name."""
    query = select(village_group, area.c.name).join(area, area.c.code == village_group.c.area)
    query = query.where(within(village_group.c.area, scope))
    rows = (await conn.execute(query.order_by(village_group.c.title))).all()
    return [Group(row.id, row.title, row.name) for row in rows]


async def invite(
    conn: AsyncConnection,
    now: datetime,
    house_index: bytes,
    key: bytes,
    *,
    staff_id: UUID | None,
    group_id: int,
    kind: str,
) -> str:
    """Make a code of one kind and return it: it is shown once and kept only as a keyed hash.

    Without `staff_id` the service itself makes it. Raises Refused, and OutOfScope for a group of another area.
    """
    if kind not in LIVES:
        raise Refused(Refusal.INVITATION_KIND)
    await require_group(conn, staff_id, group_id)
    code = written("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)))
    values = {
        "group_id": group_id, "kind": kind, "code_tag": code_tag(house_index, code), "uses_left": USES[kind],
        "expires_at": now + LIVES[kind], "created_at": now, "created_by": staff_id,
    }  # fmt: skip
    await conn.execute(insert(invitation).values(values))
    await _note(conn, now, key, staff_id, "group.invited", group_id, kind=kind)
    return code


async def find(conn: AsyncConnection, now: datetime, tags: Sequence[bytes]) -> dict[bytes, Any]:
    """The codes among these that work now: tag to (kind, group_id, title)."""
    query = (
        select(invitation.c.code_tag, invitation.c.kind, invitation.c.group_id, village_group.c.title)
        .join(village_group, village_group.c.id == invitation.c.group_id)
        .where(invitation.c.code_tag.in_(tags), invitation.c.expires_at > now)
        .where(invitation.c.uses_left.is_(None) | (invitation.c.uses_left > 0))
        .where(invitation.c.kind.in_((MEMBER, AUDIENCE)))
    )
    return {row.code_tag: row for row in (await conn.execute(query)).all()}


async def use(conn: AsyncConnection, now: datetime, tag: bytes, kinds: Sequence[str]) -> Any | None:
    """Use a code once; None when it does not work any more."""
    query = (
        update(invitation)
        .where(invitation.c.code_tag == tag, invitation.c.kind.in_(kinds), invitation.c.expires_at > now)
        .where(invitation.c.uses_left.is_(None) | (invitation.c.uses_left > 0))
        .values(uses_left=invitation.c.uses_left - 1)
        .returning(invitation.c.kind, invitation.c.group_id, invitation.c.created_by)
    )
    return (await conn.execute(query)).one_or_none()


async def redeem(
    conn: AsyncConnection, now: datetime, house_index: bytes, *, person_id: UUID, code: str, lang: str, version: str
) -> None:
    """She said yes to what a code offers: she is a member of the group, or hears from it (C9 recorded)."""
    used = await use(conn, now, code_tag(house_index, code), (MEMBER, AUDIENCE))
    if used is None:
        return
    if used.kind == MEMBER:
        values = {"person_id": person_id, "group_id": used.group_id, "invited_by": used.created_by, "bound_at": now}
        await conn.execute(pg_insert(membership).values(values).on_conflict_do_nothing())
        return
    listens = {"group_id": used.group_id, "person_id": person_id, "lang": lang, "since": now}
    await conn.execute(pg_insert(subscription).values(listens).on_conflict_do_nothing())
    said = {"person_id": person_id, "purpose": CONSENT, "version": version, "given": True, "at": now}
    await conn.execute(insert(consent).values(said))


async def leave(conn: AsyncConnection, now: datetime, *, person_id: UUID, version: str) -> None:
    """She hears from no group any more; her yes is taken back."""
    await conn.execute(subscription.delete().where(subscription.c.person_id == person_id))
    said = {"person_id": person_id, "purpose": CONSENT, "version": version, "given": False, "at": now}
    await conn.execute(insert(consent).values(said))


async def _note(
    conn: AsyncConnection, now: datetime, key: bytes, staff_id: UUID | None, action: str, group_id: int, **meta: str
) -> None:
    actor = str(staff_id) if staff_id else "demo"
    await audit.record(conn, now, key, actor=actor, action=action, object=str(group_id), meta=meta)
