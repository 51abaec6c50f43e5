"""Let a whole province listen, then approve a broadcast to it: `fanout_ours.py --settings FILE --messages N`.

Everything is made as the service makes it: people with keys and sealed addresses, a group, a card, two persons. It says
when everybody listens, waits for a line on stdin, approves, and says how long planning the last of them took.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from outbound_ours import meet
from sqlalchemy import insert, literal, select

from bot.cli.demo_data import seed
from bot.config.settings import Settings, read_settings
from content.library import Library
from content.loader import load
from store.broadcasts import approvals, decisions, overview
from store.broadcasts.models import broadcast
from store.broadcasts.proposals import ProposedCard, propose
from store.crypto.keyring import open_keys
from store.db.embedded import embedded
from store.db.engine import Store, open_store, raw
from store.groups.models import subscription, village_group
from store.people import models as people
from store.people.models import person
from store.staff.models import staff
from store.unit_of_work import member_actor, unit_of_work

_PATIENCE = 120.0


async def listen(store: Store, settings: Settings, count: int) -> None:
    """Let `count` strangers listen to the group of the demo."""
    now = datetime.now(UTC)
    async with raw(store.data) as data, raw(store.keyring) as ring:
        account = await people.register_account(data, settings.accounts[0].name, settings.accounts[0].channel)
        await meet(data, ring, store.ring, account, count, now)
    async with store.data.begin() as conn:
        group = (await conn.execute(select(village_group.c.id))).scalars().first()
        everybody = select(literal(group), person.c.id, literal("vi"), literal(now))
        await conn.execute(insert(subscription).from_select(["group_id", "person_id", "lang", "since"], everybody))


async def approve(store: Store, library: Library) -> int:
    """Propose a card as one person and approve it as another; returns the broadcast."""
    now = datetime.now(UTC)
    async with store.data.connect() as conn:
        card = (await approvals.approved(conn, library))[0]
        group = (await conn.execute(select(village_group.c.id))).scalars().one()
        author, chief = [
            (await conn.execute(select(staff.c.id).where(staff.c.login == login))).scalar_one()
            for login in ("nasang", "duyettin")
        ]
    async with unit_of_work(store, now, member_actor(author)) as work:
        made = await propose(work, library, ProposedCard(card, group), drafts=True)
        shown = (await overview.proposals(work.conn, made, scope="vn"))[0]
    async with unit_of_work(store, now, member_actor(chief)) as work:
        await decisions.decide(work, library, decisions.Decision(made, shown.digest, "yes"), drafts=True)
    return made


async def planned(store: Store, made: int, begun: float) -> dict[str, Any]:
    """Wait until the service has planned everybody; how many, and how many seconds after the approval."""
    query = select(broadcast.c.planned, broadcast.c.planned_at).where(broadcast.c.id == made)
    while True:
        async with store.data.connect() as conn:
            row = (await conn.execute(query)).one()
        took = time.perf_counter() - begun
        if row.planned_at is not None or took > _PATIENCE:
            return {"planned": row.planned, "planning_seconds": took}
        await asyncio.sleep(0.05)


async def main(settings: Settings, count: int) -> None:
    """Say `ready`, wait for a line, approve, print the figures."""
    store, library = open_store(*embedded(settings.data_dir), open_keys(settings.keys_dir, settings.data_dir)), load()
    await seed(store, datetime.now(UTC), library)
    await listen(store, settings, count)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    begun = time.perf_counter()
    print(json.dumps(await planned(store, await approve(store, library), begun)), flush=True)
    await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--messages", type=int, required=True)
    given = parser.parse_args()
    asyncio.run(main(read_settings(given.settings), given.messages))
