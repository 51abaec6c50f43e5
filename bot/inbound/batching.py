"""Batch timing: a batch begins when woken, at the latest after a while, and not before a few events came together."""

from __future__ import annotations

import asyncio
import contextlib

SWEEP = 1.0
"""Seconds after which pending rows are looked for even without a wake-up (real time)."""
TOGETHER = 6
"""Events of a batch from which on the next one waits a moment: more will have come."""


class BatchTimer:
    """When a batch begins, and whether one is in hand."""

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.idle = asyncio.Lock()

    async def next(self, size: int) -> None:
        """Wait for the next batch, after one of `size` events: for a wake-up, a sweep, or for more to come together."""
        if size == 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP):
                    await self.wake.wait()
        elif size >= TOGETHER:
            await asyncio.sleep(0.001)
        self.wake.clear()
