"""Messages of a broadcast into the ledger, on the hot path: thousands of people in one statement, in their order."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from store.messages.models import with_codes

IN_ORDER = "SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_sort', 'enable_bitmapscan']) AS name"
"""Said before a slice is read, so that it walks along the index from where the last one ended.

Left to itself PostgreSQL reads and sorts everybody who is still to come, for every slice: 200,000 people took 40 s.
"""
PEOPLE = with_codes("""
WITH slice AS MATERIALIZED (
  SELECT person_id FROM subscription
  WHERE group_id = $2 AND person_id > coalesce($5::uuid, '00000000-0000-0000-0000-000000000000')
  ORDER BY person_id LIMIT $7),
written AS (
  INSERT INTO ledger(cause_kind, cause, n, account, recipient, person_id, content, priority, not_before, not_after,
                     created_at, changed_at)
  SELECT {Cause.BROADCAST}, $1, $6 + row_number() OVER (ORDER BY person_id), p.account, {Recipient.PERSON},
         person_id, {Content.BROADCAST}, {BROADCAST}, $3, $4, $3, $3
  FROM slice JOIN person p ON p.id = person_id RETURNING 1)
SELECT (SELECT count(*) FROM written) AS planned,
       (SELECT person_id FROM slice ORDER BY person_id DESC LIMIT 1) AS last""")

CHATS = with_codes("""
INSERT INTO ledger(cause_kind, cause, n, account, recipient, chat_id, content, priority, not_before, not_after,
                   created_at, changed_at)
SELECT {Cause.BROADCAST}, $1, -row_number() OVER (ORDER BY id), account, {Recipient.GROUP}, id, {Content.BROADCAST},
       {BROADCAST}, $3, $4, $3, $3
FROM group_chat WHERE group_id = $2 AND active""")


class ForGroup(msgspec.Struct, frozen=True):
    """A broadcast to a group: its messages may leave from `now` on, until `not_after`; times are aware, UTC."""

    broadcast_id: int
    group_id: int
    now: datetime
    not_after: datetime


class PlannedSlice(msgspec.Struct, frozen=True):
    """How many people were planned, and the last of them; None when nobody was left."""

    planned: int
    last: UUID | None


async def plan_people(
    pg: asyncpg.Connection, to: ForGroup, after: UUID | None, planned: int, most: int
) -> PlannedSlice:
    """Plan at most so many people who come after the last one; their messages are numbered on from `planned`."""
    await pg.execute(IN_ORDER)
    row = await pg.fetchrow(PEOPLE, *msgspec.structs.astuple(to), after, planned, most)
    return PlannedSlice(**row)


async def plan_chats(pg: asyncpg.Connection, to: ForGroup) -> None:
    """Plan the group's own chats; their messages are numbered downwards from nought."""
    await pg.execute(CHATS, *msgspec.structs.astuple(to))
