"""Plan a broadcast into the ledger of a running service: `outbound_ours.py --settings FILE --messages N`.

Everything a sender will need is real: people with keys and sealed addresses, bodies sealed to person and row. The rows
appear in one transaction, and one NOTIFY tells the sender. The gate lets no broadcast through before consent exists,
so each row is an answer of broadcast priority: it is asked the same questions and passes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from peer_words import PAGES, STEPS

from bot.config.settings import Settings, read_settings
from flows.model.effects import BROADCAST
from flows.model.messages import Button, Shown
from store.crypto.keyring import Keyring, open_keys
from store.db.embedded import embedded
from store.db.engine import connect
from store.messages.hot_path.inbound import entry_columns, load_people
from store.messages.models import Cause, Content, LedgerEntry, seal_body
from store.people import models as people

FIRST_CHAT = 6_000_000
_AT_ONCE = 2_000
_PLAN = """
INSERT INTO ledger(cause_kind, cause, n, account, recipient, person_id, content, priority, answers_at,
                   not_before, not_after, body_ct, created_at, changed_at)
SELECT u.*, $13, $13 FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::smallint[],
  $6::uuid[], $7::smallint[], $8::smallint[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[],
  $12::bytea[]) AS u"""
_SHOWN = Shown(PAGES[0], tuple(Button(label, f"0:{n}") for n, label in enumerate(STEPS)))


async def plan(settings: Settings, messages: int) -> dict[str, Any]:
    """Add people, seal a message for each and put all of them into the ledger; returns how long it took."""
    keys = open_keys(settings.keys_dir, settings.data_dir)
    data_uri, ring_uri = embedded(settings.data_dir)
    data, keyring_conn = await connect(data_uri), await connect(ring_uri)
    account = await people.register_account(data, settings.accounts[0].name, settings.accounts[0].channel)
    ring, now = Keyring(keys), datetime.now(UTC)
    met = time.perf_counter()
    indexes = await meet(data, keyring_conn, ring, account, messages, now)
    begun = time.perf_counter()
    entries = await _letters(data, keyring_conn, ring, account, indexes, now)
    async with data.transaction():
        await data.execute(_PLAN, *entry_columns(entries), now)
        await data.execute("SELECT pg_notify('ledger', $1)", str(account))
    done = time.perf_counter()
    await data.close()
    await keyring_conn.close()
    return {"people_seconds": begun - met, "planning_seconds": done - begun}


async def meet(
    data: asyncpg.Connection, keyring_conn: asyncpg.Connection, ring: Keyring, account: int, count: int, now: datetime
) -> list[bytes]:
    """Add `count` strangers; returns their blind indexes."""
    addresses = [str(FIRST_CHAT + n) for n in range(count)]
    strangers = [(account, ring.keys.blind(str(account), address), address) for address in addresses]
    for start in range(0, count, _AT_ONCE):
        await people.add(data, keyring_conn, ring, strangers[start : start + _AT_ONCE], now)
    return [index for _, index, _ in strangers]


async def _letters(
    data: asyncpg.Connection,
    keyring_conn: asyncpg.Connection,
    ring: Keyring,
    account: int,
    indexes: list[bytes],
    now: datetime,
) -> list[LedgerEntry]:
    found: list[LedgerEntry] = []
    for start in range(0, len(indexes), _AT_ONCE):
        known = await load_people(data, indexes[start : start + _AT_ONCE])
        ids = [row.id for row in known.values()]
        keys = await ring.load(keyring_conn, ids)
        found += [_letter(keys[i], i, account, start + n, now) for n, i in enumerate(ids)]
    return found


def _letter(key: AESGCM, person: UUID, account: int, number: int, now: datetime) -> LedgerEntry:
    body = seal_body(key, person, Cause.BENCH, number, 0, _SHOWN)
    until = now + timedelta(minutes=14)
    return LedgerEntry(Cause.BENCH, number, 0, account, person, Content.REPLY, BROADCAST, now, now, until, body)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--messages", type=int, required=True)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(plan(read_settings(given.settings), given.messages))))
