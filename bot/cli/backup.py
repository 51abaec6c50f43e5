"""`nhipcau backup`, `restore` and `release`."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.cli.bootstrap import database_uris
from bot.cli.databases import command_work, with_store
from bot.cli.serve import run_until_told
from bot.config.settings import SettingsWrong, read_settings
from scheduler.clock import Clock
from store.backup import backup, manifest
from store.backup.restore import BackupSource, RestoreResult, RestoreTarget, restore
from store.crypto.keyring import open_keys
from store.db.engine import Store
from store.messages import hold


def run_backup(folder: Path, keep_keyring_days: int, settings_file: Path | None) -> int:
    """Make one backup below a folder and remove keyring dumps that are too old; returns the exit code."""

    async def act(store: Store) -> None:
        now = Clock().now()
        made = await backup.back_up(store, now, folder)
        for name, part in made.manifest.files.items():
            print(f"{made.folder / name}  {part.bytes} bytes")
        gone = manifest.prune(folder, now, keep_keyring_days)
        print(f"{gone} files with keys older than {keep_keyring_days} days were removed")

    return with_store(settings_file, act)


def run_restore(folder: Path, recovery_key: Path, set_aside: bool, settings_file: Path | None) -> int:
    """Restore one backup into empty databases, on hold; returns the exit code."""

    async def main() -> None:
        settings = read_settings(settings_file)
        if not any(settings.keys_dir.glob("*.bin")):
            raise SettingsWrong(
                [f"{settings.keys_dir} holds no key files: bring those of the service first; a backup never has them"]
            )
        keys = open_keys(settings.keys_dir, settings.data_dir)
        source = BackupSource(folder, _key(recovery_key), keys)
        target = RestoreTarget(*database_uris(settings), set_aside=set_aside)
        _tell(await restore(source, target, Clock().now()))

    return run_until_told(main)


def _key(path: Path) -> bytes:
    value = path.read_bytes()
    if len(value) != 32:
        raise SettingsWrong([f"{path} holds {len(value)} bytes instead of 32: it is not a recovery key"])
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsWrong([f"{path} can be read by others: run `chmod 600 {path}`"])
    return value


def _tell(done: RestoreResult) -> None:
    print(f"restored as of {done.at:%Y-%m-%d %H:%M} UTC: {done.people} people")
    print(f"keyring: {f'that of {done.keyring.name}' if done.keyring else 'the present one stayed'}")
    print(f"forgotten since then, and erased now: {done.erased}; of them are left: 0")
    print(f"the audit chain {'holds to its anchor' if done.chain else 'IS BROKEN: see `nhipcau audit verify`'}")
    print("the service is ON HOLD: it takes messages in and sends nothing until `nhipcau release`")


def run_release(settings_file: Path | None) -> int:
    """Let messages leave again; returns the exit code."""

    async def act(store: Store) -> None:
        async with command_work(store) as work:
            ended = await hold.release(work)
        print(f"released; it was on hold since {ended.since:%Y-%m-%d %H:%M} UTC")

    return with_store(settings_file, act)
