"""Bring a database to the newest schema, or refuse it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import asyncpg
from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.errors import UnknownSchema
from store.locks import lock_number
from store.migrations.revisions import config, refuse_database

_LOCK = lock_number("migrations")
_FIRST_TABLE = {"data": "account", "keyring": "contact_key"}
"""A table of each first schema: where it stands without a revision, nobody can tell what else stands there."""


async def refuse_unknown(url: URL, branch: str) -> None:
    """Refuse what `upgrade` would refuse, and touch nothing: a missing database is not made. Raises as it does."""
    if not await _exists(url):
        return
    engine = create_async_engine(url)
    try:
        async with engine.connect() as conn:
            await conn.run_sync(_refuse_unknown, branch)
    finally:
        await engine.dispose()


async def upgrade(url: URL, branch: str) -> None:
    """Create the database if it is missing and upgrade it, one process at a time.

    Raises OlderSchema, NewerSchema, UnknownSchema before anything is touched; asyncpg's errors when it is down.
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
    """Upgrade a database through the connection that holds its lock. Raises as `upgrade` does."""
    async with conn.begin():
        await conn.run_sync(_upgrade, branch)


async def create_if_missing(url: URL) -> None:
    """Create an empty database if there is none of this name."""
    if await _exists(url):
        return
    server = _plain(url.set(database="postgres"))
    conn = await asyncpg.connect(server, timeout=10)
    try:
        await conn.execute(f'CREATE DATABASE "{url.database}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process made it a moment ago
    finally:
        await conn.close()


async def _exists(url: URL) -> bool:
    try:
        await (await asyncpg.connect(_plain(url), timeout=10)).close()
    except asyncpg.InvalidCatalogNameError:
        return False
    return True


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _refuse_unknown(conn: Connection, branch: str) -> None:
    made = conn.execute(text("SELECT to_regclass(:name)"), {"name": f"public.{_FIRST_TABLE[branch]}"}).scalar_one()
    found = MigrationContext.configure(conn).get_current_heads()  # after the table: another process may be at it now
    if found:
        refuse_database(branch, ", ".join(sorted(found)))
    elif made:
        raise UnknownSchema(
            f"the {branch} database holds tables but does not say of which schema: nothing was touched; "
            "name an empty database, or restore a backup into one"
        )


def _upgrade(conn: Connection, branch: str) -> None:
    conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    _refuse_unknown(conn, branch)
    settings = config(branch)
    settings.attributes["connection"] = conn
    command.upgrade(settings, "head")
