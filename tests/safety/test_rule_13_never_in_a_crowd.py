"""Safety rule 13: who has an open case or a check-in plan is in no crowd, and no count tells so."""

from __future__ import annotations

import re
from uuid import uuid4

from bot.cli.demo_data import codes
from store.broadcasts import service as broadcasts
from store.casework import queue
from tests.integration.broadcasts.test_broadcast import at_day, decide, got, listen, propose, sent, waiting
from tests.integration.checkins.test_check_in import agree
from tests.support.bridge import Bridge


async def village(bridge: Bridge) -> broadcasts.Proposal:
    """Three who listen, a member who proposes; returns what waits for the second person."""
    await at_day(bridge)
    made = dict(await codes(bridge.store, bridge.house.clock.now()))
    for user in ("lan", "mai", "cuc"):
        await listen(bridge, "telegram", user, made["audience"])
    await propose(bridge, "telegram", "to", made["member"])
    return await waiting(bridge)


async def test_a_person_with_an_open_case_gets_nothing_and_counts_as_reached(bridge: Bridge) -> None:
    """She cries between proposal and sending: the card goes to the others, and the figures are those of three."""
    one = await village(bridge)
    await bridge.talk("telegram", "mai", "cuu em voi")
    await decide(bridge, "duyettin", one)
    results = await sent(bridge, one)
    assert (results.planned, results.sent, results.failed) == (3, 3, 0)
    assert await got(bridge, "telegram", "mai", one.card) == []
    assert len(await got(bridge, "telegram", "lan", one.card)) == 1


async def test_a_person_who_agreed_to_check_ins_gets_nothing_and_counts_as_reached(bridge: Bridge) -> None:
    """A plan alone, not even started, keeps her apart."""
    one = await village(bridge)
    await agree(bridge, "telegram", "cuc")
    await decide(bridge, "duyettin", one)
    results = await sent(bridge, one)
    assert (results.planned, results.sent, results.failed) == (3, 3, 0)
    assert await got(bridge, "telegram", "cuc", one.card) == []


async def test_when_her_case_is_closed_she_is_one_of_the_village_again(bridge: Bridge) -> None:
    """Staying apart lasts as long as its reason."""
    one = await village(bridge)
    await bridge.talk("telegram", "mai", "cuu em voi")
    (case,) = await bridge.cases()
    staff_id, _ = await bridge.counsellor()
    now = bridge.house.clock.now()
    await queue.acknowledge(bridge.store, now, case.id, staff_id)
    await queue.reply(bridge.store, now, case.id, staff_id, "Chị đây.", uuid4(), bridge.house.library)
    await queue.close(bridge.store, now, case.id, staff_id, "safe")
    await decide(bridge, "duyettin", one)
    await sent(bridge, one)
    assert len(await got(bridge, "telegram", "mai", one.card)) == 1


async def test_the_member_sees_a_number_rounded_to_tens(bridge: Bridge) -> None:
    """Before she proposes, the preview says "fewer than 10", never three."""
    await village(bridge)
    previews = [m["text"] for m in await bridge.inbox("telegram", "to") if "Gửi cho người nhận tin" in m["text"]]
    assert previews
    assert all("dưới 10 người" in text and not re.search(r"\b3\b", text) for text in previews)
