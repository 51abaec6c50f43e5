"""A recall reaches every phone within a minute, without a restart, and stops the broadcasts that carry the card."""

from __future__ import annotations

from sqlalchemy import select

from store.broadcasts import card_recalls
from store.broadcasts.models import broadcast
from tests.integration.broadcasts.test_broadcast import at_day, codes, decide, listen, propose, waiting, working
from tests.support.content import changed
from tests.support.system import System


async def recall(system: System, card: str) -> None:
    """Let a reviewer at a console of another process recall a card: a row is all this service will see of it."""
    library = changed(system.runtime.library)
    async with working(system, "bientap") as work:
        await card_recalls.recall(work, library, card, "wrong")


async def test_a_recalled_card_leaves_the_phones_within_a_minute_and_its_broadcast_stops(system: System) -> None:
    """She reads it; a minute after the recall a calm sentence is there instead; nothing more goes to the listeners."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    await listen(system, "telegram", "mai", made["audience"])
    await propose(system, "telegram", "to", made["member"])
    one = await waiting(system)
    await decide(system, "duyettin", one)
    library = system.runtime.library
    words = library.say(one.card).text
    number = str(library.shelf("leaving").index(one.card) + 1)
    for text in ("xin chào", "4", "4", "1"):
        await system.talk("zalo_oa", "lan", text)
    assert (await system.talk("zalo_oa", "lan", number))[-1]["text"].startswith(words)
    await recall(system, one.card)
    await system.advance(60)
    again = await system.talk("zalo_oa", "lan", "zzz")
    assert again[-1]["text"].startswith(library.say("recalled").text)
    listed = await system.talk("zalo_oa", "lan", "4")
    assert library.title(one.card) not in listed[-1]["text"]
    async with system.store.data.connect() as conn:
        state = (await conn.execute(select(broadcast.c.state).where(broadcast.c.id == one.id))).scalar_one()
    assert state == "stopped"
