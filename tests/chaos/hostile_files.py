"""Sixteen files made to cost time, as large as may be sent, and people who cry for help while they are taken apart.

Every cry gets its numbers within a second, every file comes to an end, and whoever answers grows by no more than the
files of one round.
"""

from __future__ import annotations

import asyncio
import base64
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from content.media.attachment import LARGEST
from tests.support.files.hostile import LARGE
from tests.support.stage import Stage, stage, until

FILES, ANSWERED_WITHIN, MEMORY_MB = 16, 1.0, 150.0
PATIENCE = 15.0
"""Seconds after which a card that has not come is counted as one that never does."""


@dataclass
class HostileFilesResult:
    """Seconds until the numbers were on a phone, before and while files were in flight; and the service's memory."""

    before: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    never: int = 0
    waiting: int = 0
    house_mb_before: float = 0.0
    house_mb: float = 0.0
    parser_mb: float = 0.0
    processor_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def broken(self) -> bool:
        """Whether a must was broken."""
        late = max(self.beside, default=PATIENCE) > ANSWERED_WITHIN
        return late or bool(self.never or self.waiting) or self.house_mb - self.house_mb_before > MEMORY_MB


async def storm(
    folder: Path, names: tuple[str, ...] = tuple(LARGE), files: int = FILES, size: int = LARGEST
) -> HostileFilesResult:
    """Send so many files of a size, of these kinds in turn, and let one person after the other cry meanwhile."""
    found = HostileFilesResult()
    made = [LARGE[names[n % len(names)]](size) for n in range(files)]
    async with stage(folder) as set_up:
        server_process = await set_up.start()
        process = psutil.Process(server_process.pid)
        for n in range(8):
            await _cry(set_up, f"before-{n}", found.before, found)
        await _cry(set_up, "sender", [], found)
        found.house_mb_before = round(process.memory_info().rss / 1e6, 1)
        watching = asyncio.create_task(_watch(process, found))
        began = time.monotonic()
        for data in made:
            what = {"data": base64.b64encode(data).decode(), "name": "a.bin"}
            async with set_up.http.post(f"{set_up.sim}/__sim/telegram/sender/file", json=what) as answer:
                answer.raise_for_status()
        number = 0
        while await _left(set_up, files) and time.monotonic() < began + 300:
            await _cry(set_up, f"beside-{number}", found.beside, found)
            number += 1
        found.waiting, found.seconds = await _left(set_up, files), round(time.monotonic() - began, 1)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return found


async def _cry(set_up: Stage, user: str, waits: list[float], found: HostileFilesResult) -> None:
    """Let somebody new cry and note how long she waited for the numbers."""
    phone = set_up.world.phone("telegram", user)
    began = time.monotonic()
    await set_up.say("telegram", user, "cuu em voi")
    try:
        await until(lambda: any("113" in message.text for message in phone.messages), PATIENCE)
    except TimeoutError:
        found.never += 1
        return
    waits.append(round(time.monotonic() - began, 3))


async def _left(set_up: Stage, files: int) -> int:
    """How many files have not come to an end."""
    async with set_up.store.data.connect() as conn:
        return files - int(await conn.scalar(text("SELECT count(*) FROM case_attachment WHERE state <> 0")) or 0)


async def _watch(process: psutil.Process, found: HostileFilesResult) -> None:
    """Look ten times a second at what the service and its parser weigh, and at the time of the processor they used."""
    while True:
        with suppress(psutil.NoSuchProcess):
            found.house_mb = max(found.house_mb, round(process.memory_info().rss / 1e6, 1))
            used = process.cpu_times()
            found.processor_seconds = round(used.user + used.system, 1)
            for child in process.children():
                found.parser_mb = max(found.parser_mb, round(child.memory_info().rss / 1e6, 1))
        await asyncio.sleep(0.1)


def report(found: HostileFilesResult) -> dict[str, Any]:
    """What is printed."""
    names = ("never", "waiting", "house_mb_before", "house_mb", "parser_mb", "processor_seconds", "seconds")
    slowest = {"before": max(found.before, default=0), "beside": max(found.beside, default=0)}
    waits = {"before": found.before, "beside": sorted(found.beside)[-16:], "cries_beside": len(found.beside)}
    return {"slowest": slowest, **waits, **{name: getattr(found, name) for name in names}}
