"""A backup of the embedded server is restored into Debian's own, older PostgreSQL; one too old is refused untouched."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.backup.restore import OLDEST, BackupSource, RestoreTarget, restore
from store.errors import Refused
from tests.support.restore import backed_up, opened, restored

SERVERS = Path("/usr/lib/postgresql")


def _older() -> tuple[int, Path] | None:
    found = [(int(made.parts[-3]), made.parent) for made in SERVERS.glob("[0-9]*/bin/initdb")]
    return next((one for one in sorted(found) if OLDEST <= one[0] < 17), None)


@pytest.fixture(scope="module")
def older() -> Iterator[tuple[int, tuple[str, str]]]:
    """A server older than PostgreSQL 17, with the names of two databases that are not there yet."""
    found = _older()
    if found is None:
        pytest.skip("no PostgreSQL 15 or 16 is installed: `apt-get install postgresql-15` brings one")
    version, programs = found
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        user = {"user": "nobody"}
    run = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL, "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}
    data = ("-D", str(folder / "data"))
    subprocess.run([programs / "initdb", *data, "-U", "postgres", "--auth=trust", "-E", "utf8"], **run, **user)
    options = ("-o", f"-h '' -k {folder} -F", "-l", str(folder / "log"))
    subprocess.run([programs / "pg_ctl", *data, *options, "-w", "start"], **run, **user)
    try:
        address = "postgresql://postgres@/{}?host=" + str(folder)
        yield version, (address.format("back"), address.format("back_keyring"))
    finally:
        subprocess.run([programs / "pg_ctl", *data, "-m", "immediate", "stop"], **run, **user)
        shutil.rmtree(folder)


async def test_a_backup_comes_back_in_an_older_server(system, older, tmp_path) -> None:
    """Made by the newer programs of the wheel, restored whole: people, keys, an audit that holds."""
    await system.do("telegram", "lan", "say", text="cuu em voi")
    await system.quiet()
    folder = await backed_up(system, tmp_path / "backups")
    done = await restored(system, folder, older[1])
    assert done.people == 1
    assert done.chain
    async with opened(system, older[1]) as store, store.data.connect() as conn:
        assert str((await conn.exec_driver_sql("SHOW server_version")).scalar_one()).startswith(str(older[0]))
        assert (await conn.exec_driver_sql("SELECT count(*) FROM case_file")).scalar_one() == 1
        assert (await conn.exec_driver_sql("SELECT count(*) FROM hold")).scalar_one() == 1


async def test_a_server_that_is_too_old_is_refused_before_anything_is_touched(system, databases, tmp_path) -> None:
    """One sentence with the way out; the data that is there is not even set aside."""
    folder = await backed_up(system, tmp_path / "backups")
    before = await system.count("SELECT count(*) FROM pg_database")
    keys, now = system.runtime.settings.keys_dir, system.runtime.clock.now()
    recovery = (keys / "recovery.private").read_bytes()
    target = RestoreTarget(*databases, set_aside=True, oldest=99)
    with pytest.raises(Refused, match="99 or newer: nothing was restored; take a newer server"):
        await restore(BackupSource(folder, recovery, system.store.keys), target, now)
    assert await system.count("SELECT count(*) FROM pg_database") == before
