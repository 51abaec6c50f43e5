"""Database engines: open the two databases, bring their schema up to date, hand out connections."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store.crypto.keyring import Keyring, MasterKeys
from store.db.pool import watch
from store.errors import StoreError
from store.migrations.run import refuse_unknown, upgrade


class DatabaseDown(StoreError):
    """The database does not answer."""


TROUBLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    SQLAlchemyError,
    DatabaseDown,
)
"""What a database that is down, going down or coming up raises; the way on is to begin again."""


_OUTAGE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)


def is_outage(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is the database's absence rather than something wrong with a row."""
    while error is not None:
        if isinstance(error, _OUTAGE):
            return True
        error = getattr(error, "orig", None) or error.__cause__
    return False


def is_conflict(error: BaseException | None) -> bool:
    """Whether PostgreSQL undid a transaction because of another one (a row had moved, a deadlock): do it again."""
    while error is not None:
        if isinstance(error, asyncpg.exceptions.TransactionRollbackError):
            return True
        error = getattr(error, "orig", None) or error.__cause__
    return False


def is_forgotten(error: BaseException | None) -> bool:
    """Whether somebody forgot a person while her batch was in hand: the batch begins again."""
    while error is not None:
        if isinstance(error, asyncpg.ForeignKeyViolationError):
            return str(error.constraint_name).endswith(("person_id", "case_id"))
        error = getattr(error, "orig", None) or error.__cause__
    return False


@dataclass
class Store:
    """Everything kept: the data, the keyring beside it, and the keys that open them."""

    data: AsyncEngine
    keyring: AsyncEngine
    ring: Keyring

    @property
    def keys(self) -> MasterKeys:
        """The master keys of this installation."""
        return self.ring.keys

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.data.dispose()
        await self.keyring.dispose()


def engine_url(uri: str) -> URL:
    """Turn a plain PostgreSQL URI into SQLAlchemy's with the asyncpg driver."""
    return make_url(uri).set(drivername="postgresql+asyncpg")


def engine(uri: str, *, size: int = 5, patience: float = 30.0) -> AsyncEngine:
    """Create an engine; a dead pooled connection is noticed before use. `patience`: seconds for one statement."""
    waits = {"timeout": PATIENCE, "command_timeout": patience}
    return watch(create_async_engine(engine_url(uri), pool_size=size, max_overflow=5, connect_args=waits))


def uri_of(engine: AsyncEngine) -> str:
    """The plain PostgreSQL URI an engine was made from, with its password."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def open_store(data_uri: str, keyring_uri: str, keys: MasterKeys) -> Store:
    """Build a Store; no connection is made yet."""
    return Store(engine(data_uri), engine(keyring_uri, size=3, patience=PATIENCE), Keyring(keys))


PATIENCE = 5.0
"""Seconds a hot statement may take; beyond that the connection counts as dead: a cut cable says nothing."""


async def connect(uri: str) -> asyncpg.Connection:
    """Open one dedicated asyncpg connection (hot path, locks, LISTEN). Raises DatabaseDown with one sentence."""
    try:
        return await asyncpg.connect(uri, timeout=PATIENCE, command_timeout=PATIENCE)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        raise _down(uri, error) from None


def _down(uri: str, error: Exception) -> DatabaseDown:
    return DatabaseDown(
        f"the database at {shown(uri)} does not answer ({type(error).__name__}): "
        "start it, or correct NHIPCAU_DATABASE_URL"
    )


def shown(uri: str) -> str:
    """Name a database without its password."""
    url = make_url(uri)
    return f"{url.host or url.query.get('host', 'socket')}/{url.database}"


def driver_of(conn: AsyncConnection) -> asyncpg.Connection:
    """The asyncpg connection underneath a SQLAlchemy one, inside the same transaction."""
    return conn.sync_connection.connection.driver_connection if conn.sync_connection else None


@asynccontextmanager
async def raw(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """Borrow a pooled connection as asyncpg's own, in autocommit."""
    async with engine.connect() as conn:
        yield (await conn.get_raw_connection()).driver_connection


async def refuse_unknown_schemas(data_uri: str, keyring_uri: str) -> None:
    """Look at both databases before either is touched. Raises OlderSchema, NewerSchema, UnknownSchema, DatabaseDown."""
    for uri, branch in ((data_uri, "data"), (keyring_uri, "keyring")):
        with _answering(uri):
            await refuse_unknown(engine_url(uri), branch)


async def migrate(uri: str, branch: str) -> None:
    """Bring one database (`data` or `keyring`) to the newest schema. Raises as `refuse_unknown_schemas` does."""
    with _answering(uri):
        await upgrade(engine_url(uri), branch)


@contextmanager
def _answering(uri: str) -> Iterator[None]:
    try:
        yield
    except (OSError, asyncpg.CannotConnectNowError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise _down(uri, error) from None
