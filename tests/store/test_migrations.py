"""The schema comes up from nothing, agrees with the code, and refuses what it does not know."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

import store.all_tables
from store.db.engine import Store, is_forgotten, migrate, refuse_unknown_schemas
from store.effects import deferred
from store.errors import NewerSchema, OlderSchema, UnknownSchema
from store.metadata import keyring_metadata, metadata
from store.migrations.revisions import config

assert store.all_tables


@pytest.mark.parametrize("branch", ["data", "keyring"])
async def test_migrated_databases_agree_with_the_code(store: Store, branch: str) -> None:
    """After the migrations nothing is missing and nothing is left over."""
    engine, tables = {"data": (store.data, metadata), "keyring": (store.keyring, keyring_metadata)}[branch]
    async with engine.connect() as conn:
        found = await conn.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), tables))
    assert found == []


@pytest.mark.parametrize("branch", ["data", "keyring"])
async def test_constraints_are_named_as_the_code_names_them(store: Store, branch: str) -> None:
    """A violated constraint is known by its name, so migration and model give it the same one."""
    engine, tables = {"data": (store.data, metadata), "keyring": (store.keyring, keyring_metadata)}[branch]
    query = "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
    async with engine.connect() as conn:
        found = set((await conn.execute(text(query))).scalars())
    named = {
        str(conn.dialect.identifier_preparer.format_constraint(one))
        for table in tables.tables.values()
        for one in table.constraints
    }
    assert found - {"alembic_version_pkc"} == named


async def test_a_row_for_somebody_who_was_forgotten_is_known_as_such(store: Store) -> None:
    """What is to be done for her later finds no person any more: the batch begins again, nothing is set aside."""
    row = {"person_id": uuid4(), "account": 1, "cause": 1, "n": 0, "at": datetime.now(UTC), "sealed": b""}
    async with store.data.connect() as conn:
        with pytest.raises(IntegrityError) as violated:
            await conn.execute(deferred.later.insert().values(row))
    assert is_forgotten(violated.value)


OLDER = {
    "data": [f"{n:04}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 19)],
    "keyring": ["0001", "0019"],
}
"""Every revision there was before the first release."""


@pytest.mark.parametrize("branch", ["data", "keyring"])
async def test_an_older_schema_is_refused(databases: tuple[str, str], store: Store, branch: str) -> None:
    """Whatever revision of the chain before the first release it holds, and whichever of the two databases it is."""
    uri = dict(zip(("data", "keyring"), databases, strict=True))[branch]
    conn = await asyncpg.connect(uri)
    for revision in OLDER[branch]:
        await conn.execute("UPDATE alembic_version SET version_num = $1", revision)
        said = rf"^the {branch} database was made .*before the first release \(schema {revision}\): nothing was touched"
        for looked in (migrate(uri, branch), refuse_unknown_schemas(*databases)):
            with pytest.raises(OlderSchema, match=said):
                await looked
        assert await conn.fetchval("SELECT version_num FROM alembic_version") == revision
    await conn.close()


async def test_both_databases_are_looked_at_before_either_is_made(databases: tuple[str, str], store: Store) -> None:
    """Beside an older keyring no data database comes into being."""
    conn = await asyncpg.connect(databases[1])
    await conn.execute("UPDATE alembic_version SET version_num = '0019'")
    missing = make_url(databases[0]).set(database="never_made")
    with pytest.raises(OlderSchema):
        await refuse_unknown_schemas(missing.render_as_string(hide_password=False), databases[1])
    assert await conn.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'never_made'") == 0
    await conn.close()


async def test_a_start_does_not_refuse_what_another_one_is_making(elsewhere: tuple[str, str]) -> None:
    """Whoever looks meanwhile finds the schema with its revision, or nothing at all."""
    making = asyncio.gather(migrate(elsewhere[0], "data"))
    looks = 0
    while not making.done() or looks < 3:
        await refuse_unknown_schemas(*elsewhere)
        looks += 1
    await making


@pytest.mark.parametrize("branch", ["data", "keyring"])
async def test_tables_without_a_revision_are_refused(databases: tuple[str, str], store: Store, branch: str) -> None:
    """Nobody can tell of which version they are: a sentence instead of what PostgreSQL says of a second table."""
    uri = dict(zip(("data", "keyring"), databases, strict=True))[branch]
    conn = await asyncpg.connect(uri)
    await conn.execute("DROP TABLE alembic_version")
    for looked in (migrate(uri, branch), refuse_unknown_schemas(*databases)):
        with pytest.raises(UnknownSchema, match="does not say of which schema: nothing was touched"):
            await looked
    assert await conn.fetchval("SELECT to_regclass('alembic_version')") is None
    await conn.close()


async def test_data_and_keyring_cannot_be_mistaken_for_each_other(databases: tuple[str, str], store: Store) -> None:
    """URIs set the wrong way round are refused: the two databases' revisions have names of their own."""
    with pytest.raises(UnknownSchema, match="the data database holds schema keyring_0001"):
        await refuse_unknown_schemas(*databases[::-1])


async def test_a_newer_schema_is_refused(store: Store, databases: tuple[str, str]) -> None:
    """A database written by a newer version is left alone, with a sentence that says what to do."""
    conn = await asyncpg.connect(databases[0])
    await conn.execute("UPDATE alembic_version SET version_num = '9999'")
    await conn.close()
    with pytest.raises(NewerSchema, match=r"9999.*install the version"):
        await migrate(databases[0], "data")


@pytest.mark.parametrize("branch", ["data", "keyring"])
async def test_every_migration_goes_down_and_up_again(store: Store, branch: str) -> None:
    """What a migration makes it can take away, and make again."""
    engine = {"data": store.data, "keyring": store.keyring}[branch]

    def down_and_up(conn: Connection) -> None:
        settings = config(branch)
        settings.attributes["connection"] = conn
        command.downgrade(settings, "base")
        command.upgrade(settings, "head")

    async with engine.begin() as conn:
        await conn.run_sync(down_and_up)


async def test_the_audit_refuses_to_be_rewritten(store: Store) -> None:
    """The migration brings the trigger that makes the audit insert-only."""
    async with store.data.connect() as conn:
        with pytest.raises(DBAPIError, match="insert-only"):
            await conn.exec_driver_sql("DELETE FROM audit")
