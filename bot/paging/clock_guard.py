"""Clock guard: when the wall clock is set back, escalations and replies keep their minutes."""

from __future__ import annotations

from datetime import timedelta

from bot.logs.journal import log
from bot.ownership import Ownership
from bot.runtime import Runtime
from scheduler.clock import ClockWatch
from scheduler.jobs.dispatch import relative_kinds
from store.clock_reset import bring_back, done_ahead
from store.unit_of_work import CLOCK, unit_of_work

_FIRST_LANE = 0
"""Of several processes that see the same clock set back, the owner of this lane acts."""
_SLIGHT = timedelta(seconds=2)
"""By so much the clocks of two machines of one installation may differ."""


class ClockGuard:
    """Looks at the clock before a step of an escalation is done."""

    def __init__(self, runtime: Runtime, ownership: Ownership) -> None:
        self._runtime = runtime
        self._ownership = ownership
        self._watch: ClockWatch | None = None

    async def look(self) -> None:
        """Bring what waits back with the clock. Raises what the database raises; the next look tries again.

        Whoever begins to mind it asks the database first: nobody may have been there when the clock was set back.
        """
        if _FIRST_LANE not in self._ownership.lanes:
            self._watch = None
            return
        back = await self._ahead() if self._watch is None else self._watch.set_back()
        if back:
            await self._bring_back(back)
        if back or self._watch is None:
            self._watch = ClockWatch(self._runtime.clock)

    async def _ahead(self) -> timedelta:
        """By how much the clock was set back while nobody minded it."""
        async with self._runtime.store.data.connect() as conn:
            ahead = await done_ahead(conn, self._runtime.clock.now())
        return ahead if ahead > _SLIGHT else timedelta()

    async def _bring_back(self, back: timedelta) -> None:
        async with unit_of_work(self._runtime.store, self._runtime.clock.now(), CLOCK) as work:
            rungs = await bring_back(work, back, relative_kinds())
        log.warning("the clock was set back", extra={"seconds": round(back.total_seconds()), "count": rungs})
