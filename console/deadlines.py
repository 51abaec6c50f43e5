"""How long a case may wait for a human, by its level."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
URGENT = 3
"""From this level on a case is announced by sound."""
_WITHIN = {4: timedelta(minutes=5), 3: timedelta(minutes=15), 2: timedelta(hours=4), 1: timedelta(hours=24)}
_FROM, _UNTIL = time(7), time(21)


def due(level: int, since: datetime) -> datetime:
    """When a case of `level` that waits since `since` (aware) must have been answered; aware, Viet Nam.

    Levels 3 and 4 count round the clock; what levels 1 and 2 would reach at night is due at the next 07:00.
    Source: reference protocol, danger levels (2026-11).
    """
    moment = (since + _WITHIN.get(level, _WITHIN[1])).astimezone(HERE)
    if level >= URGENT or _FROM <= moment.time() <= _UNTIL:
        return moment
    day = moment.date() + timedelta(days=1) if moment.time() > _UNTIL else moment.date()
    return datetime.combine(day, _FROM, HERE)
