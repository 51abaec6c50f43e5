"""An outage of the database is told from a row that is wrong."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from store.db.engine import is_outage


def wrapped(error: Exception) -> Exception:
    """An asyncpg error as SQLAlchemy hands it on."""
    return DBAPIError("SELECT 1", None, error)


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (ConnectionResetError(), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.CannotConnectNowError("starting up"), True),
        (asyncpg.AdminShutdownError("stopping"), True),
        (asyncpg.DiskFullError("no space"), True),
        (wrapped(asyncpg.ConnectionDoesNotExistError("gone")), True),
        (asyncpg.UniqueViolationError("twice"), False),
        (wrapped(asyncpg.DataError("bad")), False),
        (asyncpg.SerializationError("moved"), False),
        (KeyError("x"), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_an_outage_is_no_reason_to_quarantine(error: Exception, outage: bool) -> None:
    """Only what the row itself causes may put it into quarantine."""
    assert is_outage(error) is outage
