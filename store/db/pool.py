"""Connection pool that notices a dead connection before use, without asking the server each time."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

RESTED = 5.0
"""Seconds a connection may have lain unused before it is tried: a cut cable says nothing.

A server that dies closes its connections, and the driver knows at once. SQLAlchemy's own `pool_pre_ping` asks the
server at every turn, in a transaction of its own: three round trips, as many as most of our readings take.
"""


def watch(engine: AsyncEngine) -> AsyncEngine:
    """Let an engine hand out only connections that live; returns it."""
    pool = engine.sync_engine.pool
    event.listen(pool, "checkin", _lies_down)
    event.listen(pool, "checkout", _is_wanted)
    return engine


def _lies_down(_: Any, record: Any) -> None:
    record.info["lies_since"] = time.monotonic()


def _is_wanted(connection: Any, record: Any, _: Any) -> None:
    """Raise InvalidatePoolError, upon which the pool opens another connection, where this one is dead."""
    since = record.info.pop("lies_since", None)
    if since is not None and not _lives(connection, since):
        raise InvalidatePoolError


def _lives(connection: Any, since: float) -> bool:
    if connection.driver_connection.is_closed():
        return False
    if time.monotonic() - since <= RESTED:
        return True
    try:
        connection.ping()
    except Exception:
        return False
    return True
