"""A clock that stands until a test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from scheduler.clock import MovableClock


class StillClock(MovableClock):
    """Real time as it was when the clock was made, and only what a test advances it by."""

    def __init__(self) -> None:
        self._stands: datetime | None = None
        super().__init__()
        self._stands = super().now()

    def now(self) -> datetime:
        """Tell the time that stands."""
        return super().now() if self._stands is None else self._stands + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self._offset += timedelta(seconds=seconds)
