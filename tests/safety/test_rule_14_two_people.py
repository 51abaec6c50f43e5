"""Safety rule 14: a broadcast needs two people, bound to exactly what the second one saw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import insert, select, update

from bot.cli.demo_data import GROUP
from store.broadcasts import service as broadcasts
from store.broadcasts.models import broadcast_text
from store.errors import Refused, Sealed
from store.groups.models import membership, village_group
from store.people.models import person
from store.staff.models import staff
from tests.integration.broadcasts.test_broadcast import decide, member_id, waiting
from tests.support.bridge import Bridge


async def proposed(bridge: Bridge, author: str) -> broadcasts.Proposal:
    """Let a member of staff propose the first approved card."""
    library = bridge.house.library
    async with bridge.store.data.begin() as conn:
        group = (await conn.execute(select(village_group.c.id).where(village_group.c.title == GROUP))).scalar_one()
        card = (await broadcasts.approved(conn, library))[0]
        now = bridge.house.clock.now()
        await broadcasts.propose(
            conn, now, bridge.store.house.audit, library, card=card, group_id=group,
            author_staff=await member_id(bridge, author),
        )  # fmt: skip
    return await waiting(bridge)


async def test_the_author_cannot_approve_her_own(bridge: Bridge) -> None:
    """The province proposes and wants to approve: refused, and nothing is planned."""
    one = await proposed(bridge, "duyettin")
    with pytest.raises(Refused, match="second person"):
        await decide(bridge, "duyettin", one)
    assert (await waiting(bridge)).state == "proposed"


async def test_who_invited_the_author_cannot_approve_for_her(bridge: Bridge) -> None:
    """A member bound by the approver's own code is no second person."""
    await bridge.talk("telegram", "to", "xin chào")
    chief = await member_id(bridge, "duyettin")
    now = bridge.house.clock.now()
    async with bridge.store.data.begin() as conn:
        group = (await conn.execute(select(village_group.c.id))).scalars().first()
        who = (await conn.execute(select(person.c.id))).scalar_one()
        values = {"person_id": who, "group_id": group, "invited_by": chief, "bound_at": now}
        await conn.execute(insert(membership).values(values))
        card = (await broadcasts.approved(conn, bridge.house.library))[0]
        await broadcasts.propose_as_member(
            conn, now, bridge.store.house.audit, bridge.house.library, card=card, group_id=group, person_id=who
        )
    with pytest.raises(Refused, match="second person"):
        await decide(bridge, "duyettin", await waiting(bridge))


CHANGES: dict[str, Callable[[broadcasts.Proposal], broadcasts.Proposal]] = {
    "another digest": lambda one: msgspec.structs.replace(one, digest=bytes(32)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_an_approval_holds_for_what_was_shown(
    bridge: Bridge, change: Callable[[broadcasts.Proposal], broadcasts.Proposal]
) -> None:
    """What is not exactly the proposal on her screen cannot be approved."""
    one = await proposed(bridge, "nasang")
    with pytest.raises(Refused, match="not what was shown"):
        await decide(bridge, "duyettin", change(one))


async def test_a_proposal_older_than_a_day_is_proposed_again(bridge: Bridge) -> None:
    """A day later nobody knows any more what was meant."""
    one = await proposed(bridge, "nasang")
    await bridge.advance(timedelta(hours=25).total_seconds())
    with pytest.raises(Refused, match="older than a day"):
        await decide(bridge, "duyettin", one)


async def test_words_changed_after_the_approval_never_leave(bridge: Bridge) -> None:
    """Somebody rewrites the stored text: the digest no longer fits and nothing is sent."""
    one = await proposed(bridge, "nasang")
    async with bridge.store.data.begin() as conn:
        await conn.execute(update(broadcast_text).values(shown=b"\x82\xa4text\xa1x"))
    async with bridge.store.data.connect() as conn:
        from store.broadcasts.models import texts

        with pytest.raises(Sealed):
            await texts(conn, one.id)


async def test_a_second_person_of_another_province_cannot_approve(bridge: Bridge) -> None:
    """The scope of who decides covers the group."""
    one = await proposed(bridge, "nasang")
    async with bridge.store.data.begin() as conn:
        await conn.execute(update(staff).where(staff.c.login == "duyettin").values(scope="vn-33"))
    with pytest.raises(Refused, match="outside"):
        await decide(bridge, "duyettin", one)


async def test_changed_words_hold_up_nobody_else(bridge: Bridge) -> None:
    """Rows of a tampered broadcast are withheld; a cry beside them is answered as ever."""
    from tests.integration.broadcasts.test_broadcast import at_day, codes, listen

    await at_day(bridge)
    made = dict(await codes(bridge.store, bridge.house.clock.now()))
    await listen(bridge, "telegram", "lan", made["audience"])
    one = await proposed(bridge, "nasang")
    async with bridge.store.data.begin() as conn:
        await conn.execute(update(broadcast_text).values(shown=b"\x81\xa4text\xa1x"))
    await decide(bridge, "duyettin", one)
    await bridge.house.ticks.now("broadcasts")
    await bridge.quiet()
    assert await bridge.count("SELECT count(*) FROM ledger WHERE cause_kind = 4 AND status = 6") == 1
    assert len(await bridge.talk("telegram", "mai", "cuu em voi")) >= 2
