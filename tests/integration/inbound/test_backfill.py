"""What Zalo could not bring is read back after every gap: once, in order, by the owner; a silent webhook calls."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from bot.inbound.backfill import FARTHEST, QUIET_BY_NIGHT, State, _last, farthest
from bot.ownership import Ownership
from scheduler.clock import MovableClock
from simulator.core.faults import read_fault
from store.messages.backfill import ReadPosition
from tests.integration.processes.test_zalo_consent import consent, settings_of
from tests.support import casework
from tests.support.content import limits_of
from tests.support.stage import Stage, stage, until
from tests.support.system import System, built

QUIET = 10 * 60 + 1
LOST: dict[str, Any] = {"channel": "zalo_oa", "kind": "lost_webhook", "times": None}
MORNING = 9 - 7
"""Nine o'clock in Viet Nam, in UTC."""


class DayClock(MovableClock):
    """A clock that begins at nine in the morning in Viet Nam, today or tomorrow."""

    def __init__(self, hour: int = MORNING) -> None:
        super().__init__()
        now = self.now()
        start = datetime(now.year, now.month, now.day, hour, tzinfo=UTC)
        self.advance((start + timedelta(days=start < now) - now).total_seconds())


async def begin(system: System) -> None:
    """Let the stand-ins live at the time of the service, and be there already."""
    ahead = (system.runtime.clock.now() - system.world.now()).total_seconds()
    system.world.clock.advance(ahead)
    await system.talk("zalo_oa", "lan", "xin chào")


def drop(system: System) -> None:
    """Let Zalo's webhook lose everything from now on."""
    system.world.faults.replace([read_fault(LOST)])


def mend(system: System) -> None:
    """Let the webhook live again."""
    system.world.faults.replace([])


async def taken(system: System) -> int:
    """Events in the inbox."""
    return await system.count("SELECT count(*) FROM inbox")


def asked(system: System) -> list[str]:
    """What Zalo was asked to tell."""
    log = system.world.log.select(0, kind="request", channel="zalo_oa")
    return [e["method"] for e in log if e["method"].endswith(("listrecentchat", "conversation"))]


@pytest.fixture
async def day(databases, tmp_path):
    """A service in the morning, with somebody who wrote."""
    async with built(databases, tmp_path, clock=DayClock()) as system:
        await begin(system)
        yield system


async def has_case(system: System) -> bool:
    """Whether somebody waits for a human."""
    return bool(await system.cases())


async def shows(system: System, user: str, text: str) -> bool:
    """Whether a phone shows this."""
    return any(text in message["text"] for message in await system.inbox("zalo_oa", user))


async def test_a_cry_that_no_webhook_brought_is_read_answered_and_called(day: System) -> None:
    """The webhook is silent; two minutes later it is ten since it was heard: the numbers leave, a case is open."""
    drop(day)
    await day.advance(8 * 60)
    await day.do("zalo_oa", "lan", "say", text="cuu em voi")
    await day.advance(QUIET - 8 * 60)
    await until(lambda: has_case(day), 20)
    await until(lambda: shows(day, "lan", "113"), 20)


async def test_after_fifteen_minutes_nothing_leaves_but_a_human_is_called(day: System, databases, tmp_path) -> None:
    """Zalo's grant was gone when she cried, two hours ago: a case, somebody called, and a screen that stays dark."""
    file = settings_of(day, databases, tmp_path)
    before = len(await day.inbox("zalo_oa", "lan"))
    drop(day)
    day.world.zalo.tokens.revoke(refresh_too=True)
    await day.do("zalo_oa", "lan", "say", text="cuu em voi")
    await day.advance(2 * 3600)
    assert not await has_case(day)
    code, _, _ = await consent(file, "--code", day.world.zalo.tokens.grant_code())
    assert code == 0
    await day.advance(40)
    await until(lambda: has_case(day), 20)
    await day.quiet()
    await day.advance(2)
    assert await day.count("SELECT count(*) FROM climb") == 1
    await until(lambda: has_call(day), 10)
    assert len(await day.inbox("zalo_oa", "lan")) == before
    assert await day.count("SELECT count(*) FROM ledger WHERE reason = 'uninvited'") >= 1


async def has_call(system: System) -> bool:
    """Whether a step of an escalation was done."""
    return bool(await system.count("SELECT count(*) FROM rung"))


async def test_a_service_that_starts_again_reads_what_it_missed(server_folder) -> None:
    """It was down and Zalo has given up: with the start her cry is found, and she is answered."""
    async with stage(server_folder) as set_up:
        process = await set_up.start()
        await set_up.say("zalo_oa", "lan", "xin chào")
        await until(lambda: said(set_up, 1), 20)
        process.kill()
        await process.wait()
        set_up.world.faults.replace([read_fault(LOST)])
        await set_up.say("zalo_oa", "lan", "cuu em voi")
        await set_up.start()
        await until(lambda: said(set_up, 2), 20)


async def said(set_up: Stage, least: int) -> bool:
    """Whether a phone shows so much of ours."""
    return len(await set_up.inbox("zalo_oa", "lan")) >= least


KINDS = ("text", "audio", "image", "sticker", "location", "file")


async def test_what_a_webhook_brings_late_is_the_same_message(day: System) -> None:
    """Each kind of message is read first and brought an hour later: one row, one line of the case, one answer."""
    await day.talk("zalo_oa", "lan", "cuu em voi")
    late = [{"channel": "zalo_oa", "kind": "late_webhook", "method": f"user_send_{kind}"} for kind in KINDS]
    day.world.faults.replace([read_fault(fault) for fault in late])
    rows = await taken(day)
    await day.do("zalo_oa", "lan", "say", text="họ nhốt em")
    for act in ("voice", "image", "sticker", "location", "file"):
        await day.do("zalo_oa", "lan", act, **({"data": "AAAA", "name": "giấy.pdf"} if act == "file" else {}))
    await day.advance(QUIET)
    await until(lambda: more_than(day, rows + len(KINDS) - 1), 20)
    await day.quiet()
    before = await effects(day)
    assert before[1] >= len(KINDS) - 1
    await day.advance(3600)
    await until(lambda: all_brought(day), 20)
    await day.quiet()
    assert await effects(day) == before


async def more_than(system: System, rows: int) -> bool:
    """Whether the inbox holds more than so many events."""
    return await taken(system) > rows


async def effects(system: System) -> tuple[int, int, int]:
    """What came of her messages: events in the inbox, her lines, what her phone shows of ours."""
    lines = await system.count("SELECT count(*) FROM case_line WHERE direction = 'in'")
    return await taken(system), lines, len(await system.inbox("zalo_oa", "lan"))


async def all_brought(system: System) -> bool:
    """Whether an event of each kind has reached the endpoint by now."""
    log = system.world.log.select(0, kind="webhook", channel="zalo_oa", status="200")
    brought = {entry["method"].removeprefix("user_send_") for entry in log}
    return brought >= set(KINDS[1:]) and not system.world.zalo.webhook.carrying


async def test_words_are_read_in_the_order_in_which_she_wrote_them(day: System) -> None:
    """Twenty-five lines of two people, over pages of ten, ours between them: each once, the oldest first."""
    for user in ("lan", "hoa"):
        await day.talk("zalo_oa", user, "cuu em voi")
    drop(day)
    for n in range(25):
        for user in ("lan", "hoa"):
            await day.do("zalo_oa", user, "say", text=f"dòng kể thứ {n}")
        await day.world.advance(0.01)
    await day.advance(QUIET)
    await day.quiet()
    for user in ("lan", "hoa"):
        assert await lines(day, user) == [f"dòng kể thứ {n}" for n in range(25)]


async def lines(system: System, user: str) -> list[str]:
    """What a counsellor reads of somebody, after her cry."""
    staff, private = await system.counsellor()
    phone = system.world.phone("zalo_oa", user)
    index = system.store.keys.blind(str(system.runtime.endpoints["zalo"].number), phone.address)
    async with system.store.data.connect() as conn:
        query = text("SELECT c.id FROM case_file c JOIN person p ON p.id = c.person_id WHERE p.bidx = :index")
        case = (await conn.execute(query, {"index": index})).scalar_one()
    shown = await casework.read(system.store, system.runtime.clock.now(), case, staff, private)
    return [line.text for line in shown.lines if line.text.startswith("dòng")]


async def test_a_silent_webhook_calls_a_human_until_it_is_heard(day: System) -> None:
    """People wrote and nothing was brought: one alarm and a late check; from then on she is read within a minute."""
    drop(day)
    await day.advance(60)
    await day.do("zalo_oa", "lan", "say", text="menu")
    await day.advance(QUIET)
    assert len(silences(day)) == 1
    assert "webhooks" in await late_checks(day)
    await day.do("zalo_oa", "lan", "say", text="cuu em voi")
    await day.advance(31)
    await until(lambda: has_case(day), 20)
    assert len(silences(day)) == 1
    mend(day)
    await day.talk("zalo_oa", "lan", "menu")
    await day.advance(61)
    assert "webhooks" not in await late_checks(day)


def silences(system: System) -> list[str]:
    """What was said of silent webhooks."""
    return [alarm for alarm in system.runtime.alarms if "silent" in alarm]


async def late_checks(system: System) -> set[str]:
    """Checks that are late now."""
    return {check.name for check in await system.application.health._look() if not check.ok}


async def test_that_nobody_writes_is_no_fault(day: System) -> None:
    """By day the conversations are looked at every ten minutes; nobody is called, nothing is taken in."""
    before, rows = len(asked(day)), await taken(day)
    for _ in range(6):
        await day.advance(QUIET)
    assert len(asked(day)) >= before + 6
    assert (await taken(day), silences(day)) == (rows, [])


async def test_by_night_the_conversations_are_looked_at_every_half_hour(databases, tmp_path) -> None:
    """Nobody sleeps for ever: ten minutes are quiet at two in the morning, half an hour is looked into."""
    async with built(databases, tmp_path, clock=DayClock(19)) as system:
        await begin(system)
        before = len(asked(system))
        await system.advance(QUIET)
        assert len(asked(system)) == before
        await system.advance(30 * 60)
        assert len(asked(system)) > before


async def test_old_conversations_are_left_alone(day: System) -> None:
    """Who wrote yesterday is not asked for again, and nothing of what Zalo still holds is taken in twice."""
    await day.talk("zalo_oa", "hoa", "xin chào")
    await day.advance(86_400)
    rows, before = await taken(day), len(asked(day))
    await day.advance(QUIET)
    assert asked(day)[before:] == ["openapi/v2.0/oa/listrecentchat"]
    assert await taken(day) == rows


async def test_reading_leaves_room_for_answers_and_goes_on_later(day: System) -> None:
    """Forty people, a hundred requests a minute, and a refusal on the way: a handful at each look, in the end all."""
    drop(day)
    for n in range(40):
        await day.do("zalo_oa", f"p{n}", "say", text="xin chào")
    rows = await taken(day)
    day.world.zalo.conditions.rate_per_minute = 100
    refused = {"channel": "zalo_oa", "kind": "429", "method": "conversation", "after": 7}
    day.world.faults.planned.append(read_fault(refused))
    before = len(asked(day))
    await day.advance(QUIET)
    assert len(asked(day)) - before <= 20
    looks = 0
    while await taken(day) < rows + 40:
        before, looks = len(asked(day)), looks + 1
        await day.advance(61)
        assert len(asked(day)) - before <= 20
        assert looks < 12
    await day.quiet()
    assert looks >= 2
    assert all([await shows(day, f"p{n}", "") for n in range(40)])


async def test_only_the_owner_of_an_account_reads(day: System) -> None:
    """What belongs to another process is read by that one."""
    number = day.runtime.endpoints["zalo"].number
    ahead = range(1, sorted(day.runtime.numbers).index(number) + 2)
    peers = [asyncio.create_task(Ownership(day.runtime.connect, day.runtime.numbers, member).run()) for member in ahead]
    await until(lambda: shared(day, len(peers) + 1), 10)
    assert number not in day.application.ownership.accounts
    before = len(asked(day))
    await day.advance(QUIET)
    assert len(asked(day)) == before
    for peer in peers:
        peer.cancel()
    await asyncio.gather(*peers, return_exceptions=True)


async def shared(system: System, members: int) -> bool:
    """Whether the lanes are shared among so many."""
    ownership = system.application.ownership
    return ownership.ready.is_set() and len(ownership.lanes) <= -(-16 // members)


def test_a_clock_that_was_set_back_keeps_nothing_unread() -> None:
    """Times that lie ahead now were told by the wrong clock: the conversations are looked at, not waited for."""
    now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    ahead, earlier = now + timedelta(hours=5), now - timedelta(minutes=3)
    assert _last(State(ahead, read_at=ahead), ReadPosition(ahead, ahead), now) < now - QUIET_BY_NIGHT
    assert _last(State(earlier, read_at=ahead), ReadPosition(ahead, None), now) == earlier


def test_nothing_is_read_back_that_nobody_may_answer() -> None:
    """A channel that carries an answer for two days is read two days back, and none farther than a week."""
    limits = limits_of("zalo_oa")
    assert farthest(limits) == timedelta(hours=limits.window_hours) == FARTHEST
    assert farthest(replace(limits, window_hours=48)) == timedelta(hours=48)
    assert farthest(replace(limits, window_hours=0)) == farthest(replace(limits, window_hours=9000)) == FARTHEST
