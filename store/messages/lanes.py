"""Ownership of lanes and sending accounts: who owns which, and in which epoch."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg
from sqlalchemy import Column, DateTime, Integer, SmallInteger, Table, text

from store.locks import lock_number
from store.metadata import metadata

LANES = 16
"""The inbox is cut into this many lanes; a conversation stays in its lane for ever."""

LANE, ACCOUNT = 1, 2
"""The two kinds of thing a process can own."""

LANE_LOCK = lock_number("lane")
"""The class of the advisory locks on lanes."""

ownership = Table(
    "ownership",
    metadata,
    Column("kind", SmallInteger, primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False, server_default=text("0")),
)
member = Table(
    "member",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("beat_at", DateTime(timezone=True), nullable=False),
)


async def next_epochs(pg: asyncpg.Connection, kind: int, ids: Sequence[int]) -> dict[int, int]:
    """Begin a new epoch for things just locked; rows of older epochs are the leavings of a dead owner."""
    rows = await pg.fetch(
        "INSERT INTO ownership(kind, id, epoch) SELECT $1, i, 1 FROM unnest($2::int[]) i "
        "ON CONFLICT (kind, id) DO UPDATE SET epoch = ownership.epoch + 1 RETURNING id, epoch",
        kind, list(ids),
    )  # fmt: skip
    return {row["id"]: row["epoch"] for row in rows}
