"""Readiness checks, computed from plain numbers of seconds, bytes and lanes."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from store.messages.lanes import LANES
from store.metrics import Backlog, TokenLife

DATABASE_WITHIN = 2.0
"""Seconds a write, or a look into the keyring, may take."""
OUT_WITHIN = 30.0
"""Seconds a due answer or cry for help may wait before the sender counts as stuck."""
IN_WITHIN = 30.0
"""Seconds a stored message may wait to be read."""
SPOOL_WITHIN = 10.0
"""Seconds the spool may go without becoming smaller."""
LANES_WITHIN = 10.0
"""Seconds a lane may have no owner: a frozen one is followed within six."""
TICK_WITHIN = 30.0
"""Seconds since the last tick of the clock."""
DISK_LEAST = 256 * 1024 * 1024
"""Bytes free where the data and the spool lie."""
TOKEN_LEAST = timedelta(hours=2)
"""What an access token must have left."""
_TOKEN_SHARE = 0.08
"""The same as a part of its life, for tokens shorter than Zalo's 25 hours: a new grant is assumed to live one hour."""


class Check(msgspec.Struct, frozen=True):
    """One thing looked at: `seconds` is its age, duration or rest of life; None when it has none."""

    name: str
    ok: bool
    seconds: float | None = None


class FaultTimer:
    """Remembers how long something has been wrong, on the loop's clock."""

    def __init__(self) -> None:
        self._began: float | None = None

    def lasting(self, wrong: bool) -> float:
        """Seconds it has been wrong without a break; 0 when it is right."""
        if not wrong:
            self._began = None
            return 0.0
        now = asyncio.get_running_loop().time()
        if self._began is None:
            self._began = now
        return now - self._began


class BacklogTrend:
    """Whether a spool that is not empty is being carried over."""

    def __init__(self) -> None:
        self._before = 0
        self._stuck = FaultTimer()

    def stuck(self, size: int) -> float:
        """Seconds since it last became smaller, 0 when it is empty."""
        before, self._before = self._before, size
        if size < before:
            self._stuck.lasting(False)
        return self._stuck.lasting(size > 0)


def waits(found: Backlog, now: datetime) -> list[Check]:
    """Check the oldest message in and the oldest one out."""
    oldest_in, oldest_out = age(found.inbox_oldest, now), age(found.out_oldest, now)
    return [
        Check("inbox", oldest_in <= IN_WITHIN, oldest_in),
        Check("sender", oldest_out <= OUT_WITHIN, oldest_out),
    ]


def lanes(found: Backlog, unheld: FaultTimer) -> Check:
    """Check that every lane has an owner, here or elsewhere."""
    lasting = unheld.lasting(found.lanes_held < LANES)
    return Check("lanes", lasting <= LANES_WITHIN, lasting)


def token(lives: Iterable[TokenLife], wanted: Iterable[str], now: datetime) -> Check:
    """Check the access token that ends first; an account without one has none left."""
    found = {life.name: life for life in lives}
    left, ok = None, True
    for name in wanted:
        life = found.get(name)
        rest = (life.until - now).total_seconds() if life else 0.0
        least = min(TOKEN_LEAST, (life.until - life.since) * _TOKEN_SHARE).total_seconds() if life else 0.0
        ok = ok and rest > least
        left = rest if left is None else min(left, rest)
    return Check("tokens", ok, left)


def disk(folder: Path) -> Check:
    """Check the room left on the disk of the data and the spool."""
    try:
        return Check("disk", shutil.disk_usage(folder).free >= DISK_LEAST)
    except OSError:
        return Check("disk", False)


def age(since: datetime | None, now: datetime) -> float:
    """Seconds from then to now, never negative; 0 for what is not there."""
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


def spool_bytes(folder: Path) -> int:
    """Bytes that wait in the spool of all processes of this box."""
    total = 0
    for pattern in ("*.spool", "*.waiting"):
        for file in folder.glob(pattern):
            try:
                total += file.stat().st_size
            except FileNotFoundError:
                continue  # just carried over
    return total
