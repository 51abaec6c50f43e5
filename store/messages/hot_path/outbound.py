"""Messages out, on the hot path: claimed, marked, found again after the death of whoever had claimed them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from store.messages.models import with_codes

MARK_AND_CLAIM = with_codes("""
WITH m AS (
  UPDATE ledger l SET status = u.status, message_id = u.mid, reason = u.reason,
         not_before = coalesce(u.not_before, l.not_before), changed_at = $7,
         body_ct = CASE WHEN u.status IN ({Status.SENT}, {Status.DEAD}, {Status.WITHHELD}) THEN NULL ELSE l.body_ct END
  FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[], $5::timestamptz[], $6::int[])
    AS u(id, status, mid, reason, not_before, epoch)
  WHERE l.id = u.id AND l.status + 0 = {Status.SENDING} AND l.epoch = u.epoch RETURNING l.id),
c AS (
  SELECT r.id, a.epoch FROM unnest($8::smallint[], $9::int[], $10::smallint[], $11::int[], $12::int[])
    AS a(account, most, priority, crowd, epoch),
  LATERAL (
    SELECT id FROM (
      SELECT id FROM ledger WHERE account = a.account AND status IN ({Status.READY}, {Status.DEFERRED})
      AND not_before <= $7 AND priority <= a.priority ORDER BY priority, id LIMIT a.most FOR UPDATE SKIP LOCKED) first
    UNION ALL
    SELECT id FROM (
      SELECT id FROM ledger WHERE account = a.account AND status IN ({Status.READY}, {Status.DEFERRED})
      AND not_before <= $7 AND priority = {BROADCAST} ORDER BY id LIMIT a.crowd FOR UPDATE SKIP LOCKED) crowd
    LIMIT a.most) r
  WHERE NOT EXISTS (SELECT 1 FROM hold)),
k AS (
  UPDATE ledger l SET status = {Status.SENDING}, epoch = c.epoch, tries = l.tries + 1, changed_at = $7
  FROM c WHERE l.id = c.id
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
  FROM (SELECT 1 WHERE k.content IN ({Content.KNOCK}, {Content.CHECK_IN}, {Content.BROADCAST})) begun_by_us
  LEFT JOIN check_in_plan cp ON cp.person_id = k.person_id AND cp.state IN ('agreed', 'active', 'paused')
  LEFT JOIN broadcast b ON k.cause_kind = {Cause.BROADCAST} AND b.id = k.cause) care ON true
ORDER BY k.priority, k.id""")

ABANDONED = with_codes("""
UPDATE ledger l SET
  status = CASE WHEN l.priority <= {REPLY} AND l.tries < 2 THEN {Status.READY} ELSE {Status.UNKNOWN} END,
  reason = CASE WHEN l.priority <= {REPLY} AND l.tries < 2 THEN 'resent after unknown' ELSE 'unknown' END,
  changed_at = $3
FROM unnest($1::smallint[], $2::int[]) AS a(account, epoch)
WHERE l.account = a.account AND l.status = {Status.SENDING} AND l.epoch < a.epoch AND NOT l.id = ANY($4::bigint[])
RETURNING l.status, l.priority""")

SET_BACK = with_codes("""
UPDATE ledger SET not_before = not_before - $2::interval
WHERE account = ANY($1::smallint[]) AND status IN ({Status.READY}, {Status.DEFERRED}) AND priority <= {REPLY}
AND reason IS DISTINCT FROM 'kept'""")


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


class ClaimedMessage(msgspec.Struct, frozen=True):
    """A row of the ledger that is this sender's to send, with what the gate asks of its receiver.

    From `hours` on it is what only a message begun by us is asked about; every other has None there.
    """

    id: int
    cause_kind: int
    cause: int
    n: int
    account: int
    recipient: int
    person_id: UUID | None
    chat_id: int | None
    content: int
    priority: int
    answers_at: datetime | None
    not_after: datetime
    body_ct: bytes | None
    tries: int
    epoch: int
    address_ct: bytes | None
    reachable: bool | None
    last_in_at: datetime | None
    stopped: bool | None
    quiet_until: datetime | None
    hours: Sequence[int] | None
    plan: str | None
    broadcast: str | None
    digest: bytes | None
    case_open: bool | None
    lang: str | None


class AbandonedMessage(msgspec.Struct, frozen=True):
    """What became of a row that a dead sender had claimed."""

    status: int
    priority: int


async def mark_and_claim(
    pg: asyncpg.Connection,
    now: datetime,
    marks: Sequence[DeliveryMark],
    wants: Sequence[Claim],
) -> list[ClaimedMessage]:
    """Mark finished rows and claim new ones in one statement: broadcasts last, and no more of them than wanted.

    While the service is on hold nothing is claimed, whoever asks (safety rule 15).
    """
    rows = await pg.fetch(
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
    return [ClaimedMessage(*row) for row in rows]


async def recover_abandoned(
    pg: asyncpg.Connection, now: datetime, owned: Mapping[int, int], unmarked: Collection[int]
) -> list[AbandonedMessage]:
    """Free what dead owners of these accounts (number: epoch now) had claimed, and we on a connection that broke.

    What is `unmarked` is in the hands of this process.
    """
    epochs = [epoch + 1 for epoch in owned.values()]
    rows = await pg.fetch(ABANDONED, list(owned), epochs, now, list(unmarked))
    return [AbandonedMessage(*row) for row in rows]


async def set_back(pg: asyncpg.Connection, accounts: Collection[int], back: timedelta) -> None:
    """Bring help and replies that wait back with a clock that was set back by so much."""
    await pg.execute(SET_BACK, list(accounts), back)
