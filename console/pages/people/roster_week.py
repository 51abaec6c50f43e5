"""The week on the roster page: posts by days, who stands where, and the spans in which nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from content.zone import VIETNAM
from store.staff.roster import Shift
from store.staff.roster_week import gaps

POSTS_SHOWN = 3
"""Posts that are to be filled round the clock: on call, second, shift lead."""


class DayCell(msgspec.Struct, frozen=True):
    """One post on one day: its turns, the spans without any; `worst`: nobody is on call within a day."""

    turns: list[Shift]
    gaps: list[tuple[datetime, datetime]]
    worst: bool
    start: datetime
    end: datetime

    def hours(self, turn: Shift) -> tuple[datetime, datetime] | None:
        """What of a turn lies in this day; None when it is the whole day."""
        part = max(turn.starts_at, self.start), min(turn.ends_at, self.end)
        return None if part == (self.start, self.end) else part


def monday_of(day: date) -> datetime:
    """The beginning of the week a day is in; aware, Viet Nam."""
    return datetime.combine(day - timedelta(days=day.weekday()), time(), VIETNAM)


def week_cells(turns: Sequence[Shift], monday: datetime, now: datetime) -> list[list[DayCell]]:
    """Row by row for each post, day by day; what is over is no gap."""
    return [
        [_cell([one for one in turns if one.position == post], monday + timedelta(days=n), now, post) for n in range(7)]
        for post in range(POSTS_SHOWN)
    ]


def _cell(turns: list[Shift], day: datetime, now: datetime, post: int) -> DayCell:
    end = day + timedelta(days=1)
    here = [one for one in turns if one.starts_at < end and one.ends_at > day]
    empty = gaps(here, max(day, now), end) if end > now else []
    near = any(start < now + timedelta(days=1) for start, _ in empty)
    return DayCell(here, empty, worst=near and post == 0, start=day, end=end)
