"""How often one person may try invitation codes: a poster's code is typed wrong twice, not forty times."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 6
WITHIN = timedelta(hours=1)
_KEPT = 10_000


class GuessLimiter:
    """Counts tries per conversation (by blind index) in this process's memory."""

    def __init__(self) -> None:
        self._tries: OrderedDict[bytes, tuple[datetime, int]] = OrderedDict()

    def may(self, index: bytes, now: datetime) -> bool:
        """Count a try, and say whether it may be looked at."""
        since, count = self._tries.pop(index, (now, 0))
        if now - since > WITHIN:
            since, count = now, 0
        self._tries[index] = (since, count + 1)
        if len(self._tries) > _KEPT:
            self._tries.popitem(last=False)
        return count < MOST
