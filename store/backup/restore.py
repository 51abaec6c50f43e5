"""Restore a backup into empty databases, on hold, without anybody who was forgotten (safety rule 15).

Everything is proven before anything is touched. The data and its hold are one transaction, and until the restore has
ended no process can start on the data: starting waits for the lock that the restore keeps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import func, select, table, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.backup import manifest
from store.backup.load_dump import load
from store.backup.manifest import DATA, INBOX_KEYS, KEYRING, Manifest
from store.backup.postgres_tools import Server, ToolFailed, tools_for
from store.crypto import age
from store.crypto.keyring import Keyring, MasterKeys
from store.db.engine import Store, connect, engine_url, migrate, open_store
from store.errors import Refused, Sealed
from store.messages import hold
from store.migrations.revisions import refuse_backup
from store.migrations.run import create_if_missing, locked, refuse_unknown, upgrade_locked
from store.people.models import person
from store.privacy import forgetting
from store.refusals import Refusal
from store.unit_of_work import COMMAND, unit_of_work

OLDEST = 15
"""The oldest major version of PostgreSQL that a backup is restored into: that of Debian 12."""


class RestoreResult(msgspec.Struct, frozen=True):
    """What a restore did. `keyring` names the backup whose keys were used, None when the present keyring stayed.

    `erased` counts people of the backup who were forgotten since; `chain` is whether the audit holds to its anchor.
    """

    at: datetime
    people: int
    erased: int
    keyring: Path | None
    chain: bool


class _Chosen(msgspec.Struct, frozen=True):
    """The files to restore: of the data, and of the keyring when the present one is empty."""

    made: Manifest
    data: list[Path]
    keyring: Path | None


class BackupSource(msgspec.Struct, frozen=True):
    """The backup to restore, the recovery key that opens it, and the key files of the service that made it."""

    folder: Path
    recovery: bytes
    keys: MasterKeys

    def __repr__(self) -> str:
        """The folder alone: no key may reach a log."""
        return f"BackupSource({self.folder})"


class RestoreTarget(msgspec.Struct, frozen=True):
    """The databases to restore into, by their URIs, on servers of at least the version `oldest`.

    With `set_aside` the present data is renamed first, once everything is proven; it is kept, and nothing reads it.
    """

    data: str
    keyring: str
    set_aside: bool = False
    oldest: int = OLDEST


async def restore(source: BackupSource, target: RestoreTarget, now: datetime) -> RestoreResult:
    """Restore one backup; the service is on hold afterwards, whatever became of the restore.

    Raises Refused, OlderSchema, NewerSchema, NoTools before anything was touched, ToolFailed when PostgreSQL gave up.
    """
    servers = [await _server(uri, target.oldest) for uri in (target.data, target.keyring)]
    chosen = await _choose(source, target)
    if target.set_aside:
        await _set_aside(target.data, now)
    async with locked(engine_url(target.data)) as lock:
        await _must_be_empty(lock)
        await _load(chosen, source.recovery, now, servers)
        await _must_be_complete(lock, chosen.made)
        await upgrade_locked(lock, "data")
        store = open_store(target.data, target.keyring, source.keys)
        try:
            return await _finish(store, now, chosen)
        finally:
            await store.close()


async def _choose(source: BackupSource, target: RestoreTarget) -> _Chosen:
    """Prove every file that is needed. Raises as `restore` does."""
    folder, made = source.folder, manifest.read(source.folder, source.keys)
    for branch, schema in made.schema.items():
        refuse_backup(branch, schema)
    names = [DATA, *([INBOX_KEYS] if (folder / INBOX_KEYS).exists() else [])]
    await asyncio.to_thread(_prove, folder, made, source.recovery, names)
    stays = await _keyring_stays(target.keyring, source.keys)
    keyring = None if stays else await asyncio.to_thread(_newest_keyring, source, made)
    return _Chosen(made, [folder / name for name in names], keyring)


def _prove(folder: Path, made: Manifest, recovery: bytes, names: list[str]) -> None:
    """Prove every byte of files, and that the recovery key opens them. Raises Refused."""
    for name in names:
        if not (folder / name).exists():
            raise Refused(Refusal.BACKUP_INCOMPLETE, folder=folder, name=name)
    manifest.check(folder, made, names)
    for name in names:
        with (folder / name).open("rb") as file, Path("/dev/null").open("wb") as nowhere:
            try:
                age.decrypt(recovery, file, nowhere)
            except Sealed:
                raise Refused(Refusal.RECOVERY_KEY_WRONG, path=folder / name) from None


def _newest_keyring(source: BackupSource, made: Manifest) -> Path:
    """The newest dump of the keyring beside a backup: it knows of most forgettings. Raises as `restore` does.

    One that is older than the data is refused: whoever came in between would count as forgotten.
    """
    for _, beside in manifest.backups(source.folder.resolve().parent):
        if (beside / KEYRING).exists():
            other = manifest.read(beside, source.keys)
            if other.at < made.at:
                break
            refuse_backup("keyring", other.schema["keyring"])
            _prove(beside, other, source.recovery, [KEYRING])
            return beside
    raise Refused(Refusal.BACKUP_NO_KEYRING)


async def _keyring_stays(uri: str, keys: MasterKeys) -> bool:
    """Whether the present keyring is in use, and so wins over every dump. Raises Refused for another installation's.

    One of another schema is refused as it is at a start.
    """
    await refuse_unknown(engine_url(uri), "keyring")
    await create_if_missing(engine_url(uri))
    conn = await connect(uri)
    try:
        if not await conn.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"):
            return False
        if not await _is_used(conn):
            raise Refused(Refusal.KEYRING_WITHOUT_KEY)
        row = await conn.fetchrow("SELECT person_id FROM contact_key LIMIT 1")
    finally:
        await conn.close()
    if row is not None:
        await _must_open(uri, keys, row["person_id"])
    return True


async def _is_used(keyring_pg: asyncpg.Connection) -> bool:
    try:
        query = "SELECT EXISTS (SELECT FROM contact_key) OR EXISTS (SELECT FROM tombstone)"
        used: bool = await keyring_pg.fetchval(query)
    except asyncpg.UndefinedTableError:
        return False
    return used


async def _must_open(uri: str, keys: MasterKeys, one: UUID) -> None:
    keyring_pg = await connect(uri)
    try:
        await Keyring(keys).load(keyring_pg, [one])
    except Sealed:
        raise Refused(Refusal.KEYRING_FOREIGN) from None
    finally:
        await keyring_pg.close()


async def _set_aside(uri: str, now: datetime) -> None:
    """Rename the data database, if there is one. Raises Refused while anybody is connected to it."""
    url = make_url(uri)
    conn = await connect(url.set(database="postgres").render_as_string(hide_password=False))
    try:
        await conn.execute(
            f'ALTER DATABASE "{url.database}" RENAME TO "{url.database}_{manifest.stamp(now).lower()}"', timeout=60
        )
    except asyncpg.InvalidCatalogNameError:
        return
    except asyncpg.ObjectInUseError:
        raise Refused(Refusal.DATABASE_IN_USE) from None
    finally:
        await conn.close()


async def _must_be_empty(conn: AsyncConnection) -> None:
    query = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    tables = (await conn.execute(query)).scalar_one()
    await conn.commit()
    if tables:
        raise Refused(Refusal.DATABASE_NOT_EMPTY)


async def _load(chosen: _Chosen, recovery: bytes, now: datetime, servers: Sequence[Server]) -> None:
    """Bring data and keyring in, each in one transaction; the hold is part of the data's."""
    data, keyring = servers
    if chosen.keyring is not None:
        await asyncio.to_thread(load, keyring, recovery, [chosen.keyring / KEYRING], "")
    await migrate(keyring.uri, "keyring")
    await asyncio.to_thread(load, data, recovery, chosen.data, hold.placed(now, hold.RESTORING))


async def _server(uri: str, oldest: int) -> Server:
    """Look at the server of a database that need not be there yet. Raises Refused for one that is too old, NoTools."""
    conn = await connect(make_url(uri).set(database="postgres").render_as_string(hide_password=False))
    try:
        version = int(conn.get_server_version().major)
    finally:
        await conn.close()
    if version < oldest:
        raise Refused(Refusal.SERVER_TOO_OLD, version=version, oldest=oldest)
    return Server(tools_for(version), version, uri)


async def _finish(store: Store, now: datetime, chosen: _Chosen) -> RestoreResult:
    """Erase whoever was forgotten, prove that nobody of them is left, and say that the restore has ended."""
    async with store.data.connect() as conn:
        people = (await conn.execute(select(func.count()).select_from(person))).scalar_one()
        anchor = (chosen.made.audit_seq, bytes.fromhex(chosen.made.audit_mac)) if chosen.made.audit_seq else None
        chain = isinstance(await audit.verify(conn, store.keys.audit, anchor), audit.ChainVerified)
    erased = await forgetting.finish(store, now, keyless=True)
    if await forgetting.finish(store, now, keyless=True):
        raise ToolFailed("people who were forgotten came back while they were erased: is another process at work?")
    async with unit_of_work(store, now, COMMAND) as work:
        await hold.begin(work, hold.RESTORED)
        work.record("house.restored", "house", backup=manifest.stamp(chosen.made.at), erased=erased)
    return RestoreResult(chosen.made.at, people, erased, chosen.keyring, chain)


async def _must_be_complete(conn: AsyncConnection, made: Manifest) -> None:
    async with conn.begin():
        for name, rows in made.rows.items():
            found = (await conn.execute(select(func.count()).select_from(table(name)))).scalar_one()
            if found != rows:
                raise ToolFailed(f"{name} holds {found} rows instead of the {rows} of the backup")
