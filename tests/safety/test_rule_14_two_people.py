"""Safety rule 14: a broadcast needs two people, bound to exactly what the second one saw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import insert, select, update

from bot.cli.demo_data import GROUP
from store.broadcasts import decisions, overview
from store.broadcasts.approvals import approved
from store.broadcasts.models import broadcast_text, texts
from store.broadcasts.proposals import ProposedCard, propose
from store.errors import Refused, Sealed
from store.groups.models import membership, village_group
from store.people.models import person
from store.staff.models import staff
from store.unit_of_work import MEMBER
from tests.integration.broadcasts.test_broadcast import at_day, codes, decide, listen, waiting, working
from tests.support.system import System


async def proposed(system: System, author: str) -> overview.Proposal:
    """Let a member of staff propose the first approved card."""
    library = system.runtime.library
    async with working(system, author) as work:
        group = select(village_group.c.id).where(village_group.c.title == GROUP)
        number = (await work.conn.execute(group)).scalar_one()
        card = (await approved(work.conn, library))[0]
        await propose(work, library, ProposedCard(card, number))
    return await waiting(system)


async def test_the_author_cannot_approve_her_own(system: System) -> None:
    """The province proposes and wants to approve: refused, and nothing is planned."""
    one = await proposed(system, "duyettin")
    with pytest.raises(Refused, match="second person"):
        await decide(system, "duyettin", one)
    assert (await waiting(system)).state == "proposed"


async def test_who_invited_the_author_cannot_approve_for_her(system: System) -> None:
    """A member bound by the approver's own code is no second person."""
    await system.talk("telegram", "to", "xin chào")
    library = system.runtime.library
    async with working(system, "duyettin") as work:
        group = (await work.conn.execute(select(village_group.c.id))).scalars().first()
        who = (await work.conn.execute(select(person.c.id))).scalar_one()
        values = {"person_id": who, "group_id": group, "invited_by": work.staff_id, "bound_at": work.now}
        await work.conn.execute(insert(membership).values(values))
        card = (await approved(work.conn, library))[0]
        await propose(work.acting_as(MEMBER), library, ProposedCard(card, group, who))
    with pytest.raises(Refused, match="second person"):
        await decide(system, "duyettin", await waiting(system))


CHANGES: dict[str, Callable[[overview.Proposal], overview.Proposal]] = {
    "another digest": lambda one: msgspec.structs.replace(one, digest=bytes(32)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_an_approval_holds_for_what_was_shown(
    system: System, change: Callable[[overview.Proposal], overview.Proposal]
) -> None:
    """What is not exactly the proposal on her screen cannot be approved."""
    one = await proposed(system, "nasang")
    with pytest.raises(Refused, match="not what was shown"):
        await decide(system, "duyettin", change(one))


async def test_a_proposal_older_than_a_day_is_proposed_again(system: System) -> None:
    """A day later nobody knows any more what was meant."""
    one = await proposed(system, "nasang")
    await system.advance(timedelta(hours=25).total_seconds())
    with pytest.raises(Refused, match="older than a day"):
        await decide(system, "duyettin", one)


async def test_words_changed_after_the_approval_never_leave(system: System) -> None:
    """Somebody rewrites the stored text: the digest no longer fits and nothing is sent."""
    one = await proposed(system, "nasang")
    async with system.store.data.begin() as conn:
        await conn.execute(update(broadcast_text).values(shown=b"\x82\xa4text\xa1x"))
    async with system.store.data.connect() as conn:
        with pytest.raises(Sealed):
            await texts(conn, one.id)
    with pytest.raises(Refused, match="were changed"):
        await decide(system, "duyettin", one)


async def test_a_second_person_of_another_province_cannot_approve(system: System) -> None:
    """The scope of who decides covers the group."""
    one = await proposed(system, "nasang")
    async with system.store.data.begin() as conn:
        await conn.execute(update(staff).where(staff.c.login == "duyettin").values(scope="vn-33"))
    with pytest.raises(Refused, match="outside"):
        await decide(system, "duyettin", one)


async def test_changed_words_hold_up_nobody_else(system: System) -> None:
    """Rows of a tampered broadcast are withheld; a cry beside them is answered as ever."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    await listen(system, "telegram", "lan", made["audience"])
    one = await proposed(system, "nasang")
    async with working(system, "duyettin") as work:
        library = system.runtime.library
        await decisions.decide(work, library, decisions.Decision(one.id, one.digest, "yes"))
        await work.conn.execute(update(broadcast_text).values(shown=b"\x81\xa4text\xa1x"))
    await system.application.ticks.now("broadcasts")
    await system.quiet()
    assert await system.count("SELECT count(*) FROM ledger WHERE cause_kind = 4 AND status = 6") == 1
    assert len(await system.talk("telegram", "mai", "cuu em voi")) >= 2
