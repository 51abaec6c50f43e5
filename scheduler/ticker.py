"""The ticker: a few ticks in memory, each guarded by a lock of the database, each safe to repeat.

APScheduler says when; the truth lies in rows. Every process may tick: the lock lets one of them work, and a tick that
died half-way is begun again by the next. A moved clock (the demo, a test) makes all of them tick at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, timedelta

import msgspec
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.ext.asyncio import AsyncEngine

from scheduler.clock import Clock, ClockWatch
from store.db.engine import TROUBLE, raw
from store.errors import StoreError
from store.locks import lock_number

_CLASS = lock_number("tick")
_LOOK = 1.0
"""Seconds between two looks at whether the clock on the wall was set back."""

Work = Callable[[], Awaitable[object]]
Report = Callable[[str, BaseException], None]


class Tick(msgspec.Struct, frozen=True):
    """Something looked at every `seconds`; `alone`: by one process at a time, whoever holds the lock of its name."""

    name: str
    seconds: float
    work: Work
    alone: bool = True

    @property
    def lock(self) -> int:
        """Its advisory lock within the class of ticks: that of its name."""
        return lock_number(self.name)


class Ticks:
    """Runs every tick at its pace until it is stopped."""

    def __init__(self, engine: AsyncEngine, ticks: list[Tick], report: Report, wall: Clock | None = None) -> None:
        if len({tick.lock for tick in ticks}) < len(ticks):
            raise ValueError("two ticks have one lock: each would wait for the other's work; give one another name")
        self._engine = engine
        self._ticks = {tick.name: tick for tick in ticks}
        self._report = report
        self._wall = wall or Clock()  # the clock that APScheduler goes by, whatever clock the application has
        self._busy = {tick.name: asyncio.Lock() for tick in ticks}
        self.last: dict[str, float] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of every tick."""
        return tuple(self._ticks)

    async def run(self) -> None:
        """Tick until cancelled."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        for name in self._ticks:
            once = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
            scheduler.add_job(self.now, self._trigger(name), args=[name], id=name, **once)
        scheduler.start()
        try:
            await self._keep_going(scheduler)
        finally:
            scheduler.shutdown(wait=False)

    async def _keep_going(self, scheduler: AsyncIOScheduler) -> None:
        """Begin to count anew when the wall's clock is set back: APScheduler would wait until it has caught up."""
        watch = ClockWatch(self._wall)
        while True:
            await asyncio.sleep(_LOOK)
            if watch.set_back():
                for name in self._ticks:
                    scheduler.reschedule_job(name, trigger=self._trigger(name))
                watch.believe()

    def _trigger(self, name: str) -> IntervalTrigger:
        """Its pace, each tick at its own part of the second: together they would want a dozen connections at once."""
        tick = self._ticks[name]
        apart = list(self._ticks).index(name) / len(self._ticks)
        first = self._wall.now() + timedelta(seconds=tick.seconds + apart)
        return IntervalTrigger(seconds=tick.seconds, start_date=first, timezone=UTC)

    async def all_now(self) -> None:
        """Do every tick once, one after the other: the clock was moved."""
        for name in self._ticks:
            await self.now(name)

    async def now(self, name: str) -> None:
        """Do one tick now; what goes wrong is reported, and the next tick tries again."""
        tick = self._ticks[name]
        async with self._busy[name]:
            try:
                await (self._guarded(tick) if tick.alone else tick.work())
            except (*TROUBLE, StoreError) as error:
                self._report(name, error)
                return
            self.last[name] = asyncio.get_running_loop().time()

    async def _guarded(self, tick: Tick) -> None:
        """Work only while nobody else does: the lock lives as long as this transaction."""
        async with raw(self._engine) as pg, pg.transaction():
            if await pg.fetchval("SELECT pg_try_advisory_xact_lock($1, $2)", _CLASS, tick.lock):
                await tick.work()


def ages(ticks: Ticks, now: float) -> Mapping[str, float]:
    """How many seconds ago each tick was last done, as the loop counts."""
    return {name: now - at for name, at in ticks.last.items()}
