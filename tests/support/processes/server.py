"""A service that kills itself with SIGKILL at the n-th passing of a stage. Started by the fork server, never by hand.

Its order has `settings` (see bot.config.settings), `stage` and `after` (0: never); with `clock`, a file that holds the
seconds by which the time was moved, this service lives in that time.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import Application
from bot.cli.bootstrap import build_application
from bot.cli.serve import serving, stay
from bot.config.settings import read_settings
from bot.logs import journal
from bot.monitoring.endpoints import monitoring_open
from flows.engine.conversation import Conversation
from scheduler.clock import Clock


class FileClock(Clock):
    """The time of the storm: real time plus what its driver wrote into a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        super().__init__()

    def moved(self) -> float:
        """How many seconds the time was moved."""
        return float(self._file.read_text() or 0)

    def now(self) -> datetime:
        """Tell the storm's time."""
        return super().now() + timedelta(seconds=self.moved())

    def steady(self) -> float:
        """Count the skipped time too: it passes for everybody."""
        return super().steady() + self.moved()

    async def follow(self, application: Application) -> None:
        """Let the service look at everything again whenever the time was moved."""
        seen = self.moved()
        while True:
            await asyncio.sleep(0.02)
            if (moved := self.moved()) != seen:
                seen = moved
                await application.clock_moved()


async def main(order: dict[str, object], conversation: Conversation, ready: Callable[[], object]) -> None:
    """Run until killed, or told to stop."""
    settings = read_settings(**order["settings"])  # type: ignore[arg-type]
    journal.begin(str(order.get("log", "warning")))
    left = int(str(order["after"]))

    def probe(stage: str) -> None:
        nonlocal left
        if stage == order["stage"] and left:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    clock = FileClock(Path(str(order["clock"]))) if order.get("clock") else Clock()
    application = await build_application(
        settings, clock, probe=probe, role=str(order["role"]), conversation=conversation
    )
    moving = asyncio.create_task(clock.follow(application)) if isinstance(clock, FileClock) else None
    if application.runtime.role == "worker":
        async with application.running(), monitoring_open(application.measured):
            await application.start_channels()
            ready()
            await stay(application)
        return
    async with serving(application, {}):
        ready()
        await stay(application)
    if moving is not None:
        moving.cancel()
