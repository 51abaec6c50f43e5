"""A broadcast from the poster's code to the phones: a member proposes, a second person approves, it can be stopped."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.cli.demo_data import GROUP, codes
from content.zone import VIETNAM
from flows.rendering.village_news import as_listeners_see
from scheduler.quiet_hours import is_open
from store.broadcasts import decisions, overview
from store.broadcasts.decisions import Decision
from store.errors import Refused
from store.staff.models import staff
from store.unit_of_work import UnitOfWork, member_actor, unit_of_work
from tests.support.stage import until
from tests.support.system import System


async def at_day(system: System) -> None:
    """Move to nine in the morning in Viet Nam."""
    local = system.runtime.clock.now().astimezone(VIETNAM)
    await system.advance(((9 - local.hour) % 24) * 3600 - local.minute * 60 + (86_400 if local.hour == 9 else 0))


async def member_id(system: System, login: str) -> UUID:
    """A staff member's id."""
    async with system.store.data.connect() as conn:
        found: UUID = (await conn.execute(select(staff.c.id).where(staff.c.login == login))).scalar_one()
        return found


async def listen(system: System, channel: str, user: str, code: str) -> None:
    """Let somebody take the poster's code, typed as people type, and say yes."""
    await system.talk(channel, user, f"mã {code.lower()}.")
    await system.talk(channel, user, "1")


async def propose(system: System, channel: str, user: str, code: str) -> None:
    """Let somebody become a member, take the first card by its title and propose it."""
    for text in (code, "1", "8", "tin của thôn", "gửi bài cho bà con", "1", "1"):
        await system.talk(channel, user, text)


async def waiting(system: System) -> overview.Proposal:
    """The newest broadcast."""
    async with system.store.data.connect() as conn:
        return (await overview.proposals(conn, scope="vn"))[0]


@contextlib.asynccontextmanager
async def working(system: System, login: str) -> AsyncIterator[UnitOfWork]:
    """A unit of work of a member of staff."""
    member = member_actor(await member_id(system, login))
    async with unit_of_work(system.store, system.runtime.clock.now(), member) as work:
        yield work


async def decide(system: System, login: str, one: overview.Proposal) -> None:
    """Let a member of staff approve what was shown."""
    async with working(system, login) as work:
        await decisions.decide(work, system.runtime.library, Decision(one.id, one.digest, "yes"))


async def got(system: System, channel: str, user: str, card: str) -> list[Any]:
    """How often a phone shows exactly the card, under the name of the demo's group."""
    text = as_listeners_see(system.runtime.library, card, GROUP, "vi").text
    return [message for message in await system.inbox(channel, user) if message["text"] == text]


async def sent(system: System, one: overview.Proposal) -> overview.Results:
    """Fan out and wait until everything has found its end."""
    await system.application.ticks.now("broadcasts")

    async def done() -> bool:
        async with system.store.data.connect() as conn:
            found = await overview.results(conn, one.id)
        return found.planned > 0 and not found.waiting

    await until(done, 20)
    async with system.store.data.connect() as conn:
        return await overview.results(conn, one.id)


async def test_a_card_goes_from_a_member_through_a_second_person_to_the_listeners(system: System) -> None:
    """Listeners on every channel get exactly the approved words, once; the member and strangers get nothing."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    for channel in ("telegram", "zalo_oa", "zalo_bot"):
        await listen(system, channel, "lan", made["audience"])
    await system.talk("telegram", "xa", "xin chào")
    await propose(system, "zalo_oa", "to", made["member"])
    one = await waiting(system)
    assert one.state == "proposed"
    await decide(system, "duyettin", one)
    results = await sent(system, one)
    assert (results.planned, results.sent, results.failed) == (3, 3, 0)
    for channel in ("telegram", "zalo_oa", "zalo_bot"):
        assert len(await got(system, channel, "lan", one.card)) == 1
    assert await got(system, "telegram", "xa", one.card) == []
    await system.application.ticks.now("broadcasts")
    assert (await waiting(system)).state == "done"


async def test_at_night_it_waits_for_the_morning(system: System) -> None:
    """What is approved in the evening leaves after seven."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    await listen(system, "telegram", "lan", made["audience"])
    await propose(system, "telegram", "to", made["member"])
    await system.advance(13 * 3600)
    one = await waiting(system)
    await decide(system, "duyettin", one)
    await system.application.ticks.now("broadcasts")
    await system.quiet()
    assert await got(system, "telegram", "lan", one.card) == []
    await system.advance(9 * 3600 + 60)

    async def arrived() -> bool:
        return len(await got(system, "telegram", "lan", one.card)) == 1

    await until(arrived, 10)
    delivered = system.world.log.select(0, kind="delivered", user="lan")[-1]
    from datetime import datetime

    from scheduler.quiet_hours import DAYTIME

    assert is_open(DAYTIME, datetime.fromisoformat(delivered["at"]))


async def test_a_stop_is_heard_within_two_seconds_and_what_was_paused_goes_on(system: System) -> None:
    """Paused, nothing leaves; resumed it leaves; stopped, the rest never does."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    people = [f"p{n}" for n in range(6)]
    for user in people:
        await listen(system, "telegram", user, made["audience"])
    await propose(system, "telegram", "to", made["member"])
    one = await waiting(system)
    await decide(system, "duyettin", one)
    library = system.runtime.library
    async with working(system, "duyettin") as work:
        await decisions.change(work, library, one.id, "stop")
    await system.application.ticks.now("broadcasts")
    await system.quiet()
    for user in people:
        assert await got(system, "telegram", user, one.card) == []
    async with working(system, "duyettin") as work:
        with pytest.raises(Refused):
            await decisions.change(work, library, one.id, "resume")


async def test_a_wrong_code_says_nothing_and_guessing_ends(system: System) -> None:
    """A code that does not exist is answered like any word; after six tries not even a right one is looked at."""
    made = dict(await codes(system.store, system.runtime.clock.now()))
    plain = await system.talk("telegram", "lan", "xyzzy")
    for n in range(6):
        answer = await system.talk("telegram", "lan", f"NC-ABCD-EFG{'HJKMNP'[n]}")
        assert answer[-1]["text"] == plain[-1]["text"]
    late = await system.talk("telegram", "lan", made["audience"])
    assert late[-1]["text"] == plain[-1]["text"]


async def test_who_leaves_takes_back_what_she_proposed_and_hears_no_more(system: System) -> None:
    """A member who hears from her group leaves it: her proposal waits for nobody, and the next card is not for her."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    await listen(system, "telegram", "to", made["audience"])
    await propose(system, "telegram", "to", made["member"])
    for text in ("menu", "8", "tin của thôn", "rời tổ", "1"):
        await system.talk("telegram", "to", text)
    assert (await waiting(system)).state == "stopped"
    assert await system.count("SELECT count(*) FROM membership") == 0
    assert await system.count("SELECT count(*) FROM subscription") == 0


async def test_a_member_is_told_when_she_writes_next_and_only_then(system: System) -> None:
    """Approval sends her nothing; the answer to her next message says it first, and the one after it not again."""
    await at_day(system)
    made = dict(await codes(system.store, system.runtime.clock.now()))
    await propose(system, "telegram", "to", made["member"])
    one = await waiting(system)
    before = len(await system.inbox("telegram", "to"))
    await decide(system, "duyettin", one)
    await system.quiet()
    assert len(await system.inbox("telegram", "to")) == before
    library = system.runtime.library
    told = library.say("village_approved", "vi", title=library.title(one.card)).text
    first, again = [await system.talk("telegram", "to", "menu") for _ in range(2)]
    assert first[0]["text"] == told
    assert told not in [message["text"] for message in again]
