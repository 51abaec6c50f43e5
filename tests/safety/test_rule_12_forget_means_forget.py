"""Safety rule 12: without her key nothing of hers can be read, in the database or in any dump of it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

import store.all_tables
from store.audit import ChainVerified, audit, verify
from store.cases.keys import case_key_copy, key_info
from store.cases.models import case_file
from store.casework import queue
from store.crypto import hpke
from store.db.engine import raw
from store.errors import Forgotten, Sealed
from store.metadata import metadata
from store.people.models import person as person_table
from store.privacy import forgetting
from tests.support import casework
from tests.support.restore import backed_up, opened, restored
from tests.support.staff import TEST
from tests.support.stage import until

assert store.all_tables


async def test_destroying_a_key_makes_her_unreadable(system) -> None:
    """One row of the keyring gone: her session, her ledger and her case stay shut for everybody."""
    await system.talk("telegram", "lan", "cuu em voi")
    await system.talk("telegram", "mai", "cuu em voi")
    one, other = await system.cases()
    async with system.store.data.connect() as conn:
        query = "SELECT person_id FROM case_file WHERE id = '%s'"
        person = (await conn.exec_driver_sql(query % one.id)).scalar_one()
    async with system.store.keyring.begin() as ring:
        await ring.exec_driver_sql("DELETE FROM contact_key WHERE person_id = $1", (person,))
    system.store.ring.forget_cached(person)
    staff_id, private = await system.counsellor()
    now = system.runtime.clock.now()
    with pytest.raises(Forgotten):
        await casework.read(system.store, now, one.id, staff_id, private)
    assert (await casework.read(system.store, now, other.id, staff_id, private)).lines


async def person_with_case(system) -> tuple[UUID, queue.QueueRow]:
    """The person and the case of the most recent cry."""
    [case] = await system.cases()
    async with system.store.data.connect() as conn:
        query = select(case_file.c.person_id).where(case_file.c.id == case.id)
        return (await conn.execute(query)).scalar_one(), case


async def forget(system, person: UUID) -> forgetting.Receipt:
    """Forget her as every caller does."""
    return await forgetting.forget(system.store, system.runtime.clock.now(), TEST, person)


async def test_forgetting_leaves_no_row_of_hers(system) -> None:
    """Person, session, ledger, consent, case, lines and keys are gone; the receipt and the audit name nobody."""
    await system.talk("telegram", "mai", "xin chào")
    await system.talk("telegram", "lan", "cuu em voi")
    await system.talk("telegram", "lan", "1")
    person, case = await person_with_case(system)
    receipt = await forget(system, person)
    assert (receipt.people, receipt.cases) == (1, 1)
    assert min(receipt.lines, receipt.messages) >= 1
    for table in metadata.sorted_tables:
        column = table.c.get("person_id") if table.name != "person" else table.c.id
        if column is not None:
            assert await system.count(f"SELECT count(*) FROM {table.name} WHERE {column.name} = '{person}'") == 0
    assert (
        await system.count("SELECT count(*) FROM case_line") == await system.count("SELECT count(*) FROM case_key") == 0
    )
    assert await system.count("SELECT count(*) FROM person") == 1
    async with system.store.data.connect() as conn:
        entry = (await conn.execute(select(audit).where(audit.c.action == "person.forgotten"))).one()
        assert not {str(person), str(case.id), case.number} & {
            entry.actor,
            entry.object,
            *map(str, entry.meta.values()),
        }
        assert isinstance(await verify(conn, system.store.keys.audit), ChainVerified)
    assert (await forget(system, person)).people == 0, "repeating it is harmless"


def test_every_table_of_a_person_goes_with_her() -> None:
    """Whatever slice adds a table with a person in it, forgetting her reaches it without being told."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.name == "person_id":
                [key] = column.foreign_keys
                assert (key.target_fullname, key.ondelete) == ("person.id", "CASCADE"), table.name


async def test_who_was_forgotten_and_writes_again_is_a_stranger(system) -> None:
    """She is answered as on her first day, even when the forgetting broke off after her key was destroyed."""
    await system.talk("telegram", "lan", "cuu em voi")
    person, _ = await person_with_case(system)
    await forgetting.destroy_keys(system.store, system.runtime.clock.now(), [person])
    assert await system.talk("telegram", "lan", "cuu em voi")
    again, _ = await person_with_case(system)
    assert again != person
    assert await system.count("SELECT count(*) FROM person") == 1
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 2") == 0


async def test_who_is_forgotten_while_her_cry_is_stepped_is_heard(system) -> None:
    """The forgetting commits in the middle of her batch: the batch begins again, nothing is set aside."""
    await system.talk("telegram", "lan", "xin chào")
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with raw(system.store.data) as conn:
        async with conn.transaction():
            await conn.execute("DELETE FROM person")
            await system.do("telegram", "lan", "say", text="cuu em voi")

            async def blocked() -> bool:
                return await system.count(waiting) > 0

            await until(blocked, 10)
        await until(system.cases, 10)
    await system.quiet()
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 2") == 0


async def test_every_process_drops_her_key_from_memory(system, databases) -> None:
    """Another process forgets her; the service that has just talked with her holds her key no more."""
    await system.talk("telegram", "lan", "cuu em voi")
    person, _ = await person_with_case(system)
    assert system.store.ring.cached(person)
    async with opened(system, databases) as other:
        await forgetting.forget(other, system.runtime.clock.now(), TEST, person)
    await until(lambda: system.store.ring.cached(person) is None, 5)


async def test_a_destroyed_key_is_not_in_the_files_of_the_database(system) -> None:
    """The wrapped bytes of her key are in no table file of the server; those of others are."""
    await system.talk("telegram", "mai", "xin chào")
    await system.talk("telegram", "lan", "cuu em voi")
    person, _ = await person_with_case(system)
    async with raw(system.store.keyring) as ring:
        rows = await ring.fetch("SELECT person_id, wrapped FROM contact_key")
        wrapped = {row["person_id"]: row["wrapped"] for row in rows}
        await ring.execute("CHECKPOINT")
        folder = Path(await ring.fetchval("SHOW data_directory")) / "base"
        folder /= str(await ring.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()"))
    assert found(folder, wrapped[person])
    await forget(system, person)
    async with raw(system.store.keyring) as ring:
        await ring.execute("CHECKPOINT")
    assert not found(folder, wrapped.pop(person))
    assert all(found(folder, other) for other in wrapped.values())


def found(folder: Path, needle: bytes) -> bool:
    """Whether bytes stand in any file of a folder."""
    return any(needle in path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_what_was_set_aside_is_emptied(system) -> None:
    """A message of hers that nobody could process lies sealed in quarantine: forgetting her empties it."""
    await system.talk("telegram", "lan", "xin chào")
    async with raw(system.store.data) as conn:
        person = await conn.fetchval("SELECT id FROM person")
        await conn.execute("UPDATE session SET state_ct = '\\x00'")
    await system.do("telegram", "lan", "say", text="bí mật")

    async def set_aside() -> bool:
        return await system.count("SELECT count(*) FROM inbox WHERE state = 2 AND sealed IS NOT NULL") == 1

    await until(set_aside, 10)
    await forget(system, person)
    assert await system.count("SELECT count(*) FROM inbox WHERE state = 2 AND sealed IS NOT NULL") == 0


async def test_a_backup_of_a_month_ago_brings_nobody_back(system, databases, elsewhere, tmp_path) -> None:
    """Forgotten after the backup: unreadable in it by the recovery key, erased when it is restored; others read."""
    await system.talk("telegram", "lan", "cuu em voi")
    person, _ = await person_with_case(system)
    await system.talk("telegram", "mai", "cuu em voi")
    folder = await backed_up(system, tmp_path / "backups", days_ago=30)
    recovery = (system.runtime.settings.keys_dir / "recovery.private").read_bytes()
    async with system.store.data.connect() as conn:
        case = (await conn.execute(select(case_file).where(case_file.c.person_id == person))).one()
        copies = (await conn.execute(select(case_key_copy.c.wrapped))).scalars().all()
    await forget(system, person)
    async with raw(system.store.keyring) as ring:
        with pytest.raises(Forgotten):
            await system.store.ring.key_of(ring, person)
    for copy in copies:
        with pytest.raises(Sealed):
            hpke.open_sealed(recovery, copy, key_info(case.id, 1))
    done = await restored(system, folder, (elsewhere[0], databases[1]))
    assert (done.people, done.erased, done.chain) == (2, 1, True)
    staff_id, private = await system.counsellor()
    async with opened(system, (elsewhere[0], databases[1])) as store:
        async with store.data.connect() as conn:
            assert (await conn.execute(select(person_table.c.id).where(person_table.c.id == person))).first() is None
            [other] = await queue.queue(conn)
        assert (await casework.read(store, system.runtime.clock.now(), other.id, staff_id, private)).lines


async def test_a_tombstone_wins_over_a_dumped_key(system, elsewhere, tmp_path) -> None:
    """Both databases are lost; an older backup is restored: the newest keyring dump beside it knows she is gone."""
    await system.talk("telegram", "lan", "cuu em voi")
    person, _ = await person_with_case(system)
    old = await backed_up(system, tmp_path / "backups", days_ago=3)
    await forget(system, person)
    await backed_up(system, tmp_path / "backups")
    done = await restored(system, old, elsewhere)
    assert (done.people, done.erased) == (1, 1)
