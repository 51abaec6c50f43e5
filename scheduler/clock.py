"""The one clock of the house: gate, due items, buckets and hours ask it; a demo may move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time, aware, UTC."""

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC)


class MovableClock(Clock):
    """Real time plus an offset that a demo or a test moves forward."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """Tell the moved time."""
        return super().now() + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward. Raises ValueError for a negative step: the past cannot be sent again."""
        if seconds < 0:
            raise ValueError("the clock only moves forward; give a number of seconds of 0 or more")
        self._offset += timedelta(seconds=seconds)
