"""Fan-out of a broadcast into the ledger, slice by slice: the cursor moves in the transaction that writes the slice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from content.library import Library
from store.broadcasts import review_gates
from store.broadcasts.models import BROADCAST_COLUMNS, DONE, SENDING, BroadcastRow, broadcast
from store.broadcasts.steering import MOVING
from store.db.engine import Store, driver_of
from store.db.notify import NotifyChannel
from store.groups import chats
from store.messages.hot_path.fanout import ForGroup, plan_chats, plan_people
from store.messages.models import Cause, Status, ledger
from store.people.models import account
from store.unit_of_work import SERVICE, UnitOfWork, unit_of_work

SLICE = 5_000
"""People planned in one transaction: some 100 ms, so that a stop or a reply never waits for it."""

_UNFINISHED = (Status.READY, Status.SENDING, Status.DEFERRED)


async def plan_slice(work: UnitOfWork, broadcast_id: int, most: int = SLICE) -> int:
    """Plan the next people of a broadcast; returns how many, 0 when all are planned or another process is at it.

    Everybody who listens is planned, also who must stay apart: the gate leaves them out at sending, silently.
    """
    row = await _locked(work, broadcast_id)
    if row is None or row.planned_at is not None or row.not_after is None:
        return 0
    pg, to = driver_of(work.conn), ForGroup(row.id, row.group_id, work.now, row.not_after)
    if row.cursor is None:
        await plan_chats(pg, to)
    slice_ = await plan_people(pg, to, row.cursor, row.planned, most)
    moved: dict[str, object] = {"cursor": slice_.last or row.cursor, "planned": row.planned + slice_.planned}
    if slice_.planned < most:
        moved["planned_at"] = work.now
    await work.conn.execute(update(broadcast).where(broadcast.c.id == row.id).values(moved))
    if slice_.planned:
        for number in (await work.conn.execute(select(account.c.id))).scalars():
            work.notify(NotifyChannel.LEDGER, number)
    return slice_.planned


async def _locked(work: UnitOfWork, broadcast_id: int) -> BroadcastRow | None:
    """A broadcast on its way, locked; None while another process is at it."""
    query = select(*BROADCAST_COLUMNS).where(broadcast.c.id == broadcast_id, broadcast.c.state == SENDING)
    found = (await work.conn.execute(query.with_for_update(skip_locked=True))).one_or_none()
    return None if found is None else BroadcastRow(*found)


async def fan_out_once(store: Store, now: datetime, library: Library, *, drafts: bool = False) -> int:
    """Plan every moving broadcast to its end, close those of which nothing is left; returns how many were planned.

    One whose card has an open gate by now is paused first; `drafts` says that this is a trial.
    """
    async with unit_of_work(store, now, SERVICE) as work:
        await review_gates.pause_barred(work, library, drafts=drafts)
        moving = select(broadcast.c.id, broadcast.c.planned_at).where(broadcast.c.state.in_(MOVING))
        found = (await work.conn.execute(moving)).all()
    planned = 0
    for broadcast_id, planned_at in found:
        if planned_at is None:
            planned += await _plan(store, now, broadcast_id)
        else:
            async with unit_of_work(store, now, SERVICE) as work:
                await _close(work, broadcast_id)
    return planned


async def _plan(store: Store, now: datetime, broadcast_id: int) -> int:
    """Plan a broadcast to its end, each slice in a transaction of its own; returns how many people."""
    planned = 0
    while True:
        async with unit_of_work(store, now, SERVICE) as work:
            one = await plan_slice(work, broadcast_id)
        planned += one
        if one < SLICE:
            return planned


async def _close(work: UnitOfWork, broadcast_id: int) -> None:
    """Mark a broadcast done when every message of it has an outcome."""
    mine = ledger.c.cause_kind == Cause.BROADCAST, ledger.c.cause == broadcast_id
    left = select(ledger.c.id).where(*mine, ledger.c.status.in_(_UNFINISHED)).limit(1)
    if (await work.conn.execute(left)).first() is None:
        still = broadcast.c.id == broadcast_id, broadcast.c.state == SENDING
        await work.conn.execute(update(broadcast).where(*still).values(state=DONE, ended_at=work.now))
        await chats.tell_of_refusals(work, broadcast_id)
        work.notify(NotifyChannel.CASE, "broadcasts")
