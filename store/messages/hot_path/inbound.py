"""Messages in, on the hot path: stored, read as pending, stepped; and the people who wrote them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from store.messages.models import LedgerEntry, with_codes

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

PEOPLE = with_codes("""
SELECT p.id, p.bidx, p.account, p.address_ct, p.reachable, s.version, s.state_ct, s.last_in_at,
       c.id AS case_id, coalesce(c.number, '') AS case_number, coalesce(c.level, 0) AS case_level,
       c.acked_by IS NOT NULL AND EXISTS (SELECT 1 FROM case_line w WHERE w.case_id = c.id AND w.direction = 'out')
            AS human_here,
       c.acked_by IS NULL AND EXISTS (SELECT 1 FROM case_line w WHERE w.case_id = c.id AND w.direction = 'out')
            AS human_left, c.level_at AS case_since, c.told_at AS case_told_at,
       c.waiting_since IS NULL AND EXISTS (SELECT 1 FROM case_line w WHERE w.case_id = c.id AND w.direction = 'out')
            AS case_answered, cp.state AS plan,
       CASE WHEN k.state IN ('asked', 'opened', 'handed') THEN cp.code_tag END AS code_tag,
       k.state = 'asked' AND EXISTS (
         SELECT 1 FROM ledger l WHERE l.cause_kind = {Cause.CHECK_IN} AND l.cause = k.id
         AND l.status IN ({Status.SENDING}, {Status.SENT}, {Status.UNKNOWN})) AS greeted,
       v.group_id, coalesce(v.title, '') AS title, coalesce(v.member, false) AS member, sp.lang AS speaks,
       coalesce(CASE WHEN v.member THEN (SELECT count(*) FROM subscription a WHERE a.group_id = v.group_id) END, 0)
            AS audience,
       CASE WHEN v.member THEN ARRAY(SELECT ROW(b.id, b.card, b.state, b.proposed_at) FROM broadcast b
            WHERE b.author_person = p.id ORDER BY b.id DESC LIMIT 3) END AS proposals, p.left_by,
       c.id IS NOT NULL AND EXISTS (
         SELECT 1 FROM ledger l WHERE l.account = p.account AND l.priority = {HELP} AND l.person_id = p.id
         AND l.status = {Status.DEFERRED} AND l.reason = 'kept') AS answer_kept,
       r.id AS referral, coalesce(r.service, '') AS asked_of, coalesce(r.yes, '') AS yes, coalesce(r.no, '') AS no,
       coalesce(r.state, '') AS referral_state, r.asked_at
FROM person p JOIN session s ON s.person_id = p.id
LEFT JOIN case_file c ON c.person_id = p.id AND c.closed_at IS NULL
LEFT JOIN check_in_plan cp ON p.tied AND cp.person_id = p.id AND cp.state IN ('agreed', 'active', 'paused')
LEFT JOIN LATERAL (
  SELECT ci.id, ci.state FROM check_in ci WHERE ci.plan_id = cp.id AND ci.asked_at IS NOT NULL
  ORDER BY ci.step DESC LIMIT 1) k ON true
LEFT JOIN speaker sp ON p.tied AND sp.person_id = p.id
LEFT JOIN LATERAL (
  SELECT g.id AS group_id, g.title, u.member FROM (
    SELECT m.group_id, true AS member FROM membership m WHERE m.person_id = p.id
    UNION ALL SELECT s2.group_id, false FROM subscription s2 WHERE s2.person_id = p.id) u
  JOIN village_group g ON g.id = u.group_id WHERE p.tied ORDER BY u.member DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (
  SELECT f.id, f.service, f.yes, f.no, f.state, (
    SELECT max(l.changed_at) FROM case_line o JOIN ledger l ON l.cause_kind = {Cause.CASE} AND l.cause = o.id
    WHERE f.state = 'asked' AND o.case_id = c.id AND o.direction = 'out' AND o.cause = replace(f.key::text, '-', '')
    AND NOT EXISTS (SELECT 1 FROM case_line n WHERE n.case_id = c.id AND n.direction = 'out' AND n.id > o.id)
    AND NOT EXISTS (SELECT 1 FROM referral a WHERE a.case_id = c.id AND a.state = 'asked' AND a.id <> f.id)
    HAVING bool_and(l.status = {Status.SENT})) AS asked_at
  FROM referral f WHERE f.case_id = c.id AND f.yes <> '' AND NOT 'duress' = ANY(c.flags)
  ORDER BY f.id DESC LIMIT 1) r ON c.id IS NOT NULL
WHERE p.bidx = ANY($1)""")

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


class PendingMessage(msgspec.Struct, frozen=True):
    """A message in that nobody has answered yet: a row of the inbox, sealed with the key of its hour."""

    id: int
    account: int
    ext: bytes
    lane: int
    key_id: bytes
    sealed: bytes
    received_at: datetime


class PersonRow(msgspec.Struct, frozen=True):
    """A person with her session, sealed, and what the store knows of her: her open case, check-ins, group, language."""

    id: UUID
    bidx: bytes
    account: int
    address_ct: bytes
    reachable: bool
    version: int
    state_ct: bytes | None
    last_in_at: datetime | None
    case_id: UUID | None
    case_number: str
    case_level: int
    human_here: bool
    human_left: bool
    case_since: datetime | None
    case_told_at: datetime | None
    case_answered: bool
    plan: str | None
    code_tag: bytes | None
    greeted: bool | None
    group_id: int | None
    title: str
    member: bool
    speaks: str | None
    audience: int
    proposals: list[tuple[int, str, str, datetime]] | None
    left_by: str
    answer_kept: bool
    referral: int | None
    asked_of: str
    yes: str
    no: str
    referral_state: str
    asked_at: datetime | None


class SessionRow(msgspec.Struct):
    """A session as it shall stand after this batch; `version` is the one it was read at."""

    person_id: UUID
    version: int
    state_ct: bytes
    last_in_at: datetime | None
    stopped: bool
    quiet_until: datetime | None


async def pending(
    pg: asyncpg.Connection, lanes: Collection[int], most: int, left_out: Sequence[asyncpg.Range]
) -> list[PendingMessage]:
    """Read the oldest messages that wait in lanes, but those whose ids are left out."""
    return [PendingMessage(*row) for row in await pg.fetch(PENDING, list(lanes), most, left_out)]


async def still_pending(pg: asyncpg.Connection, ids: Sequence[int]) -> list[PendingMessage]:
    """Read those of some messages that still wait, in order."""
    return [PendingMessage(*row) for row in await pg.fetch(PENDING_ROWS, ids)]


async def load_people(pg: asyncpg.Connection, indexes: Sequence[bytes]) -> dict[bytes, PersonRow]:
    """Load people with session and open case, by blind index."""
    people = [PersonRow(*row) for row in await pg.fetch(PEOPLE, indexes)]
    return {person.bidx: person for person in people}


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


def entry_columns(entries: Sequence[LedgerEntry]) -> tuple[list[object], ...]:
    """Turn entries into the twelve arrays of the ledger's insert, in its order."""
    return (
        [e.cause_kind for e in entries],
        [e.cause for e in entries],
        [e.n for e in entries],
        [e.account for e in entries],
        [e.recipient for e in entries],
        [e.person_id for e in entries],
        [e.content for e in entries],
        [e.priority for e in entries],
        [e.answers_at for e in entries],
        [e.not_before for e in entries],
        [e.not_after for e in entries],
        [e.body_ct for e in entries],
    )
