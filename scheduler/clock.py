"""The clock of the application: gate, due items, rate limits and hours ask it; a demo may move it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_NOTICED = timedelta(seconds=2)
_SET_BACK = timedelta(seconds=1)
"""A clock that loses more than this between two looks was set back by somebody."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER_SET = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The system's clock that nobody sets; where there is a choice, the one that counts while the machine sleeps."""


class Clock:
    """Real time, aware, UTC."""

    def __init__(self) -> None:
        self._began = self.now() - timedelta(seconds=self.steady())

    def ahead(self) -> timedelta:
        """How far the clock on the wall was set forth since this process began; 0 when it was not, or set back.

        A message that looks hours old by such a clock may have been written just now.
        """
        moved = self.now() - timedelta(seconds=self.steady()) - self._began
        return moved if moved > _NOTICED else timedelta()

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds that pass at the same pace whatever is done to the clock on the wall; for limits and timeouts."""
        return time.clock_gettime(_NEVER_SET)


class MovableClock(Clock):
    """Real time plus an offset that a demo or a test moves forward."""

    def __init__(self) -> None:
        self._offset = timedelta()
        super().__init__()

    def now(self) -> datetime:
        """Tell the moved time."""
        return super().now() + self._offset

    def steady(self) -> float:
        """Count the skipped time too: it passes for everybody."""
        return super().steady() + self._offset.total_seconds()

    def advance(self, seconds: float) -> None:
        """Move forward. Raises ValueError for a negative step: the past cannot be sent again."""
        if seconds < 0:
            raise ValueError("the clock only moves forward; give a number of seconds of 0 or more")
        self._offset += timedelta(seconds=seconds)


class ClockWatch:
    """Notices that a clock on the wall is set back, by the steady seconds beside it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.believe()

    def set_back(self) -> timedelta:
        """By how much the clock has been set back since it was last believed; 0 for a second or less, or set forth."""
        back = self._believed - self._said()
        if back < timedelta():
            self.believe()
        return back if back > _SET_BACK else timedelta()

    def believe(self) -> None:
        """Take the clock as right from now on: what followed from its being set back has been done."""
        self._believed = self._said()

    def _said(self) -> timedelta:
        return self._clock.now() - _EPOCH - timedelta(seconds=self._clock.steady())
