"""`checkins`: what one tick costs while a million check-ins lie ahead, with nothing due.

The tick is the service's own: its lock, and a look at when the first falls due. Rows lie up to 90 days
ahead, as three months of daily plans leave them.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from figures import machine, milliseconds
from processes import Trouble

from scheduler.clock import Clock
from scheduler.jobs.dispatch import overdue
from scheduler.ticker import Tick, Ticks
from store.crypto.keyring import open_keys
from store.db.embedded import embedded
from store.db.engine import Store, migrate, open_store, raw

_TICKS = 300
_AHEAD = """
INSERT INTO due_item(kind, subject, due_at, not_after)
SELECT 1, n, at, at + interval '2 hours'
FROM (SELECT n, now() + interval '1 hour' + random() * interval '90 days' AS at FROM generate_series(1, $1) n) ahead"""


def measure(options: Namespace) -> dict[str, Any]:
    """Fill a fresh database `options.runs` times and tick; returns the printed document."""
    before, runs = machine(), []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory(prefix="nhipcau-bench-", ignore_cleanup_errors=True) as name:
            runs.append(milliseconds(asyncio.run(_ticked(Path(name), options.messages))))
        print(f"a tick beside {options.messages} ahead: {runs[-1]} ms", file=sys.stderr)
    return {"bench": "checkins", "ahead": options.messages, "ticks": _TICKS, "machine": before, "tick_ms": runs}


async def _ticked(folder: Path, ahead: int) -> list[float]:
    uris = embedded(folder / "data")
    for uri, branch in zip(uris, ("data", "keyring"), strict=True):
        await migrate(uri, branch)
    store = open_store(*uris, open_keys(folder / "keys", folder / "data"))
    async with raw(store.data) as conn:
        await conn.execute(_AHEAD, ahead, timeout=300)
        await conn.execute("ANALYZE due_item", timeout=300)  # the server does so by itself within a minute
    ticks = Ticks(store.data, [Tick("due", 1, lambda: _look(store))], _fail)
    took = []
    for _ in range(_TICKS):
        begun = time.perf_counter()
        await ticks.now("due")
        took.append(time.perf_counter() - begun)
    await store.close()
    return took


async def _look(store: Store) -> None:
    if await overdue(store, Clock().now()) is not None:
        raise Trouble("something is due: this bench measures a tick with nothing to do")


def _fail(_: str, error: BaseException) -> None:
    raise error
