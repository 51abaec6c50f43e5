"""Safety rule 13: who has an open case or a check-in plan is in no crowd, and no count tells so."""

from __future__ import annotations

import re
from uuid import uuid4

from bot.cli.demo_data import codes
from store.broadcasts import overview
from tests.integration.broadcasts.test_broadcast import at_day, decide, got, listen, propose, sent, waiting
from tests.integration.checkins.test_check_in import agree
from tests.support import casework
from tests.support.system import System


async def village(system: System) -> overview.Proposal:
    """Three who listen, a member who proposes; returns what waits for the second person."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    for user in ("lan", "mai", "cuc"):
        await listen(system, "telegram", user, made["audience"])
    await propose(system, "telegram", "to", made["member"])
    return await waiting(system)


async def test_a_person_with_an_open_case_gets_nothing_and_counts_as_reached(system: System) -> None:
    """She cries between proposal and sending: the card goes to the others, and the figures are those of three."""
    one = await village(system)
    await system.talk("telegram", "mai", "cuu em voi")
    await decide(system, "duyettin", one)
    results = await sent(system, one)
    assert (results.planned, results.sent, results.failed) == (3, 3, 0)
    assert await got(system, "telegram", "mai", one.card) == []
    assert len(await got(system, "telegram", "lan", one.card)) == 1


async def test_a_person_who_agreed_to_check_ins_gets_nothing_and_counts_as_reached(system: System) -> None:
    """A plan alone, not even started, keeps her apart."""
    one = await village(system)
    await agree(system, "telegram", "cuc")
    await decide(system, "duyettin", one)
    results = await sent(system, one)
    assert (results.planned, results.sent, results.failed) == (3, 3, 0)
    assert await got(system, "telegram", "cuc", one.card) == []


async def test_when_her_case_is_closed_she_is_one_of_the_listeners_again(system: System) -> None:
    """Staying apart lasts as long as its reason."""
    one = await village(system)
    await system.talk("telegram", "mai", "cuu em voi")
    (case,) = await system.cases()
    staff_id, _ = await system.counsellor()
    now = system.runtime.clock.now()
    await casework.acknowledge(system.store, now, case.id, staff_id)
    await casework.reply(system.store, now, case.id, staff_id, "Chị đây.", uuid4(), system.runtime.library)
    await casework.close(system.store, now, system.runtime.library, case.id, staff_id, "safe")
    await decide(system, "duyettin", one)
    await sent(system, one)
    assert len(await got(system, "telegram", "mai", one.card)) == 1


async def test_the_member_sees_a_number_rounded_to_tens(system: System) -> None:
    """Before she proposes, the preview says "fewer than 10", never three."""
    await village(system)
    told = [m["text"].partition("Gửi cho người nhận tin") for m in await system.inbox("telegram", "to")]
    previews = [audience for _, said, audience in told if said]
    assert previews
    assert all("dưới 10 người" in text and not re.search(r"\b3\b", text) for text in previews)
