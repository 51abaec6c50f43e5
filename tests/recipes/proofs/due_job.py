"""Proof of the recipe of a due job: a proposal is refused when its time is over, and not before."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import insert, select

from scheduler.jobs.dispatch import due_once
from store.areas.models import sync_units
from store.broadcasts import service as broadcasts
from store.broadcasts.models import PROPOSED, REFUSED, broadcast
from store.db.engine import Store
from store.groups.models import village_group
from tests.flows.standings import NOW
from tests.support.content import library

CARD = "leave.two-numbers"
MINUTE = timedelta(minutes=1)


async def test_a_proposal_that_nobody_decided_on_is_refused(lent_store: Store) -> None:
    """A card is proposed, and a day goes by."""
    store = lent_store
    async with store.data.begin() as conn:
        await sync_units(conn, library().areas)
        group = insert(village_group).values(title="Tổ Na Sang", area="vn-11-03172", created_at=NOW)
        number = (await conn.execute(group.returning(village_group.c.id))).scalar_one()
        await broadcasts.approve_card(conn, NOW, store.keys.audit, library(), card=CARD, staff_id=None, drafts=True)
        await broadcasts.propose(
            conn, NOW, store.keys.audit, library(), card=CARD, group_id=number, author_person=uuid4(), drafts=True
        )
    over = NOW + broadcasts.WAITS
    for moment, state in ((over - MINUTE, PROPOSED), (over, REFUSED)):
        await due_once(store, library(), moment)
        async with store.data.connect() as conn:
            assert (await conn.execute(select(broadcast.c.state))).scalar_one() == state
