"""A house that kills itself with SIGKILL at the n-th passing of a stage. Started by the storms, never by hand.

Argument: one JSON object with `settings` (see bot.settings), `stage` and `after` (0: never).
"""

from __future__ import annotations

import json
import os
import signal
import sys

import uvloop

from bot import journal
from bot.commands.serve import open_door, stay
from bot.commands.start import build_house
from bot.settings import read_settings
from bot.vitals.door import vitals_open
from scheduler.clock import Clock


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

    house = await build_house(settings, Clock(), probe=probe, role=str(order.get("role", "all")))
    if house.role == "worker":
        async with house.running(), vitals_open(house):
            await house.start_channels()
            print("ready", flush=True)
            await stay(house)
        return
    async with open_door(house, {}):
        print("ready", flush=True)
        await stay(house)


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))
