"""The time of the simulated world: real time plus what has been skipped, and sleepers that wake when it moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
"""Where the platforms count days and nights; no summer time since 1975."""


def real_now() -> datetime:
    """Return the real time, aware, UTC."""
    return datetime.now(UTC)


class Clock:
    """A clock that only moves forward: `source` (aware, UTC) plus the seconds skipped so far."""

    def __init__(self, source: Callable[[], datetime] = real_now) -> None:
        self._source = source
        self._skipped = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the world's time, aware, UTC."""
        return self._source() + self._skipped

    def advance(self, seconds: float) -> None:
        """Skip `seconds` (not negative: time never runs backwards) and wake every sleeper."""
        if seconds < 0:
            raise ValueError(f"the clock cannot go back by {-seconds} s; give a positive number of seconds")
        self._skipped += timedelta(seconds=seconds)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def sleep_until(self, moment: datetime) -> None:
        """Return when the world's time has reached `moment`, by waiting or by an advance."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), timeout=max(left, 0.001))
            except TimeoutError:
                continue

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of the world's time."""
        await self.sleep_until(self.now() + timedelta(seconds=seconds))
