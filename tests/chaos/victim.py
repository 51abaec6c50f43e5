"""A house that kills itself with SIGKILL at the n-th passing of a stage. Started by the storms, never by hand.

Argument: one JSON object with `settings` (see bot.settings), `stage` and `after` (0: never); with `clock`, a file that
holds the seconds by which the time was moved, this house lives in that time.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import uvloop

from bot import journal
from bot.commands.serve import open_door, stay
from bot.commands.start import build_house
from bot.house import House
from bot.settings import read_settings
from bot.vitals.door import vitals_open
from scheduler.clock import Clock


class FileClock(Clock):
    """The time of the storm: real time plus what its driver wrote into a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def moved(self) -> float:
        """How many seconds the time was moved."""
        return float(self._file.read_text() or 0)

    def now(self) -> datetime:
        """Tell the storm's time."""
        return super().now() + timedelta(seconds=self.moved())

    async def follow(self, house: House) -> None:
        """Let the house look at everything again whenever the time was moved."""
        seen = self.moved()
        while True:
            await asyncio.sleep(0.02)
            if (moved := self.moved()) != seen:
                seen = moved
                await house.clock_moved()


async def main(order: dict[str, object]) -> None:
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
    house = await build_house(settings, clock, probe=probe, role=str(order.get("role", "all")))
    moving = asyncio.create_task(clock.follow(house)) if isinstance(clock, FileClock) else None
    if house.role == "worker":
        async with house.running(), vitals_open(house):
            await house.start_channels()
            print("ready", flush=True)
            await stay(house)
        return
    async with open_door(house, {}):
        print("ready", flush=True)
        await stay(house)
    if moving is not None:
        moving.cancel()


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))
