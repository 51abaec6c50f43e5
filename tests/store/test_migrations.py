"""The schema comes up from nothing, agrees with the code, and refuses what it does not know."""

from __future__ import annotations

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

import store.all_tables
from store.db.engine import Store, migrate
from store.errors import NewerSchema
from store.metadata import keyring_metadata, metadata
from store.migrations.run import config

assert store.all_tables


@pytest.mark.parametrize("branch", ["data", "keyring"])
async def test_migrated_databases_agree_with_the_code(store: Store, branch: str) -> None:
    """After the migrations nothing is missing and nothing is left over."""
    engine, tables = {"data": (store.data, metadata), "keyring": (store.keyring, keyring_metadata)}[branch]
    async with engine.connect() as conn:
        found = await conn.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), tables))
    assert found == []


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
