"""Back a service up, and bring the backup to life elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from bot.outbound.sender import SWEEP
from store.backup.backup import back_up
from store.backup.restore import BackupSource, RestoreResult, RestoreTarget, restore
from store.crypto.keyring import open_keys
from store.db.engine import Store, open_store
from tests.support.stage import until
from tests.support.system import System, built


async def backed_up(system: System, root: Path, days_ago: float = 0) -> Path:
    """Make a backup and name its folder; `days_ago` only dates it back."""
    made = await back_up(system.store, system.runtime.clock.now() - timedelta(days=days_ago), root)
    return made.folder


async def restored(system: System, folder: Path, uris: tuple[str, str]) -> RestoreResult:
    """Restore a backup of a service into other databases, with the key files and the recovery key of that service."""
    keys = system.runtime.settings.keys_dir
    recovery = (keys / "recovery.private").read_bytes()
    source = BackupSource(folder, recovery, system.store.keys)
    return await restore(source, RestoreTarget(*uris), system.runtime.clock.now())


@contextlib.asynccontextmanager
async def opened(system: System, uris: tuple[str, str]) -> AsyncIterator[Store]:
    """A store on other databases with the key files of an installation."""
    store = open_store(*uris, open_keys(system.runtime.settings.keys_dir, None))
    yield store
    await store.close()


@contextlib.asynccontextmanager
async def alive(system: System, uris: tuple[str, str], folder: Path) -> AsyncIterator[System]:
    """A whole service on restored databases, at the same time of day, in a world of its own with the same phones."""
    shutil.copytree(system.runtime.settings.keys_dir, folder / "keys")
    async with built(uris, folder) as made:
        await made.advance(max(0.0, (system.runtime.clock.now() - made.runtime.clock.now()).total_seconds()))
        yield made


async def looked(system: System, times: int = 3) -> None:
    """Let the sender look for due rows so many times: whatever could leave has left by then."""
    loop = asyncio.get_running_loop()
    enough = loop.time() + times * SWEEP
    system.application.sender.wake()
    await until(lambda: loop.time() > enough, 30)


async def sent(system: System) -> int:
    """How many rows left this service, or may have."""
    return await system.count("SELECT count(*) FROM ledger WHERE status IN (1, 2, 3)")
