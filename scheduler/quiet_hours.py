"""Quiet hours: her safe hours and everybody's night, on the clock of Viet Nam. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from content.zone import VIETNAM

NIGHT_ENDS, NIGHT_BEGINS = 7 * 60, 21 * 60
"""Minutes of the day between which we may begin to speak at all (domain protocol: never 21:00–07:00)."""


class Window(msgspec.Struct, frozen=True, order=True):
    """A part of a day, in minutes from midnight; the end is not included."""

    start: int
    end: int


DAYTIME = (Window(NIGHT_ENDS, NIGHT_BEGINS),)


def windows_of(minutes: Sequence[int]) -> tuple[Window, ...]:
    """Read pairs of minutes (start, end, start, end …) as the store keeps them, cut to the daytime, in order."""
    pairs = zip(minutes[::2], minutes[1::2], strict=True)
    cut = (Window(max(start, NIGHT_ENDS), min(end, NIGHT_BEGINS)) for start, end in pairs)
    return tuple(sorted(window for window in cut if window.start < window.end))


def minute_of(at: datetime) -> int:
    """The minute of the day in Viet Nam."""
    local = at.astimezone(VIETNAM)
    return local.hour * 60 + local.minute


def is_open(windows: Sequence[Window], at: datetime) -> bool:
    """Say whether something may arrive at this moment."""
    minute = minute_of(at)
    return any(window.start <= minute < window.end for window in windows)


def opening(minutes: Sequence[int], day: date) -> tuple[datetime, datetime] | None:
    """The first window of a day, of hours as the store keeps them, as moments (start, end), aware; None without any."""
    windows = windows_of(minutes)
    return (_moment(day, windows[0].start), _moment(day, windows[0].end)) if windows else None


def next_opening(windows: Sequence[Window], after: datetime) -> datetime | None:
    """The first moment not before `after` at which something may arrive; None without any window."""
    if not windows:
        return None
    if is_open(windows, after):
        return after
    today = after.astimezone(VIETNAM).date()
    starts = (_moment(today + timedelta(days=n), window.start) for n in (0, 1) for window in windows)
    return next(start for start in starts if start >= after)


def _moment(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), VIETNAM) + timedelta(minutes=minute)
