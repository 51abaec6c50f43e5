"""Counts for monitoring: small read-only queries on partial indexes, each number about many people.

Nothing here names a person, a case, a message or a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from store.messages.lanes import LANE_LOCK
from store.messages.models import with_codes

PROBE = "SELECT current_setting('transaction_read_only') FROM pg_logical_emit_message(true, 'vitals', '')"
"""A write that leaves no row: one record in the write-ahead log, on the disk before it returns."""

_WAITING = with_codes("""
SELECT (SELECT min(received_at) FROM inbox WHERE state = {InboxState.PENDING}) AS inbox_oldest,
       (SELECT min(not_before) FROM ledger
        WHERE account = ANY($1::smallint[]) AND status IN ({Status.READY}, {Status.DEFERRED})
        AND priority <= {REPLY} AND not_before <= $2) AS out_oldest,
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid::int = $3 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS lanes_held""")

_COUNTED = with_codes("""
SELECT (SELECT count(*) FROM inbox WHERE state = {InboxState.QUARANTINED}) AS quarantined,
       (SELECT count(*) FROM inbox WHERE state = {InboxState.PENDING}) AS pending,
       (SELECT count(*) FROM case_file WHERE closed_at IS NULL) AS cases_open,
       (SELECT min(coalesce(waiting_since, opened_at)) FROM case_file
        WHERE closed_at IS NULL AND acked_at IS NULL) AS unacked_since""")

_LEDGER = with_codes("""
SELECT status, priority, count(*) AS rows FROM ledger
WHERE status IN ({Status.READY}, {Status.DEFERRED}) GROUP BY status, priority
UNION ALL
SELECT status, priority, count(*) AS rows FROM ledger WHERE status = {Status.SENDING} GROUP BY status, priority""")

_TOKENS = """
SELECT name, rotated_at, access_expires_at FROM channel_token WHERE name = ANY($1::text[])"""


class Backlog(msgspec.Struct, frozen=True):
    """What waits now: since when (aware, or None), and how many lanes somebody holds."""

    inbox_oldest: datetime | None
    out_oldest: datetime | None
    lanes_held: int


class StatusCounts(msgspec.Struct, frozen=True):
    """What is counted in the data; `ledger` holds (status, priority, rows) of everything unfinished."""

    quarantined: int
    pending: int
    cases_open: int
    unacked_since: datetime | None
    ledger: tuple[tuple[int, int, int], ...]


class TokenLife(msgspec.Struct, frozen=True):
    """The access token of one account: when it was given and when it ends."""

    name: str
    since: datetime
    until: datetime


class ReadOnly(Exception):
    """The database takes no writes."""


async def prove_writable(pg: asyncpg.Connection) -> None:
    """Write and flush. Raises ReadOnly, or what the driver raises."""
    if await pg.fetchval(PROBE) == "on":
        raise ReadOnly


async def waiting(pg: asyncpg.Connection, accounts: Sequence[int], now: datetime) -> Backlog:
    """Look for the oldest message in, the oldest help or reply due on `accounts`, and the lanes held."""
    return Backlog(*await pg.fetchrow(_WAITING, list(accounts), now, LANE_LOCK))


async def counted(pg: asyncpg.Connection) -> StatusCounts:
    """Count what is open or in quarantine."""
    quarantined, pending, cases_open, unacked_since = await pg.fetchrow(_COUNTED)
    ledger = tuple((status, priority, rows) for status, priority, rows in await pg.fetch(_LEDGER))
    return StatusCounts(quarantined, pending, cases_open, unacked_since, ledger)


async def tokens(keyring_pg: asyncpg.Connection, names: Sequence[str]) -> list[TokenLife]:
    """Read how long the access tokens of these accounts live; an account without one is not in the answer."""
    rows = await keyring_pg.fetch(_TOKENS, list(names))
    return [TokenLife(*row) for row in rows]
