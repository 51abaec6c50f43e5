"""The ticks keep their pace whatever is done to the clock on the wall; a lock lets one process do each."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from scheduler.clock import Clock, ClockWatch
from scheduler.ticker import Tick, Ticks
from store.db.engine import Store
from tests.integration.processes.test_clock_jumps import SettableClock
from tests.support.stage import until

LOCKS = [1594860170, -559950380]
"""The locks of two names, counted elsewhere."""


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

    running = asyncio.create_task(ticks_of([Tick("one", 0.2, work, alone=False)], wall).run())
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
    made = ticks_of([Tick(name, 1, asyncio.Event().wait, alone=False) for name in names], wall)
    parts = sorted(made._trigger(name).start_date.timestamp() % 1 for name in names)
    gaps = [(after - before) % 1 for before, after in zip(parts, [*parts[1:], parts[0]], strict=True)]
    assert all(0.15 < gap < 0.25 for gap in gaps)


def test_a_watch_tells_by_how_much_until_it_is_believed() -> None:
    """Set back an hour: an hour until believed, then nothing; forth is nothing, and back from there counts whole."""
    clock = SettableClock()
    watch = ClockWatch(clock)
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


async def test_one_process_does_what_another_is_doing(store: Store) -> None:
    """Two processes tick one name: while one works the other passes by. A tick of another name goes on."""
    began, goes_on, done = asyncio.Event(), asyncio.Event(), list[str]()

    async def work() -> None:
        began.set()
        await goes_on.wait()
        done.append("first")

    async def note(name: str) -> None:
        done.append(name)

    first = Ticks(store.data, [Tick("one", 60, work)], lambda *_: None)
    second = Ticks(store.data, [Tick(name, 60, partial(note, name)) for name in ("one", "another")], lambda *_: None)
    working = asyncio.create_task(first.now("one"))
    await began.wait()
    await second.all_now()
    assert done == ["another"]
    goes_on.set()
    await working
    await second.now("one")
    assert done == ["another", "first", "one"]


@pytest.mark.parametrize("names", [("one", "one"), ("plumless", "buckeroo")])
def test_two_ticks_with_one_lock_are_refused(names: tuple[str, str]) -> None:
    """The same name twice, or two names whose locks happen to be the same: each would pass while the other works."""
    with pytest.raises(ValueError, match="two ticks have one lock"):
        ticks_of([Tick(name, 1, asyncio.Event().wait) for name in names], Clock())


def test_the_lock_of_a_name_fits_and_is_the_same_in_every_process() -> None:
    """PostgreSQL takes a signed number of 32 bits; a hash that is drawn anew by each process would lock nothing."""
    locks = [Tick(name, 1, asyncio.Event().wait).lock for name in ("due", "escalation", *map(str, range(2000)))]
    assert all(-(2**31) <= lock < 2**31 for lock in locks)
    assert locks[:2] == LOCKS
