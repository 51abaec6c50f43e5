"""Fan-out of a broadcast into the ledger, slice by slice: the cursor moves in the transaction that writes the slice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from store.broadcasts import review_gates
from store.broadcasts.models import DONE, PAUSED, SENDING, broadcast
from store.db.engine import Store
from store.messages.models import Cause, Status, ledger, with_codes

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


async def plan_slice(conn: AsyncConnection, now: datetime, broadcast_id: int, most: int = SLICE) -> int:
    """Plan the next people of a broadcast; returns how many, 0 when all are planned or another process is at it.

    Everybody who listens is planned, also who must stay apart: the gate leaves them out at sending, silently.
    """
    query = select(broadcast).where(broadcast.c.id == broadcast_id, broadcast.c.state == SENDING)
    row = (await conn.execute(query.with_for_update(skip_locked=True))).one_or_none()
    if row is None or row.planned_at is not None:
        return 0
    where = {"id": row.id, "group": row.group_id, "now": now, "until": row.not_after}
    if row.cursor is None:
        await conn.execute(_CHATS, where)
    await conn.execute(IN_ORDER)
    done = (await conn.execute(PEOPLE, {**where, "after": row.cursor, "most": most, "planned": row.planned})).one()
    moved = {"cursor": done.last or row.cursor, "planned": row.planned + done.planned}
    if done.planned < most:
        moved["planned_at"] = now
    await conn.execute(update(broadcast).where(broadcast.c.id == row.id).values(**moved))
    return int(done.planned)


async def fan_out_once(store: Store, now: datetime, library: Library, *, drafts: bool = False) -> int:
    """Plan every moving broadcast to its end, close those of which nothing is left; returns how many were planned.

    One whose card has an open gate by now is paused first; `drafts` says that this is a trial.
    """
    async with store.data.begin() as conn:
        await review_gates.pause_barred(conn, now, store.keys.audit, library, drafts=drafts)
    async with store.data.connect() as conn:
        moving = await conn.execute(
            select(broadcast.c.id, broadcast.c.planned_at).where(broadcast.c.state.in_((SENDING, PAUSED)))
        )
        found = moving.all()
    planned = 0
    for row in found:
        while row.planned_at is None:
            async with store.data.begin() as conn:
                one = await plan_slice(conn, now, row.id)
                if one:
                    await conn.exec_driver_sql("SELECT pg_notify('ledger', string_agg(id::text, ',')) FROM account")
            planned += one
            if one < SLICE:
                break
        if row.planned_at is not None:
            await _close(store, now, row.id)
    return planned


async def _close(store: Store, now: datetime, broadcast_id: int) -> None:
    """Mark a broadcast done when every message of it has an outcome."""
    async with store.data.begin() as conn:
        mine = ledger.c.cause_kind == Cause.BROADCAST, ledger.c.cause == broadcast_id
        left = select(ledger.c.id).where(*mine, ledger.c.status.in_(_UNFINISHED)).limit(1)
        if (await conn.execute(left)).first() is None:
            await conn.execute(
                update(broadcast)
                .where(broadcast.c.id == broadcast_id, broadcast.c.state == SENDING)
                .values(state=DONE, ended_at=now)
            )
            await conn.exec_driver_sql("SELECT pg_notify('case', 'broadcasts')")
