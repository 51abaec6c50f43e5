"""The disk under the database fills up: with the spool on another disk, and with the spool on the same full one.

In the first case everything is still acknowledged and answered with the numbers. In the second what cannot be kept is
refused (503, so that the platform repeats it) and never acknowledged. With room again, nothing is missing.
Needs root, to mount a small tmpfs.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.database import OutageResult, Server, chatter, cry, settle, socket_of, through, welcomed
from tests.chaos.proxy import wire
from tests.support.stage import stage

MEGABYTES = 160
REASON = "a small tmpfs could not be mounted (root is needed)"


@contextlib.contextmanager
def small_disk(at: Path) -> Iterator[bool]:
    """Mount a disk of MEGABYTES; yields False where that is not allowed."""
    at.mkdir(parents=True, exist_ok=True)
    options = f"size={MEGABYTES}m,mode=755"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", at], capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", at], check=False)


def fill(disk: Path) -> None:
    """Use up every block that is left."""
    with (disk / "ballast").open("ab", buffering=0) as ballast, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while ballast.write(b"\0" * size) == size:
                    pass


async def storm(
    folder: Path, cycles: int, messages: int, same_disk: bool, full_for: float = 3.0
) -> OutageResult | None:
    """Fill the disk `cycles` times in the middle of talk; None where no small disk can be had."""
    disk = folder / "small"
    with small_disk(disk) as mounted:
        if not mounted:
            return None
        return await _on(disk, folder, cycles, messages, same_disk, full_for)


async def _on(disk: Path, folder: Path, cycles: int, messages: int, same_disk: bool, full_for: float) -> OutageResult:
    rng, found = random.Random(3), OutageResult()
    async with (
        stage(folder, database=disk / "data") as set_up,
        wire(socket_of(set_up.settings["database_url"])) as laid,
    ):
        for name in ("database_url", "keyring_url"):
            set_up.settings[name] = through(set_up.settings[name], laid.port)
        if same_disk:
            set_up.settings["data_dir"] = str(disk / "house")
        server = Server(disk / "data", laid)
        await set_up.start()
        for n in range(cycles):
            talking = asyncio.create_task(chatter(set_up, n, messages, rng, found))
            await asyncio.to_thread(fill, disk)
            await talking
            await asyncio.gather(*(cry(set_up, channel, f"cry{n}", found) for channel in ("telegram", "zalo_oa")))
            await asyncio.sleep(full_for)
            (disk / "ballast").unlink()
            await server.come_back()
            back = time.monotonic()
            await welcomed(set_up, f"new{n}", found)
            found.back_seconds.append(round(time.monotonic() - back, 2))
        found.outages = {"disk full": cycles}
        await settle(set_up, found)
    return found
