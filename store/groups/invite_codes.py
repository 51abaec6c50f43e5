"""Invitations to groups: codes that bind people and chats to them, kept as keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.crypto.invite_codes import code_tag, new_code
from store.errors import Refused
from store.groups.authorization import require_group
from store.groups.models import AUDIENCE, CHAT, MEMBER, invitation, village_group
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

LIVES = {MEMBER: timedelta(days=7), AUDIENCE: timedelta(days=180), CHAT: timedelta(days=1)}
"""How long each kind of code works: a member's is handed over by hand, an audience's hangs on a poster."""
USES = {MEMBER: 1, AUDIENCE: None, CHAT: 1}


class InvitedTo(msgspec.Struct, frozen=True):
    """What a code that works binds somebody to."""

    kind: str
    group_id: int
    title: str


class UsedInvitation(msgspec.Struct, frozen=True):
    """What a code that was just used binds to, and which member of staff made it."""

    kind: str
    group_id: int
    created_by: UUID | None


async def invite(work: UnitOfWork, group_id: int, kind: str) -> str:
    """Make a code of one kind and return it: it is shown once and kept only as a keyed hash.

    Raises Refused, also for a group outside the area of the member who acts.
    """
    if kind not in LIVES:
        raise Refused(Refusal.INVITATION_KIND)
    await require_group(work, group_id)
    code = new_code()
    values = {
        "group_id": group_id, "kind": kind, "code_tag": code_tag(work.store.keys.index, code), "uses_left": USES[kind],
        "expires_at": work.now + LIVES[kind], "created_at": work.now, "created_by": work.actor.staff_id,
    }  # fmt: skip
    await work.conn.execute(insert(invitation).values(values))
    work.record("group.invited", group_id, kind=kind)
    return code


async def find(conn: AsyncConnection, now: datetime, tags: Sequence[bytes]) -> dict[bytes, InvitedTo]:
    """The codes of people among these that work now, by tag."""
    query = (
        select(invitation.c.code_tag, invitation.c.kind, invitation.c.group_id, village_group.c.title)
        .join(village_group, village_group.c.id == invitation.c.group_id)
        .where(invitation.c.code_tag.in_(tags), _works(now, (MEMBER, AUDIENCE)))
    )
    return {tag: InvitedTo(*row) for tag, *row in (await conn.execute(query))}


async def use(work: UnitOfWork, code: str, kinds: Sequence[str]) -> UsedInvitation | None:
    """Use a code once; None when it does not work any more. Of two at once the second sees what is left."""
    query = (
        update(invitation)
        .where(invitation.c.code_tag == code_tag(work.store.keys.index, code), _works(work.now, kinds))
        .values(uses_left=invitation.c.uses_left - 1)
        .returning(invitation.c.kind, invitation.c.group_id, invitation.c.created_by)
    )
    used = (await work.conn.execute(query)).one_or_none()
    return None if used is None else UsedInvitation(*used)


def _works(now: datetime, kinds: Sequence[str]) -> ColumnElement[bool]:
    """A code of one of these kinds that is neither expired nor spent."""
    left = invitation.c.uses_left.is_(None) | (invitation.c.uses_left > 0)
    return and_(invitation.c.kind.in_(kinds), invitation.c.expires_at > now, left)
