"""A recall reaches every phone within a minute, without a restart, and stops the broadcasts that carry the card."""

from __future__ import annotations

from sqlalchemy import select

from store.broadcasts import card_recalls
from store.broadcasts.models import broadcast
from store.staff.models import staff
from tests.integration.broadcasts.test_broadcast import at_day, codes, decide, listen, propose, waiting
from tests.support.bridge import Bridge


async def recall(bridge: Bridge, card: str) -> None:
    """Let a reviewer at a console of another process recall a card: a row is all this house will see of it."""
    async with bridge.store.data.begin() as conn:
        reviewer = (await conn.execute(select(staff.c.id))).scalars().first()
        assert reviewer is not None
        now, key = bridge.house.clock.now(), bridge.store.house.audit
        await card_recalls.recall(conn, now, key, bridge.house.library, card=card, because="wrong", staff_id=reviewer)


async def test_a_recalled_card_leaves_the_phones_within_a_minute_and_its_broadcast_stops(bridge: Bridge) -> None:
    """She reads it; a minute after the recall a calm sentence is there instead; nothing more goes to the village."""
    await at_day(bridge)
    made = dict(await codes(bridge.store, bridge.house.clock.now()))
    await listen(bridge, "telegram", "mai", made["audience"])
    await propose(bridge, "telegram", "to", made["member"])
    one = await waiting(bridge)
    await decide(bridge, "duyettin", one)
    library = bridge.house.library
    words = library.say(one.card).text
    number = str(library.shelf("leaving").index(one.card) + 1)
    for text in ("xin chào", "2", "1"):
        await bridge.talk("zalo_oa", "lan", text)
    assert (await bridge.talk("zalo_oa", "lan", number))[-1]["text"].startswith(words)
    await recall(bridge, one.card)
    await bridge.advance(60)
    again = await bridge.talk("zalo_oa", "lan", "zzz")
    assert again[-1]["text"].startswith(library.say("recalled").text)
    listed = await bridge.talk("zalo_oa", "lan", "4")
    assert library.title(one.card) not in listed[-1]["text"]
    async with bridge.store.data.connect() as conn:
        state = (await conn.execute(select(broadcast.c.state).where(broadcast.c.id == one.id))).scalar_one()
    assert state == "stopped"
