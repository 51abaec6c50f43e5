"""Proof of the recipe of a due job: a proposal is refused when its time is over, and not before."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import insert, select

from scheduler.jobs.dispatch import due_once
from store.areas.models import sync_units
from store.broadcasts import service as broadcasts
from store.broadcasts.models import broadcast
from store.db.engine import Store
from store.groups.models import village_group
from tests.flows.standings import NOW
from tests.recipes.proofs.databases import prove
from tests.support.content import library

CARD = "leave.two-numbers"
MINUTE = timedelta(minutes=1)


async def proof(store: Store) -> str:
    """Propose a card, and let a day go by."""
    key = store.keys.audit
    async with store.data.begin() as conn:
        await sync_units(conn, library().areas)
        group = insert(village_group).values(title="Tổ Na Sang", area="vn-11-03172", created_at=NOW)
        number = (await conn.execute(group.returning(village_group.c.id))).scalar_one()
        await broadcasts.approve_card(conn, NOW, key, library(), card=CARD, staff_id=None, drafts=True)
        await broadcasts.propose(
            conn, NOW, key, library(), card=CARD, group_id=number, author_person=uuid4(), drafts=True
        )
    told = []
    for moment in (NOW + broadcasts.WAITS - MINUTE, NOW + broadcasts.WAITS):
        await due_once(store, library(), moment)
        async with store.data.connect() as conn:
            told.append((await conn.execute(select(broadcast.c.state))).scalar_one())
    return " then ".join(told)


prove(proof)
