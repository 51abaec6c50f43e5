"""Opening hours: whether a service answers at a given moment, by its own clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from content.schema import Hours


def is_open(hours: Hours, now: datetime) -> bool | None:
    """Say whether somebody answers at `now` (aware); None when the hours are not known."""
    if hours.kind == "always":
        return True
    if hours.kind == "unknown":
        return None
    local = now.astimezone(ZoneInfo(hours.zone))
    return local.isoweekday() in hours.days and hours.opens <= f"{local:%H:%M}" < hours.closes


def opens_next(hours: Hours, now: datetime) -> tuple[int, str] | None:
    """Return the next opening as (day of the week 1-7, "08:00") by the service's clock.

    None unless it keeps office hours.
    """
    if hours.kind != "office" or not hours.days:
        return None
    local = now.astimezone(ZoneInfo(hours.zone))
    for ahead in range(8):
        day = (local + timedelta(days=ahead)).isoweekday()
        if day in hours.days and (ahead > 0 or f"{local:%H:%M}" < hours.opens):
            return day, hours.opens
    return None
