"""Decisions on broadcasts: a second person approves or refuses exactly what she was shown, and steers it afterwards."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import select, update

from content.library import Library
from store.broadcasts import review_gates
from store.broadcasts.models import (
    BROADCAST_COLUMNS,
    PROPOSED,
    REFUSED,
    SENDING,
    BroadcastRow,
    announce,
    broadcast,
)
from store.broadcasts.overview import words_of
from store.broadcasts.proposals import WAITS
from store.broadcasts.steering import AFTER, RESUME, steer
from store.errors import Refused
from store.groups.models import membership, village_group
from store.refusals import Refusal
from store.staff import authorization
from store.unit_of_work import UnitOfWork

LIVES = timedelta(hours=48)
"""How long after its approval a broadcast may still leave: a warning of last week helps nobody."""
ANSWERS = {"yes": True, "no": False}


class Decision(msgspec.Struct, frozen=True):
    """What somebody says to a proposal, `yes` or `no`, and the digest of the words that she was shown."""

    broadcast_id: int
    digest: bytes
    answer: str


async def decide(work: UnitOfWork, library: Library, decision: Decision, *, drafts: bool = False) -> None:
    """Approve or refuse what another person proposed, bound to the digest that was shown.

    `drafts` as in `approve_card`. Raises Refused, also for a group of another area, and for a yes to open gates.
    """
    approves = ANSWERS.get(decision.answer)
    if approves is None:
        raise Refused(Refusal.BROADCAST_DECISION_UNKNOWN)
    row = await _waiting(work, decision)
    if approves and await _same_person(work, row):
        raise Refused(Refusal.BROADCAST_SECOND_PERSON)
    if approves:
        await words_of(work.conn, row.id)
        await review_gates.require(work, library, row.card, drafts=drafts)
    await _decided(work, row, SENDING if approves else REFUSED)


async def _waiting(work: UnitOfWork, decision: Decision) -> BroadcastRow:
    """The locked row of a proposal that still waits and is what was shown. Raises Refused."""
    row = await _found(work, decision.broadcast_id)
    if row.state != PROPOSED:
        raise Refused(Refusal.BROADCAST_DECIDED)
    if row.digest != decision.digest:
        raise Refused(Refusal.BROADCAST_NOT_AS_SHOWN)
    if work.now - row.proposed_at > WAITS:
        raise Refused(Refusal.BROADCAST_TOO_OLD)
    return row


async def _decided(work: UnitOfWork, row: BroadcastRow, state: str) -> None:
    now, staff_id = work.now, work.staff_id
    times = {"not_after": now + LIVES} if state == SENDING else {"ended_at": now, "ended_by": staff_id}
    decided = update(broadcast).where(broadcast.c.id == row.id)
    await work.conn.execute(decided.values(state=state, decided_by=staff_id, decided_at=now, **times))
    work.record("broadcast.approved" if state == SENDING else "broadcast.refused", row.id)
    announce(work, row.id, state)


async def change(work: UnitOfWork, library: Library, broadcast_id: int, act: str, *, drafts: bool = False) -> None:
    """Pause, resume or stop a broadcast that is on its way.

    `drafts` as in `approve_card`. Raises Refused, also for a group of another area, and to resume with open gates.
    """
    if act not in AFTER:
        raise Refused(Refusal.BROADCAST_CHANGE_UNKNOWN)
    row = await _found(work, broadcast_id)
    if act == RESUME:
        await review_gates.require(work, library, row.card, drafts=drafts)
    await steer(work, broadcast_id, act)


async def _found(work: UnitOfWork, broadcast_id: int) -> BroadcastRow:
    """The locked row of a broadcast to a group in the area of who acts. Raises Refused."""
    query = select(village_group.c.area, *BROADCAST_COLUMNS).where(broadcast.c.id == broadcast_id)
    query = query.join(village_group, village_group.c.id == broadcast.c.group_id).with_for_update(of=broadcast)
    found = (await work.conn.execute(query)).one_or_none()
    if found is None:
        raise Refused(Refusal.BROADCAST_NOT_FOUND)
    area, *row = found
    await authorization.require(work.conn, work.staff_id, area)
    return BroadcastRow(*row)


async def _same_person(work: UnitOfWork, row: BroadcastRow) -> bool:
    """Whether who decides also wrote it, or bound the member who did."""
    if row.author_staff is not None:
        return row.author_staff == work.staff_id
    query = select(membership.c.invited_by).where(
        membership.c.person_id == row.author_person, membership.c.group_id == row.group_id
    )
    return bool((await work.conn.execute(query)).scalar_one_or_none() == work.staff_id)
