"""Bring a database to the newest schema, or refuse it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.errors import NewerSchema

_HERE = Path(__file__).parent
_LOCK = 7_203_001


def config(branch: str) -> Config:
    """Alembic's configuration for `data` or `keyring`, without an ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(_HERE / branch))
    settings.set_main_option("version_locations", str(_HERE / branch / "versions"))
    settings.set_main_option("path_separator", "os")
    return settings


async def upgrade(url: URL, branch: str) -> None:
    """Create the database if it is missing and upgrade it, one process at a time.

    Raises NewerSchema when it holds a revision this version does not know; asyncpg's errors when it is down.
    """
    await create_if_missing(url)
    engine = create_async_engine(url)
    try:
        async with engine.begin() as conn:
            await conn.run_sync(_upgrade, branch)
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def locked(url: URL) -> AsyncIterator[AsyncConnection]:
    """Keep every other process from upgrading a database, and so from starting on it; it is created if missing.

    The connection is in no transaction and may itself be given to `upgrade_locked`.
    """
    await create_if_missing(url)
    engine = create_async_engine(url)
    try:
        async with engine.connect() as conn:
            await conn.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            await conn.commit()
            yield conn
    finally:
        await engine.dispose()  # the lock ends with its connection


async def upgrade_locked(conn: AsyncConnection, branch: str) -> None:
    """Upgrade a database through the connection that holds its lock. Raises NewerSchema."""
    async with conn.begin():
        await conn.run_sync(_upgrade, branch)


async def create_if_missing(url: URL) -> None:
    """Create an empty database if there is none of this name."""
    plain = url.set(drivername="postgresql")
    try:
        await (await asyncpg.connect(plain.render_as_string(hide_password=False), timeout=10)).close()
    except asyncpg.InvalidCatalogNameError:
        server = plain.set(database="postgres").render_as_string(hide_password=False)
        conn = await asyncpg.connect(server, timeout=10)
        try:
            await conn.execute(f'CREATE DATABASE "{url.database}"')
        except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            pass  # another process made it a moment ago
        finally:
            await conn.close()


def _upgrade(conn: Connection, branch: str) -> None:
    conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    settings = config(branch)
    known = {revision.revision for revision in ScriptDirectory.from_config(settings).walk_revisions()}
    current = MigrationContext.configure(conn).get_current_revision()
    if current is not None and current not in known:
        raise NewerSchema(
            f"the {branch} database holds schema {current}, which this version does not know: "
            "install the version that wrote it, or restore an older backup"
        )
    settings.attributes["connection"] = conn
    command.upgrade(settings, "head")
