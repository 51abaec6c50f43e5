"""The hot statements every message passes, as text on asyncpg: one round trip and one transaction each.

Everything else goes through SQLAlchemy. The compare-and-set inside (`state = 0`, `version =`, `status = 1`) is the
truth that makes a second owner harmless: `must` raises 40001, and the statement is as if never said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from store.messages.models import LedgerEntry

SETTLED_PLANS = """
SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
SET plan_cache_mode = force_generic_plan"""
"""Said on every connection that repeats these statements, so that each row is looked up by its key.

Left to itself PostgreSQL plans them over tables that are still empty and keeps that plan: it read the whole ledger for
every batch (a third of the rate gone after 35,000 messages), or made a new plan for every batch. `+ 0` below keeps it
from the small partial indexes, which it would read once for every row of a batch.
"""

INTAKE = """
INSERT INTO inbox(account, ext, lane, key_id, sealed, received_at)
SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::smallint[], $4::bytea[], $5::bytea[], $6::timestamptz[])
ON CONFLICT (account, ext) DO NOTHING RETURNING lane"""

PENDING = """
SELECT id, account, ext, lane, key_id, sealed, received_at FROM inbox
WHERE state = 0 AND lane = ANY($1) AND NOT ($3::int8multirange @> id) ORDER BY id LIMIT $2"""

PENDING_ROWS = """
SELECT id, account, ext, lane, key_id, sealed, received_at FROM inbox WHERE state = 0 AND id = ANY($1::bigint[])"""

STEPPED = """
WITH s AS (
  UPDATE session SET version = session.version + 1, state_ct = u.state, last_in_at = u.last_in,
         stopped = u.stopped, quiet_until = u.quiet
  FROM unnest($1::uuid[], $2::int[], $3::bytea[], $4::timestamptz[], $5::bool[], $6::timestamptz[])
    AS u(pid, ver, state, last_in, stopped, quiet)
  WHERE session.person_id = u.pid AND session.version = u.ver RETURNING 1),
d AS (UPDATE inbox SET state = 1, sealed = NULL WHERE id = ANY($7::bigint[]) AND state + 0 = 0 RETURNING 1),
l AS (
  INSERT INTO ledger(cause_kind, cause, n, account, recipient, person_id, content, priority, answers_at,
                     not_before, not_after, body_ct, created_at, changed_at)
  SELECT u.*, $20, $20 FROM unnest($8::smallint[], $9::bigint[], $10::smallint[], $11::smallint[], $12::smallint[],
    $13::uuid[], $14::smallint[], $15::smallint[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[],
    $19::bytea[]) AS u RETURNING 1)
SELECT must((SELECT count(*) FROM s) = cardinality($1) AND (SELECT count(*) FROM d) = cardinality($7)
            AND (SELECT count(*) FROM l) = cardinality($8))"""

MARK_AND_CLAIM = """
WITH m AS (
  UPDATE ledger l SET status = u.status, message_id = u.mid, reason = u.reason,
         not_before = coalesce(u.not_before, l.not_before), changed_at = $7,
         body_ct = CASE WHEN u.status IN (2, 5, 6) THEN NULL ELSE l.body_ct END
  FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[], $5::timestamptz[], $6::int[])
    AS u(id, status, mid, reason, not_before, epoch)
  WHERE l.id = u.id AND l.status + 0 = 1 AND l.epoch = u.epoch RETURNING l.id),
c AS (
  SELECT r.id, a.epoch FROM unnest($8::smallint[], $9::int[], $10::smallint[], $11::int[], $12::int[])
    AS a(account, most, priority, crowd, epoch),
  LATERAL (
    SELECT id FROM (
      SELECT id FROM ledger WHERE account = a.account AND status IN (0, 4) AND not_before <= $7
         AND priority <= a.priority ORDER BY priority, id LIMIT a.most FOR UPDATE SKIP LOCKED) first
    UNION ALL
    SELECT id FROM (
      SELECT id FROM ledger WHERE account = a.account AND status IN (0, 4) AND not_before <= $7
         AND priority = 3 ORDER BY id LIMIT a.crowd FOR UPDATE SKIP LOCKED) crowd
    LIMIT a.most) r
  WHERE NOT EXISTS (SELECT 1 FROM hold)),
k AS (
  UPDATE ledger l SET status = 1, epoch = c.epoch, tries = l.tries + 1, changed_at = $7 FROM c WHERE l.id = c.id
  RETURNING l.id, l.cause_kind, l.cause, l.n, l.account, l.recipient, l.person_id, l.chat_id, l.content, l.priority,
            l.answers_at, l.not_after, l.body_ct, l.tries, l.epoch)
SELECT k.*, coalesce(p.address_ct, g.address_ct) AS address_ct, p.reachable, s.last_in_at, s.stopped, s.quiet_until,
       care.*
FROM k LEFT JOIN person p ON p.id = k.person_id LEFT JOIN session s ON s.person_id = k.person_id
LEFT JOIN group_chat g ON g.id = k.chat_id
LEFT JOIN LATERAL (
  SELECT cp.hours, cp.state AS plan, b.state AS broadcast, b.digest,
         EXISTS (SELECT 1 FROM case_file c WHERE c.person_id = k.person_id AND c.closed_at IS NULL) AS case_open,
         (SELECT sub.lang FROM subscription sub WHERE sub.group_id = b.group_id AND sub.person_id = k.person_id) AS lang
  FROM (SELECT 1 WHERE k.content IN (3, 4, 5)) begun_by_us
  LEFT JOIN check_in_plan cp ON cp.person_id = k.person_id AND cp.state IN ('agreed', 'active', 'paused')
  LEFT JOIN broadcast b ON k.cause_kind = 4 AND b.id = k.cause) care ON true
ORDER BY k.priority, k.id"""

ABANDONED = """
UPDATE ledger l SET
  status = CASE WHEN l.priority <= 1 AND l.tries < 2 THEN 0 ELSE 3 END,
  reason = CASE WHEN l.priority <= 1 AND l.tries < 2 THEN 'resent after unknown' ELSE 'unknown' END,
  changed_at = $3
FROM unnest($1::smallint[], $2::int[]) AS a(account, epoch)
WHERE l.account = a.account AND l.status = 1 AND l.epoch < a.epoch AND NOT l.id = ANY($4::bigint[])
RETURNING l.id, l.status, l.priority"""

SET_BACK = """
UPDATE ledger SET not_before = not_before - $2::interval
WHERE account = ANY($1::smallint[]) AND status IN (0, 4) AND priority <= 1 AND reason IS DISTINCT FROM 'kept'"""


class DeliveryMark(msgspec.Struct):
    """What became of a claimed row."""

    id: int
    status: int
    epoch: int
    message_id: str | None = None
    reason: str | None = None
    not_before: datetime | None = None


class Claim(msgspec.Struct, frozen=True):
    """What an account could send now: at most `most` rows, of them `crowd` of broadcasts, others up to `priority`."""

    account: int
    most: int
    priority: int
    crowd: int
    epoch: int


class SessionRow(msgspec.Struct):
    """A session as it shall stand after this batch; `version` is the one it was read at."""

    person_id: Any
    version: int
    state_ct: bytes
    last_in_at: datetime | None
    stopped: bool
    quiet_until: datetime | None


async def commit_step(
    conn: asyncpg.Connection,
    now: datetime,
    sessions: Sequence[SessionRow],
    inbox_ids: Sequence[int],
    entries: Sequence[LedgerEntry],
) -> None:
    """Store the outcome of a batch: sessions, ledger, inbox. Raises SerializationError when anything had moved."""
    await conn.execute(
        STEPPED,
        [s.person_id for s in sessions],
        [s.version for s in sessions],
        [s.state_ct for s in sessions],
        [s.last_in_at for s in sessions],
        [s.stopped for s in sessions],
        [s.quiet_until for s in sessions],
        inbox_ids,
        *entry_columns(entries),
        now,
    )


def entry_columns(entries: Sequence[LedgerEntry]) -> tuple[list[Any], ...]:
    """Turn entries into the twelve arrays of the ledger's insert, in its order."""
    return (
        [e.cause_kind for e in entries],
        [e.cause for e in entries],
        [e.n for e in entries],
        [e.account for e in entries],
        [1] * len(entries),
        [e.person_id for e in entries],
        [e.content for e in entries],
        [e.priority for e in entries],
        [e.answers_at for e in entries],
        [e.not_before for e in entries],
        [e.not_after for e in entries],
        [e.body_ct for e in entries],
    )


async def mark_and_claim(
    conn: asyncpg.Connection,
    now: datetime,
    marks: Sequence[DeliveryMark],
    wants: Sequence[Claim],
) -> list[Any]:
    """Mark finished rows and claim new ones in one statement: broadcasts last, and no more of them than wanted.

    While the service is on hold nothing is claimed, whoever asks (safety rule 15).
    """
    rows: list[Any] = await conn.fetch(
        MARK_AND_CLAIM,
        [m.id for m in marks],
        [m.status for m in marks],
        [m.message_id for m in marks],
        [m.reason for m in marks],
        [m.not_before for m in marks],
        [m.epoch for m in marks],
        now,
        [w.account for w in wants],
        [w.most for w in wants],
        [w.priority for w in wants],
        [w.crowd for w in wants],
        [w.epoch for w in wants],
    )
    return rows
