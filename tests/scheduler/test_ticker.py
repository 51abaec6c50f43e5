"""The ticks keep their pace whatever is done to the clock on the wall, each at its own part of the second."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from scheduler.clock import Clock, Watch
from scheduler.ticker import Tick, Ticks
from tests.integration.processes.test_clock_jumps import SettableClock
from tests.support.stage import until


def ticks_of(ticks: list[Tick], wall: Clock) -> Ticks:
    """Ticks that need no database: nobody guards them."""
    return Ticks(None, ticks, lambda *_: None, wall)  # type: ignore[arg-type]


async def test_they_go_on_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall's clock goes back two hours: the next tick comes within seconds. APScheduler alone waits two hours."""
    wall = SettableClock()

    class Wall(datetime):
        """What APScheduler takes for the time."""

        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return wall.now().astimezone(tz)

    for module in (base, interval):
        monkeypatch.setattr(module, "datetime", Wall)
    done: list[datetime] = []

    async def work() -> None:
        done.append(wall.now())

    running = asyncio.create_task(ticks_of([Tick("one", 1, 0.2, work, alone=False)], wall).run())
    try:
        await until(lambda: _some(done), 5)
        wall.set_by(timedelta(hours=-2))
        before = wall.now() + timedelta(minutes=1)
        await until(lambda: _some([at for at in done if at < before]), 5)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def _some(found: list[datetime]) -> bool:
    return bool(found)


def test_no_two_begin_at_the_same_moment() -> None:
    """Five ticks of one second begin a fifth of a second apart: together they would want a connection each."""
    wall = Clock()
    names = "abcde"
    made = ticks_of([Tick(name, n, 1, asyncio.Event().wait, alone=False) for n, name in enumerate(names)], wall)
    parts = sorted(made._trigger(name).start_date.timestamp() % 1 for name in names)
    gaps = [(after - before) % 1 for before, after in zip(parts, [*parts[1:], parts[0]], strict=True)]
    assert all(0.15 < gap < 0.25 for gap in gaps)


def test_a_watch_tells_by_how_much_until_it_is_believed() -> None:
    """Set back an hour: an hour until believed, then nothing; forth is nothing, and back from there counts whole."""
    clock = SettableClock()
    watch = Watch(clock)
    assert watch.set_back() == timedelta()
    clock.set_by(timedelta(hours=-1))
    assert abs(watch.set_back() - timedelta(hours=1)) < timedelta(seconds=1)
    assert watch.set_back() > timedelta()
    watch.believe()
    assert watch.set_back() == timedelta()
    clock.set_by(timedelta(hours=3))
    assert watch.set_back() == timedelta()
    clock.set_by(timedelta(hours=-2))
    assert abs(watch.set_back() - timedelta(hours=2)) < timedelta(seconds=1)
