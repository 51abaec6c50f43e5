"""Messages in, on the hot path: stored, read as pending, stepped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from store.messages.models import LedgerEntry, Recipient, with_codes

INTAKE = """
INSERT INTO inbox(account, ext, lane, key_id, sealed, received_at)
SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::smallint[], $4::bytea[], $5::bytea[], $6::timestamptz[])
ON CONFLICT (account, ext) DO NOTHING RETURNING lane"""

PENDING = with_codes("""
SELECT id, account, ext, lane, key_id, sealed, received_at FROM inbox
WHERE state = {InboxState.PENDING} AND lane = ANY($1) AND NOT ($3::int8multirange @> id) ORDER BY id LIMIT $2""")

PENDING_ROWS = with_codes("""
SELECT id, account, ext, lane, key_id, sealed, received_at FROM inbox
WHERE state = {InboxState.PENDING} AND id = ANY($1::bigint[]) ORDER BY id""")

STEPPED = with_codes("""
WITH s AS (
  UPDATE session SET version = session.version + 1, state_ct = u.state, last_in_at = u.last_in,
         stopped = u.stopped, quiet_until = u.quiet
  FROM unnest($1::uuid[], $2::int[], $3::bytea[], $4::timestamptz[], $5::bool[], $6::timestamptz[])
    AS u(pid, ver, state, last_in, stopped, quiet)
  WHERE session.person_id = u.pid AND session.version = u.ver RETURNING 1),
d AS (
  UPDATE inbox SET state = {InboxState.DONE}, sealed = NULL
  WHERE id = ANY($7::bigint[]) AND state + 0 = {InboxState.PENDING} RETURNING 1),
l AS (
  INSERT INTO ledger(cause_kind, cause, n, account, recipient, person_id, content, priority, answers_at,
                     not_before, not_after, body_ct, created_at, changed_at)
  SELECT u.*, $20, $20 FROM unnest($8::smallint[], $9::bigint[], $10::smallint[], $11::smallint[], $12::smallint[],
    $13::uuid[], $14::smallint[], $15::smallint[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[],
    $19::bytea[]) AS u RETURNING 1)
SELECT must((SELECT count(*) FROM s) = cardinality($1) AND (SELECT count(*) FROM d) = cardinality($7)
            AND (SELECT count(*) FROM l) = cardinality($8))""")


class SessionRow(msgspec.Struct):
    """A session as it shall stand after this batch; `version` is the one it was read at."""

    person_id: UUID
    version: int
    state_ct: bytes
    last_in_at: datetime | None
    stopped: bool
    quiet_until: datetime | None


async def commit_step(
    pg: asyncpg.Connection,
    now: datetime,
    sessions: Sequence[SessionRow],
    inbox_ids: Sequence[int],
    entries: Sequence[LedgerEntry],
) -> None:
    """Store the outcome of a batch: sessions, ledger, inbox. Raises SerializationError when anything had moved."""
    await pg.execute(
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
        [Recipient.PERSON] * len(entries),
        [e.person_id for e in entries],
        [e.content for e in entries],
        [e.priority for e in entries],
        [e.answers_at for e in entries],
        [e.not_before for e in entries],
        [e.not_after for e in entries],
        [e.body_ct for e in entries],
    )
