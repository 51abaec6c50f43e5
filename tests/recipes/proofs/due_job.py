"""Proof of the recipe of a due job: a proposal is refused when its time is over, and not before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select

from scheduler.jobs.dispatch import due_once
from store.areas.models import sync_units
from store.broadcasts import proposals
from store.broadcasts.approvals import approve_card
from store.broadcasts.models import PROPOSED, REFUSED, broadcast
from store.db.engine import Store
from store.groups.models import village_group
from store.staff.models import COMMUNE_STAFF, NewMember, create_staff
from store.unit_of_work import SERVICE, member_actor, unit_of_work
from tests.flows.standings import NOW
from tests.support.content import library
from tests.support.staff import PASSPHRASE

CARD = "leave.two-numbers"
MINUTE = timedelta(minutes=1)


async def test_a_proposal_that_nobody_decided_on_is_refused(lent_store: Store) -> None:
    """A card is proposed, and a day goes by."""
    store = lent_store
    async with unit_of_work(store, NOW, SERVICE) as work:
        await sync_units(work.conn, library().areas)
        group = insert(village_group).values(title="Tổ Na Sang", area="vn-11-03172", created_at=NOW)
        number = (await work.conn.execute(group.returning(village_group.c.id))).scalar_one()
        await approve_card(work, library(), CARD, drafts=True)
        author = await create_staff(work, NewMember("hoa", "Hoa", [COMMUNE_STAFF]), PASSPHRASE)
        proposed = proposals.ProposedCard(CARD, number)
        await proposals.propose(work.acting_as(member_actor(author)), library(), proposed, drafts=True)
    over = NOW + proposals.WAITS
    for moment, state in ((over - MINUTE, PROPOSED), (over, REFUSED)):
        await due_once(store, library(), moment)
        async with store.data.connect() as conn:
            assert (await conn.execute(select(broadcast.c.state))).scalar_one() == state
