"""Backup of a running service: the data, and in files of their own its keys, all encrypted to the recovery key.

Three files. `data.age` is kept for a month. `keyring.age` (people's keys) and `inbox_keys.age` (keys of the hour) are
kept for days: without them a backup says nothing of anybody who was forgotten since. Left out altogether: key files of
the service, channel tokens (each may be used once), sessions of staff.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from store import audit
from store.backup import manifest
from store.backup.manifest import DATA, INBOX_KEYS, KEYRING, Manifest, Part
from store.backup.postgres_tools import running, tools_for
from store.crypto import age
from store.db.engine import Store, uri_of
from store.errors import Refused
from store.metadata import metadata
from store.refusals import Refusal
from store.unit_of_work import COMMAND, unit_of_work

NOT_COUNTED = ("inbox_key", "hold")
"""Tables of the data whose rows are not in its dump."""
_DATA = ("--snapshot={snapshot}", *(f"--exclude-table-data=public.{name}" for name in NOT_COUNTED))
_INBOX_KEYS = ("--data-only", "--table=public.inbox_key")
_LEFT_OUT = ("channel_token", "channel_token_attempt", "staff_session", "login_attempt")
_KEYRING = tuple(f"--exclude-table-data=public.{name}" for name in _LEFT_OUT)


class BackupResult(msgspec.Struct, frozen=True):
    """A finished backup: where it is, and what it says of itself."""

    folder: Path
    manifest: Manifest


async def back_up(store: Store, now: datetime, root: Path) -> BackupResult:
    """Make one backup in a folder of its own below `root`; a backup that fails leaves nothing that looks like one.

    That it was made is in the audit, on the object `keys`: the newest such record tells a backup's age.
    Raises NoTools, ToolFailed, Refused, OSError.
    """
    done = root / manifest.stamp(now)
    if done.exists():
        raise Refused(Refusal.BACKUP_EXISTS, path=done)
    part = root / f".{done.name}.{os.getpid()}.part"
    part.mkdir(parents=True, mode=0o700)
    async with store.data.connect() as conn:
        said, files = await _dumps(store, conn, part)
    schema = {"data": said.schema, "keyring": await _schema(store.keyring)}
    made = Manifest(manifest.FORMAT, now, schema, files, said.rows, said.audit_seq, said.audit_mac)
    made = manifest.sealed(made, store.keys)
    manifest.write(part, made)
    part.rename(done)
    async with unit_of_work(store, now, COMMAND) as work:
        work.record("house.backed_up", "house")
    return BackupResult(done, made)


class _Said(msgspec.Struct, frozen=True):
    """What the snapshot of the data says of itself."""

    schema: str
    rows: dict[str, int]
    audit_seq: int
    audit_mac: str


async def _dumps(store: Store, conn: AsyncConnection, folder: Path) -> tuple[_Said, dict[str, Part]]:
    """Dump the data as one snapshot sees it, then the keys: a person in the data has hers in the keyring's dump."""
    await conn.execution_options(isolation_level="REPEATABLE READ")
    snapshot = (await conn.execute(select(func.pg_export_snapshot()))).scalar_one()
    tools = tools_for(int((await conn.execute(text("SHOW server_version_num"))).scalar_one()) // 10_000)
    said = await _look(conn)
    data, ring, public = uri_of(store.data), uri_of(store.keyring), store.keys.recovery_public
    jobs = (
        (DATA, data, tuple(one.format(snapshot=snapshot) for one in _DATA)),
        (INBOX_KEYS, data, _INBOX_KEYS),
        (KEYRING, ring, _KEYRING),
    )
    files = {}
    for name, uri, arguments in jobs:
        files[name] = await asyncio.to_thread(_dump, tools / "pg_dump", uri, arguments, folder / name, public)
    return said, files


async def _look(conn: AsyncConnection) -> _Said:
    counts = {
        table.name: (await conn.execute(select(func.count()).select_from(table))).scalar_one()
        for table in metadata.sorted_tables
        if table.name not in NOT_COUNTED
    }
    chain = audit.audit.c
    head = (await conn.execute(select(chain.seq, chain.mac).order_by(chain.seq.desc()).limit(1))).one_or_none()
    version = (await conn.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    return _Said(version, counts, head.seq if head else 0, head.mac.hex() if head else "")


async def _schema(engine: AsyncEngine) -> str:
    async with engine.connect() as conn:
        return str((await conn.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())


class _Counted:
    """A file that knows what was written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, block: bytes, /) -> int:
        """Write and count."""
        self.digest.update(block)
        self.size += len(block)
        return self._file.write(block)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._file.flush()


def _dump(program: Path, uri: str, arguments: tuple[str, ...], path: Path, public: bytes) -> Part:
    """Stream one compressed dump into one encrypted file; the plain dump is never on the disk."""
    with running(program, uri, "-Fc", "--no-owner", "--no-privileges", *arguments) as dump:
        with manifest.open_new(path) as file:
            counted = _Counted(file)
            age.encrypt(public, dump.output, counted)
        dump.end()
    return Part(counted.digest.hexdigest(), counted.size)
