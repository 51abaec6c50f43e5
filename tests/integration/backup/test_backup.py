"""A backup of a running service comes back whole elsewhere, or is refused with one sentence and nothing touched."""

from __future__ import annotations

import asyncio
import json
import os
import re
import stat

import asyncpg
import msgspec
import pyrage
import pytest

from store.backup import manifest
from store.backup.backup import NOT_COUNTED, back_up
from store.backup.restore import BackupSource, RestoreTarget, restore
from store.casework import queue
from store.crypto import age, hpke
from store.crypto.keyring import open_keys
from store.db.engine import migrate
from store.errors import NewerSchema, OlderSchema, Refused
from store.locks import lock_number
from tests.support import casework
from tests.support.restore import backed_up, opened, restored
from tests.support.stage import until

LOCKED = f"""SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND objid::int = {lock_number("migrations")} AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


async def counted(uri: str, query: str) -> int:
    """One number from any database."""
    conn = await asyncpg.connect(uri)
    try:
        return await conn.fetchval(query)
    finally:
        await conn.close()


async def chatter(system, people: int, stop: asyncio.Event) -> None:
    """Keep everybody writing until told to stop."""
    n = 0
    while not stop.is_set():
        await system.do("telegram", f"p{n % people}", "say", text="cuu em voi" if n % 7 == 0 else "xin chào")
        n += 1


async def test_a_backup_under_load_comes_back_whole(system, elsewhere, tmp_path) -> None:
    """Taken while forty people write: every row has its person, everybody her key, the audit holds, cases open."""
    stop = asyncio.Event()
    load = asyncio.create_task(chatter(system, 40, stop))

    async def busy() -> bool:
        return await system.count("SELECT count(*) FROM inbox WHERE state = 1") > 60

    await until(busy, 30)
    before = await system.count("SELECT count(*) FROM inbox")
    folder = await backed_up(system, tmp_path / "backups")
    assert await system.count("SELECT count(*) FROM inbox") > before, "nobody wrote while the backup was taken"
    stop.set()
    await load
    done = await restored(system, folder, elsewhere)
    made = manifest.read(folder, system.store.keys)
    assert (done.people, done.erased, done.chain) == (made.rows["person"], 0, True)
    assert done.people >= 20
    data, ring = elsewhere
    for query in (
        "SELECT count(*) FROM ledger l LEFT JOIN person p ON p.id = l.person_id WHERE p.id IS NULL",
        "SELECT count(*) FROM person p LEFT JOIN session s ON s.person_id = p.id WHERE s.person_id IS NULL",
        "SELECT count(*) FROM inbox i LEFT JOIN inbox_key k ON k.id = i.key_id WHERE i.state = 0 AND k.id IS NULL",
        "SELECT count(*) FROM case_file c LEFT JOIN case_key k ON k.case_id = c.id WHERE k.case_id IS NULL",
    ):
        assert await counted(data, query) == 0, query
    assert await counted(ring, "SELECT count(*) FROM contact_key") >= done.people
    assert await counted(data, "SELECT count(*) FROM hold WHERE reason = 'restored'") == 1
    staff_id, private = await system.counsellor()
    async with opened(system, elsewhere) as store:
        async with store.data.connect() as conn:
            rows = await queue.queue(conn)
        assert rows
        for row in rows:
            view = await casework.read(store, system.runtime.clock.now(), row.id, staff_id, private)
            assert "cuu em voi" in [line.text for line in view.lines]


async def test_what_a_backup_holds_and_what_it_leaves_out(system, databases, elsewhere, tmp_path) -> None:
    """Files of mode 0600; a manifest of numbers; no key file, no token, no session of staff, no hour's key."""
    await system.talk("zalo_oa", "lan", "cuu em voi")
    assert await counted(databases[1], "SELECT count(*) FROM channel_token")
    folder = await backed_up(system, tmp_path / "backups")
    names = {path.name for path in folder.iterdir()}
    assert names == {manifest.NAME, manifest.DATA, manifest.INBOX_KEYS, manifest.KEYRING}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    said = json.loads((folder / manifest.NAME).read_text())
    assert set(said["rows"]).isdisjoint(NOT_COUNTED)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", (folder / manifest.NAME).read_text())
    for path in folder.iterdir():
        for secret in system.runtime.settings.keys_dir.iterdir():
            assert secret.name == "recovery.public" or secret.read_bytes() not in path.read_bytes()
    (folder / manifest.INBOX_KEYS).unlink()
    await restored(system, folder, elsewhere)
    data, ring = elsewhere
    assert await counted(data, "SELECT count(*) FROM inbox_key") == 0
    for table in ("channel_token", "channel_token_attempt", "staff_session", "login_attempt"):
        assert await counted(ring, f"SELECT count(*) FROM {table}") == 0, table


async def test_any_age_program_opens_a_file_with_the_recovery_key(system, tmp_path) -> None:
    """The recovery key, written as age writes keys, opens a file to a dump of PostgreSQL."""
    folder = await backed_up(system, tmp_path / "backups")
    private = (system.runtime.settings.keys_dir / "recovery.private").read_bytes()
    identity = pyrage.x25519.Identity.from_str(age.secret(private))
    assert pyrage.decrypt((folder / manifest.DATA).read_bytes(), [identity])[:5] == b"PGDMP"


def of_another_schema(system, folder, branch: str, schema: str) -> None:
    """Let a backup say, under the seal of its service, that it holds another schema."""
    made = manifest.read(folder, system.store.keys)
    changed = msgspec.structs.replace(made, schema=made.schema | {branch: schema})
    (folder / manifest.NAME).unlink()
    manifest.write(folder, manifest.sealed(changed, system.store.keys))


async def is_untouched(uris: tuple[str, str]) -> bool:
    """Whether a pair of databases has no table at all."""
    query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    return [await counted(uri, query) for uri in uris] == [0, 0]


async def test_one_changed_byte_is_one_sentence_and_nothing_is_touched(system, elsewhere, tmp_path) -> None:
    """Wherever the byte is, in whichever file."""
    folder = await backed_up(system, tmp_path / "backups")
    for name in (manifest.DATA, manifest.INBOX_KEYS, manifest.KEYRING, manifest.NAME):
        whole = (folder / name).read_bytes()
        for where in (0.001, 0.5, 0.999):
            raw = bytearray(whole)
            raw[int(len(raw) * where)] ^= 1
            (folder / name).write_bytes(raw)
            with pytest.raises(Refused, match=r"changed.*another|changed, or the key files") as refusal:
                await restored(system, folder, elsewhere)
            assert "\n" not in str(refusal.value)
            assert await is_untouched(elsewhere)
        (folder / name).write_bytes(whole)
    await restored(system, folder, elsewhere)


async def test_a_wrong_recovery_key_or_wrong_key_files_touch_nothing(system, elsewhere, tmp_path) -> None:
    """Another recovery key opens nothing; the key files of another installation do not even read the manifest."""
    folder = await backed_up(system, tmp_path / "backups")
    now = system.runtime.clock.now()
    with pytest.raises(Refused, match="The recovery key does not open"):
        await restore(BackupSource(folder, hpke.generate()[0], system.store.keys), RestoreTarget(*elsewhere), now)
    other = open_keys(tmp_path / "other", None)
    recovery = (system.runtime.settings.keys_dir / "recovery.private").read_bytes()
    with pytest.raises(Refused, match="another installation"):
        await restore(BackupSource(folder, recovery, other), RestoreTarget(*elsewhere), now)
    assert await is_untouched(elsewhere)


async def test_a_backup_is_never_restored_over_something(system, databases, elsewhere, tmp_path) -> None:
    """A data database with tables is refused, were they all empty; so is a keyring with tables and no key."""
    await system.talk("telegram", "lan", "xin chào")
    folder = await backed_up(system, tmp_path / "backups")
    with pytest.raises(Refused, match="not empty"):
        await restored(system, folder, databases)
    await migrate(elsewhere[1], "keyring")
    with pytest.raises(Refused, match="holds no key"):
        await restored(system, folder, elsewhere)
    assert await counted(elsewhere[0], "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


@pytest.mark.parametrize(("branch", "schema"), [("data", "0014"), ("data", "0019"), ("keyring", "0001")])
async def test_a_backup_of_an_older_schema_touches_nothing(system, elsewhere, tmp_path, branch, schema) -> None:
    """One sentence says that it was made before the first release; data that is there is not even set aside."""
    folder = await backed_up(system, tmp_path / "backups")
    of_another_schema(system, folder, branch, schema)
    recovery = (system.runtime.settings.keys_dir / "recovery.private").read_bytes()
    said = rf"^the backup was made .*before the first release \(schema {schema} of the {branch}\): nothing was restored"
    source = BackupSource(folder, recovery, system.store.keys)
    with pytest.raises(OlderSchema, match=said) as refusal:
        await restore(source, RestoreTarget(*elsewhere, set_aside=True), system.runtime.clock.now())
    assert "\n" not in str(refusal.value)
    assert await is_untouched(elsewhere)


async def test_a_backup_of_a_newer_schema_touches_nothing(system, elsewhere, tmp_path) -> None:
    """Be it that of the data, or only the newest dump of the keyring beside it."""
    folder = await backed_up(system, tmp_path / "backups", days_ago=1)
    newest = await backed_up(system, tmp_path / "backups")
    for one, branch in ((newest, "keyring"), (folder, "data")):
        of_another_schema(system, one, branch, f"{branch}_9999")
        with pytest.raises(NewerSchema, match=f"schema {branch}_9999 of the {branch}: install the version"):
            await restored(system, folder, elsewhere)
        assert await is_untouched(elsewhere)


async def test_a_present_keyring_of_an_older_schema_touches_nothing(system, elsewhere, tmp_path) -> None:
    """The keyring that would win is of a version before the first release: data is not restored beside it."""
    folder = await backed_up(system, tmp_path / "backups")
    await migrate(elsewhere[1], "keyring")
    conn = await asyncpg.connect(elsewhere[1])
    await conn.execute("UPDATE alembic_version SET version_num = '0019'")
    await conn.close()
    with pytest.raises(OlderSchema, match=r"^the keyring database was made .*before the first release"):
        await restored(system, folder, elsewhere)
    assert await counted(elsewhere[0], "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


async def test_present_data_can_be_set_aside_when_nobody_uses_it(system, databases, elsewhere, tmp_path) -> None:
    """Renamed and kept, never overwritten; refused while a service is at work on it."""
    await system.talk("telegram", "lan", "xin chào")
    folder = await backed_up(system, tmp_path / "backups")
    now, keys = system.runtime.clock.now(), system.store.keys
    recovery = (system.runtime.settings.keys_dir / "recovery.private").read_bytes()
    with pytest.raises(Refused, match="in use"):
        await restore(BackupSource(folder, recovery, keys), RestoreTarget(*databases, set_aside=True), now)
    await restored(system, folder, elsewhere)
    again = await restore(BackupSource(folder, recovery, keys), RestoreTarget(*elsewhere, set_aside=True), now)
    assert (again.people, again.keyring) == (1, None)
    kept = elsewhere[0].partition("?")[0].rpartition("/")[2] + "_" + manifest.stamp(now).lower()
    conn = await asyncpg.connect(databases[0])
    assert await conn.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", kept) == 1
    await conn.execute(f'DROP DATABASE "{kept}"')
    await conn.close()


async def test_a_service_cannot_start_on_data_that_is_being_restored(system, elsewhere, tmp_path) -> None:
    """Starting waits for the restore, and then finds the hold: there is no moment in between."""
    folder = await backed_up(system, tmp_path / "backups")
    restoring = asyncio.create_task(restored(system, folder, elsewhere))

    async def locked() -> bool:
        return await counted(elsewhere[0], LOCKED) > 0

    await until(locked, 10)
    await migrate(elsewhere[0], "data")
    assert await counted(elsewhere[0], "SELECT count(*) FROM hold WHERE reason = 'restored'") == 1
    await restoring


async def test_the_present_keyring_wins(system, databases, elsewhere, tmp_path) -> None:
    """Data of a month ago beside today's keyring: nothing of the dumped keyring is used."""
    await system.talk("telegram", "lan", "xin chào")
    folder = await backed_up(system, tmp_path / "backups", days_ago=30)
    await system.talk("telegram", "mai", "xin chào")
    done = await restored(system, folder, (elsewhere[0], databases[1]))
    assert (done.keyring, done.people, done.erased) == (None, 1, 0)
    assert await counted(databases[1], "SELECT count(*) FROM contact_key") == 2


async def test_keyring_dumps_are_removed_after_a_week(system, tmp_path, elsewhere) -> None:
    """Of backups older than seven days only the data is left; the newest keyring dump serves them all."""
    root = tmp_path / "backups"
    await system.talk("telegram", "lan", "xin chào")
    folders = {days: await backed_up(system, root, days) for days in (30, 8, 6, 0)}
    assert manifest.prune(root, system.runtime.clock.now(), 7) == 4
    assert manifest.prune(root, system.runtime.clock.now(), 7) == 0
    kept = {days: {path.name for path in folder.iterdir()} for days, folder in folders.items()}
    assert kept[30] == kept[8] == {manifest.NAME, manifest.DATA}
    assert kept[6] == kept[0] == {manifest.NAME, manifest.DATA, *manifest.SHORT_LIVED}
    done = await restored(system, folders[30], elsewhere)
    assert (done.keyring, done.people, done.erased) == (folders[0].resolve(), 1, 0)


async def test_without_any_keyring_nothing_is_restored(system, tmp_path, elsewhere) -> None:
    """With no keyring dump, or only one older than the data, a restore says so and touches nothing."""
    folder = await backed_up(system, tmp_path / "backups", days_ago=30)
    older = await backed_up(system, tmp_path / "backups", days_ago=31)
    (folder / manifest.KEYRING).unlink()
    assert (older / manifest.KEYRING).exists()
    with pytest.raises(Refused, match="as new as the data"):
        await restored(system, folder, elsewhere)
    manifest.prune(folder.parent, system.runtime.clock.now(), 7)
    with pytest.raises(Refused, match="keyring is empty"):
        await restored(system, folder, elsewhere)
    assert await is_untouched(elsewhere)


async def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(system, tmp_path) -> None:
    """The disk refuses: no folder with the name of a backup appears."""
    root = tmp_path / "backups"
    root.mkdir()
    now = system.runtime.clock.now()
    (root / f".{manifest.stamp(now)}.{os.getpid()}.part").mkdir()
    with pytest.raises(OSError, match="exists"):
        await back_up(system.store, now, root)
    assert manifest.backups(root) == []
