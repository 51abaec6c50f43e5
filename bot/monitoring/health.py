"""The health monitor: readiness at most once a second, counts for a scrape at most every five."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import asyncpg

from bot.inbound.backfill import CatchUp
from bot.monitoring import checks
from bot.monitoring.checks import BacklogTrend, Check, FaultTimer
from bot.runtime import Runtime
from store import metrics
from store.db.engine import TROUBLE, raw

LOOK_AGAIN = 1.0
"""Seconds an outcome of the checks is good for: whoever asks more often gets the last one."""
COUNT_AGAIN = 5.0
"""Seconds the counts of the database are good for."""

Gauge = Callable[[], float | None]
GAUGES = ("due_lag_seconds", "tick_age_seconds", "backup_age_seconds")
"""What other parts may tell about themselves; None while they do not know."""


class HealthMonitor:
    """The checks and counts of one application, on a connection of their own."""

    def __init__(self, runtime: Runtime, catch_up: CatchUp) -> None:
        self._runtime = runtime
        self._catch_up = catch_up
        self.spool = runtime.settings.data_dir / "spool"
        self._gauges: dict[str, Gauge] = {}
        self._conn: asyncpg.Connection | None = None
        self._looking = asyncio.Lock()
        self._looked: tuple[float, list[Check]] | None = None
        self._counted: tuple[float, metrics.StatusCounts | None] | None = None
        self._unheld = FaultTimer()
        self._shrinking = BacklogTrend()
        self.waiting: metrics.Backlog | None = None

    def register(self, name: str, gauge: Gauge) -> None:
        """Let a part tell one of GAUGES; a registered tick also counts for readiness. Raises KeyError."""
        if name not in GAUGES:
            raise KeyError(f"there is no gauge {name}: use one of {', '.join(GAUGES)}")
        self._gauges[name] = gauge

    def told(self) -> dict[str, float]:
        """What the registered parts know of themselves now."""
        return {name: value for name, gauge in self._gauges.items() if (value := gauge()) is not None}

    async def ready(self) -> list[Check]:
        """Check everything, or return what was found within the last second."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._looked is None or now - self._looked[0] >= LOOK_AGAIN:
                found = await self._look()
                self._looked = (asyncio.get_running_loop().time(), found)
            return self._looked[1]

    async def counted(self) -> metrics.StatusCounts | None:
        """Count in the database, or return what was counted within five seconds; None when it does not answer."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._counted is None or now - self._counted[0] >= COUNT_AGAIN:
                self._counted = (now, await self._count())
            return self._counted[1]

    async def close(self) -> None:
        """Close the connection."""
        if self._conn is not None:
            self._conn.terminate()
            self._conn = None

    async def _look(self) -> list[Check]:
        now = self._runtime.clock.now()
        keyring, database = await asyncio.gather(self._keyring(now), self._database(now))
        local = [await asyncio.to_thread(checks.disk, self._runtime.settings.data_dir)]
        if "spool" in self._runtime.parts:
            local.append(self._spooled())
        if self._catch_up.silent is not None:
            local.append(Check("webhooks", False, checks.age(self._catch_up.silent, now)))
        tick = self.told().get("tick_age_seconds")
        if tick is not None:
            local.append(Check("ticker", tick <= checks.TICK_WITHIN, tick))
        return [*database, *keyring, *local]

    def _spooled(self) -> Check:
        stuck = self._shrinking.stuck(checks.spool_bytes(self.spool))
        return Check("spool", stuck <= checks.SPOOL_WITHIN, stuck)

    async def _database(self, now: datetime) -> list[Check]:
        """Write, then look at what waits; what cannot be looked at is late."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(checks.DATABASE_WITHIN):
                conn = await self._connected()
                await metrics.prove_writable(conn)
                took = loop.time() - began
                self.waiting = await metrics.waiting(conn, self._runtime.numbers, now)
        except (*TROUBLE, metrics.ReadOnly):
            await self.close()
            self.waiting = None
            return [Check("database", False, loop.time() - began)]
        return [
            Check("database", True, took),
            *checks.waits(self.waiting, now),
            checks.lanes(self.waiting, self._unheld),
        ]

    async def _keyring(self, now: datetime) -> list[Check]:
        """Look at the tokens in the keyring: proof that it answers, too."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        names = [
            name for name, endpoint in self._runtime.endpoints.items() if endpoint.channel.abilities.tokens is not None
        ]
        try:
            async with asyncio.timeout(checks.DATABASE_WITHIN), raw(self._runtime.store.keyring) as conn:
                lives = await metrics.tokens(conn, names)
        except TROUBLE:
            return [Check("keyring", False, loop.time() - began)]
        found = [Check("keyring", True, loop.time() - began)]
        return [*found, checks.token(lives, names, now)] if names else found

    async def _count(self) -> metrics.StatusCounts | None:
        try:
            async with asyncio.timeout(checks.DATABASE_WITHIN):
                return await metrics.counted(await self._connected())
        except TROUBLE:
            await self.close()
            return None

    async def _connected(self) -> asyncpg.Connection:
        if self._conn is None or self._conn.is_closed():
            self._conn = await self._runtime.connect()
        return self._conn
