"""A broadcast from the poster's code to the phones: a member proposes, a second person approves, it can be stopped."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.cli.demo_data import codes
from scheduler.quiet_hours import ZONE, is_open
from store.broadcasts import service as broadcasts
from store.errors import Refused
from store.staff.models import staff
from tests.support.bridge import Bridge
from tests.support.stage import until


async def at_day(bridge: Bridge) -> None:
    """Move to nine in the morning in Viet Nam."""
    local = bridge.house.clock.now().astimezone(ZONE)
    await bridge.advance(((9 - local.hour) % 24) * 3600 - local.minute * 60 + (86_400 if local.hour == 9 else 0))


async def member_id(bridge: Bridge, login: str) -> UUID:
    """A staff member's id."""
    async with bridge.store.data.connect() as conn:
        found: UUID = (await conn.execute(select(staff.c.id).where(staff.c.login == login))).scalar_one()
        return found


async def listen(bridge: Bridge, channel: str, user: str, code: str) -> None:
    """Let somebody take the poster's code and say yes."""
    await bridge.talk(channel, user, code.lower())
    await bridge.talk(channel, user, "1")


async def propose(bridge: Bridge, channel: str, user: str, code: str) -> None:
    """Let somebody become a member and propose the first card."""
    for text in (code, "1", "6", "tin của thôn", "1", "1"):
        await bridge.talk(channel, user, text)


async def waiting(bridge: Bridge) -> broadcasts.Proposal:
    """The newest broadcast."""
    async with bridge.store.data.connect() as conn:
        return (await broadcasts.proposals(conn, scope="vn"))[0]


async def decide(bridge: Bridge, login: str, one: broadcasts.Proposal, *, yes: bool = True) -> None:
    """Let a member of staff decide on what was shown."""
    async with bridge.store.data.begin() as conn:
        await broadcasts.decide(
            conn, bridge.house.clock.now(), bridge.store.house.audit, bridge.house.library, broadcast_id=one.id,
            staff_id=await member_id(bridge, login), digest=one.digest, yes=yes,
        )  # fmt: skip


async def got(bridge: Bridge, channel: str, user: str, card: str) -> list[Any]:
    """How often a phone shows exactly the card."""
    text = bridge.house.library.say(card).text
    return [message for message in await bridge.inbox(channel, user) if message["text"] == text]


async def sent(bridge: Bridge, one: broadcasts.Proposal) -> broadcasts.Results:
    """Fan out and wait until everything has found its end."""
    await bridge.house.ticks.now("broadcasts")

    async def done() -> bool:
        async with bridge.store.data.connect() as conn:
            found = await broadcasts.results(conn, one.id)
        return found.planned > 0 and not found.waiting

    await until(done, 20)
    async with bridge.store.data.connect() as conn:
        return await broadcasts.results(conn, one.id)


async def test_a_card_goes_from_a_member_through_a_second_person_to_the_village(bridge: Bridge) -> None:
    """Listeners on every channel get exactly the approved words, once; the member and strangers get nothing."""
    await at_day(bridge)
    made = dict(await codes(bridge.store, bridge.house.clock.now()))
    for channel in ("telegram", "zalo_oa", "zalo_bot"):
        await listen(bridge, channel, "lan", made["audience"])
    await bridge.talk("telegram", "xa", "xin chào")
    await propose(bridge, "zalo_oa", "to", made["member"])
    one = await waiting(bridge)
    assert one.state == "proposed"
    await decide(bridge, "duyettin", one)
    results = await sent(bridge, one)
    assert (results.planned, results.sent, results.failed) == (3, 3, 0)
    for channel in ("telegram", "zalo_oa", "zalo_bot"):
        assert len(await got(bridge, channel, "lan", one.card)) == 1
    assert await got(bridge, "telegram", "xa", one.card) == []
    await bridge.house.ticks.now("broadcasts")
    assert (await waiting(bridge)).state == "done"


async def test_at_night_it_waits_for_the_morning(bridge: Bridge) -> None:
    """What is approved in the evening leaves after seven."""
    await at_day(bridge)
    made = dict(await codes(bridge.store, bridge.house.clock.now()))
    await listen(bridge, "telegram", "lan", made["audience"])
    await propose(bridge, "telegram", "to", made["member"])
    await bridge.advance(13 * 3600)
    one = await waiting(bridge)
    await decide(bridge, "duyettin", one)
    await bridge.house.ticks.now("broadcasts")
    await bridge.quiet()
    assert await got(bridge, "telegram", "lan", one.card) == []
    await bridge.advance(9 * 3600 + 60)

    async def arrived() -> bool:
        return len(await got(bridge, "telegram", "lan", one.card)) == 1

    await until(arrived, 10)
    delivered = bridge.world.log.select(0, kind="delivered", user="lan")[-1]
    from datetime import datetime

    from scheduler.quiet_hours import DAYTIME

    assert is_open(DAYTIME, datetime.fromisoformat(delivered["at"]))


async def test_a_stop_is_heard_within_two_seconds_and_what_was_paused_goes_on(bridge: Bridge) -> None:
    """Paused, nothing leaves; resumed it leaves; stopped, the rest never does."""
    await at_day(bridge)
    made = dict(await codes(bridge.store, bridge.house.clock.now()))
    people = [f"p{n}" for n in range(6)]
    for user in people:
        await listen(bridge, "telegram", user, made["audience"])
    await propose(bridge, "telegram", "to", made["member"])
    one = await waiting(bridge)
    await decide(bridge, "duyettin", one)
    chief = await member_id(bridge, "duyettin")
    key, library = bridge.store.house.audit, bridge.house.library
    async with bridge.store.data.begin() as conn:
        await broadcasts.change(
            conn, bridge.house.clock.now(), key, library, broadcast_id=one.id, staff_id=chief, act="stop"
        )
    await bridge.house.ticks.now("broadcasts")
    await bridge.quiet()
    for user in people:
        assert await got(bridge, "telegram", user, one.card) == []
    async with bridge.store.data.begin() as conn:
        with pytest.raises(Refused):
            await broadcasts.change(
                conn,
                bridge.house.clock.now(),
                key,
                bridge.house.library,
                broadcast_id=one.id,
                staff_id=chief,
                act="resume",
            )


async def test_a_wrong_code_says_nothing_and_guessing_ends(bridge: Bridge) -> None:
    """A code that does not exist is answered like any word; after six tries not even a right one is looked at."""
    made = dict(await codes(bridge.store, bridge.house.clock.now()))
    plain = await bridge.talk("telegram", "lan", "xyzzy")
    for n in range(6):
        answer = await bridge.talk("telegram", "lan", f"NC-ABCD-EFG{'HJKMNP'[n]}")
        assert answer[-1]["text"] == plain[-1]["text"]
    late = await bridge.talk("telegram", "lan", made["audience"])
    assert late[-1]["text"] == plain[-1]["text"]
