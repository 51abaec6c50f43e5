"""Read position of each account on its platform, and when its webhook was last heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec
from sqlalchemy import Column, DateTime, ForeignKey, SmallInteger, Table

from store.metadata import metadata

catch_up = Table(
    "catch_up",
    metadata,
    Column("account", SmallInteger, ForeignKey("account.id"), primary_key=True),
    Column("read_until", DateTime(timezone=True), nullable=True),
    Column("heard_at", DateTime(timezone=True), nullable=True),
)
"""`read_until`: what the platform held then has been read; `heard_at`: a webhook brought something, to the minute."""


class ReadPosition(msgspec.Struct, frozen=True):
    """How an account stands; times are aware, UTC."""

    read_until: datetime
    heard_at: datetime | None


async def read_position(pg: asyncpg.Connection, account: int, began: datetime) -> ReadPosition:
    """Read how an account stands.

    One never read back is taken to be read as far as the last message that came before this process `began`, or up to
    that moment when none ever came: what was written before there was a service is not answered.
    """
    row = await pg.fetchrow("SELECT read_until, heard_at FROM catch_up WHERE account = $1", account)
    if row is not None and row["read_until"] is not None:
        return ReadPosition(row["read_until"], row["heard_at"])
    query = "SELECT max(received_at) FROM inbox WHERE account = $1 AND received_at < $2"
    last = await pg.fetchval(query, account, began)
    return ReadPosition(last or began, row["heard_at"] if row is not None else None)


async def read_back(pg: asyncpg.Connection, account: int, until: datetime) -> None:
    """Note that what the platform held at `until` has been read."""
    await pg.execute(
        "INSERT INTO catch_up(account, read_until) VALUES ($1, $2)"
        " ON CONFLICT (account) DO UPDATE SET read_until = excluded.read_until",
        account, until,
    )  # fmt: skip


async def heard(pg: asyncpg.Connection, accounts: Sequence[int], at: datetime) -> None:
    """Note that the webhooks of accounts have brought something."""
    await pg.execute(
        "INSERT INTO catch_up(account, heard_at) SELECT a, $2 FROM unnest($1::smallint[]) AS a"
        " ON CONFLICT (account) DO UPDATE SET heard_at = excluded.heard_at",
        list(accounts), at,
    )  # fmt: skip


async def missing(pg: asyncpg.Connection, account: int, exts: Sequence[bytes]) -> set[bytes]:
    """Return those events that never came."""
    rows = await pg.fetch("SELECT ext FROM inbox WHERE account = $1 AND ext = ANY($2)", account, list(exts))
    return set(exts) - {row["ext"] for row in rows}
