"""Somebody sets the clock of the service: nothing is sent twice, and whoever cries is answered as ever."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.token_bucket import Bucket
from scheduler.clock import MovableClock
from tests.support.stage import until
from tests.support.system import System, built

JUMPS = {
    "a second forth": timedelta(seconds=1),
    "a second back": timedelta(seconds=-1),
    "five minutes forth": timedelta(minutes=5),
    "five minutes back": timedelta(minutes=-5),
    "two hours forth": timedelta(hours=2),
    "two hours back": timedelta(hours=-2),
    "a year forth": timedelta(days=365),
}
NUMBERS = "+84 981 84 84 84"


class SettableClock(MovableClock):
    """A clock on the wall that somebody sets; time itself passes as before."""

    def __init__(self) -> None:
        self._set_by = timedelta()
        super().__init__()

    def now(self) -> datetime:
        """What the clock on the wall says."""
        return super().now() + self._set_by

    def set_by(self, jump: timedelta) -> None:
        """Set it forth, or back."""
        self._set_by += jump


@pytest.fixture
async def settable(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[System]:
    """A service whose clock can be set, beside a world whose clock is right."""
    async with built(databases, tmp_path, clock=SettableClock()) as system:
        yield system


async def _numbers(system: Any, channel: str, user: str) -> int:
    return sum(NUMBERS in message["text"] for message in await system.inbox(channel, user))


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS.keys())
async def test_a_cry_after_the_clock_was_set_is_answered_at_once_and_once(settable, jump: timedelta) -> None:
    """On both channels the numbers come within five seconds; one case each; what was sent before is not sent again."""
    for channel in ("telegram", "zalo_oa"):
        await settable.talk(channel, "lan", "xin chào")
    before = {channel: len(await settable.inbox(channel, "lan")) for channel in ("telegram", "zalo_oa")}
    settable.runtime.clock.set_by(jump)
    for channel in ("telegram", "zalo_oa"):
        await settable.do(channel, "mai", "say", text="cuu em voi")
        await until(lambda channel=channel: _numbers(settable, channel, "mai"), 5)
    await settable.quiet()
    for channel, count in before.items():
        texts = [message["text"] for message in await settable.inbox(channel, "mai")]
        assert len(texts) == len(set(texts))
        assert len(await settable.inbox(channel, "lan")) == count
    assert len(await settable.cases()) == 2
    settable.runtime.clock.set_by(-jump)
    for channel in ("telegram", "zalo_oa"):
        await settable.talk(channel, "lan", "menu")


async def test_an_answer_that_waited_is_not_lost_for_hours_when_the_clock_is_set_back(settable) -> None:
    """A chat was told to wait thirty seconds; the clock goes back two hours; she is answered after thirty seconds."""
    fault = {"channel": "telegram", "method": "sendMessage", "user": "lan", "kind": "429", "retry_after": 30}
    async with settable.http.post(f"{settable.base}/__sim/faults", json=[fault]) as planned:
        planned.raise_for_status()
    await settable.do("telegram", "lan", "say", text="88")
    deferred = "SELECT count(*) FROM ledger WHERE status = 4"
    await until(lambda: _is(settable, deferred, 1), 5)
    settable.runtime.clock.set_by(timedelta(hours=-2))
    await settable.talk("telegram", "mai", "88")
    await settable.advance(20)
    await settable.talk("telegram", "hoa", "88")
    assert await settable.inbox("telegram", "lan") == []
    await settable.advance(11)
    await until(lambda: _is(settable, deferred, 0), 5)
    assert len(await settable.inbox("telegram", "lan")) == 1


async def test_an_escalation_keeps_its_minutes_when_the_clock_is_set_back(settable) -> None:
    """Two hours back after the first was called: the second is called and she is told so as if nothing had happened.

    Left to the wall, nobody would be called for two hours more.
    """
    await settable.do("telegram", "lan", "say", text="cuu em voi")
    rungs = "SELECT count(*) FROM rung WHERE done_at IS NOT NULL"
    await until(lambda: _some(settable, rungs, 1), 5)
    await settable.quiet()
    heard = len(await settable.inbox("telegram", "lan"))
    settable.runtime.clock.set_by(timedelta(hours=-2))
    await settable.advance(14 * 60 + 30)
    await until(lambda: _more(settable, heard), 5)
    await settable.advance(60)
    assert await settable.count(rungs) >= 2
    assert await settable.count("SELECT count(*) FROM climb WHERE ended_at IS NULL") == 1
    before = await settable.count(rungs)
    await settable.advance(60)
    assert await settable.count(rungs) <= before + 1


async def test_a_service_that_starts_with_the_clock_set_back_goes_on_paging(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    """The first was called, the service ended, somebody set the clock back two hours: the second is called in time."""
    rungs = "SELECT count(*) FROM rung WHERE done_at IS NOT NULL"
    async with built(databases, tmp_path, clock=SettableClock()) as system:
        await system.do("telegram", "lan", "say", text="cuu em voi")
        await until(lambda: _some(system, rungs, 1), 5)
    clock = SettableClock()
    clock.set_by(timedelta(hours=-2))
    async with built(databases, tmp_path, clock=clock) as system:
        await until(lambda: _began_before(system, clock.now()), 5)
        await system.advance(15 * 60 + 30)
        assert await system.count(rungs) >= 2


async def _began_before(system: Any, now: datetime) -> bool:
    return bool(await system.count(f"SELECT count(*) FROM climb WHERE since <= '{now.isoformat()}'"))


async def _some(system: Any, query: str, number: int) -> bool:
    return await system.count(query) >= number


async def _more(system: Any, heard: int) -> bool:
    return len(await system.inbox("telegram", "lan")) > heard


async def _is(system: Any, query: str, number: int) -> bool:
    return await system.count(query) == number


def test_no_bucket_hears_of_a_clock_that_is_set() -> None:
    """Steady seconds pass at the pace of real ones, and skipping in a demo is passing."""
    clock = SettableClock()
    began, really = clock.steady(), time.monotonic()
    clock.set_by(timedelta(hours=-2))
    assert abs((clock.steady() - began) - (time.monotonic() - really)) < 0.5
    clock.advance(3600)
    assert 3600 <= clock.steady() - began < 3601
    bucket = Bucket(10, 5, clock.steady())
    bucket.take(5, clock.steady())
    assert bucket.wait(clock.steady()) <= 0.1
    assert clock.now() < datetime.now(UTC) + timedelta(hours=1)
