"""Fan-out of a broadcast into the ledger, slice by slice: the cursor moves in the transaction that writes the slice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text, update

from content.library import Library
from store.broadcasts import review_gates
from store.broadcasts.models import BROADCAST_COLUMNS, DONE, SENDING, BroadcastRow, broadcast
from store.broadcasts.steering import MOVING
from store.db.engine import Store
from store.db.notify import NotifyChannel
from store.messages.models import Cause, Status, ledger, with_codes
from store.people.models import account
from store.unit_of_work import SERVICE, UnitOfWork, unit_of_work

SLICE = 5_000
"""People planned in one transaction: some 100 ms, so that a stop or a reply never waits for it."""

IN_ORDER = text("SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_sort', 'enable_bitmapscan']) AS name")
"""Said before a slice is read, so that it walks along the index from where the last one ended.

Left to itself PostgreSQL reads and sorts everybody who is still to come, for every slice: 200,000 people took 40 s.
"""
PEOPLE = text(
    with_codes("""
WITH slice AS MATERIALIZED (
  SELECT person_id FROM subscription
  WHERE group_id = :group AND person_id > coalesce(CAST(:after AS uuid), '00000000-0000-0000-0000-000000000000')
  ORDER BY person_id LIMIT :most),
written AS (
  INSERT INTO ledger(cause_kind, cause, n, account, recipient, person_id, content, priority, not_before, not_after,
                     created_at, changed_at)
  SELECT {Cause.BROADCAST}, :id, :planned + row_number() OVER (ORDER BY person_id), p.account, {Recipient.PERSON},
         person_id, {Content.BROADCAST}, {BROADCAST}, :now, :until, :now, :now
  FROM slice JOIN person p ON p.id = person_id RETURNING 1)
SELECT (SELECT count(*) FROM written) AS planned,
       (SELECT person_id FROM slice ORDER BY person_id DESC LIMIT 1) AS last""")
)

_CHATS = text(
    with_codes("""
INSERT INTO ledger(cause_kind, cause, n, account, recipient, chat_id, content, priority, not_before, not_after,
                   created_at, changed_at)
SELECT {Cause.BROADCAST}, :id, -row_number() OVER (ORDER BY id), account, {Recipient.GROUP}, id, {Content.BROADCAST},
       {BROADCAST}, :now, :until, :now, :now
FROM group_chat WHERE group_id = :group AND active""")
)

_UNFINISHED = (Status.READY, Status.SENDING, Status.DEFERRED)


async def plan_slice(work: UnitOfWork, broadcast_id: int, most: int = SLICE) -> int:
    """Plan the next people of a broadcast; returns how many, 0 when all are planned or another process is at it.

    Everybody who listens is planned, also who must stay apart: the gate leaves them out at sending, silently.
    """
    query = select(*BROADCAST_COLUMNS).where(broadcast.c.id == broadcast_id, broadcast.c.state == SENDING)
    found = (await work.conn.execute(query.with_for_update(skip_locked=True))).one_or_none()
    row = None if found is None else BroadcastRow(*found)
    if row is None or row.planned_at is not None:
        return 0
    where = {"id": row.id, "group": row.group_id, "now": work.now, "until": row.not_after}
    if row.cursor is None:
        await work.conn.execute(_CHATS, where)
    await work.conn.execute(IN_ORDER)
    slice_ = await work.conn.execute(PEOPLE, {**where, "after": row.cursor, "most": most, "planned": row.planned})
    planned, last = slice_.one()
    moved = {"cursor": last or row.cursor, "planned": row.planned + planned}
    if planned < most:
        moved["planned_at"] = work.now
    await work.conn.execute(update(broadcast).where(broadcast.c.id == row.id).values(**moved))
    if planned:
        for number in (await work.conn.execute(select(account.c.id))).scalars():
            work.notify(NotifyChannel.LEDGER, number)
    return int(planned)


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
        work.notify(NotifyChannel.CASE, "broadcasts")
