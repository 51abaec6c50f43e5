"""Notifications of PostgreSQL: the channels that processes listen on, and how a transaction says something on them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import asyncpg
from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection


class NotifyChannel(StrEnum):
    """What is said on each: by whom it is heard."""

    LEDGER = "ledger"
    """Accounts that have something to send, to the sender that owns them; several with commas."""
    LANE = "lane"
    """Lanes in which something has come, to the pipeline that owns them; several with commas."""
    CASE = "case"
    """A case, or a word for a list, that open pages show anew."""
    BROADCAST = "broadcast"
    """A broadcast and its new state, to senders that hold messages of it."""
    PRESENCE = "presence"
    """Who has a case open or writes in it: kept by nobody longer than seconds."""
    FORGOTTEN = "forgotten"
    """A person of whom nothing may stay in any memory."""


_NOTIFY = text("SELECT pg_notify(channel, said) FROM unnest(:channels, :payloads) AS n(channel, said)").bindparams(
    bindparam("channels", type_=ARRAY(Text)), bindparam("payloads", type_=ARRAY(Text))
)


async def notify_at_once(pg: asyncpg.Connection, channel: NotifyChannel, payload: object) -> None:
    """Say one thing on a channel now, outside a transaction."""
    await pg.execute("SELECT pg_notify($1, $2)", str(channel), str(payload))


async def notify(conn: AsyncConnection, channel: NotifyChannel, payload: object) -> None:
    """Say one thing on a channel as soon as this transaction commits."""
    await notify_all(conn, [(channel, str(payload))])


async def notify_all(conn: AsyncConnection, said: Iterable[tuple[NotifyChannel, str]]) -> None:
    """Say several things in one statement; the same twice is said once."""
    once = list(dict.fromkeys(said))
    if once:
        await conn.execute(_NOTIFY, {"channels": [str(one) for one, _ in once], "payloads": [what for _, what in once]})
