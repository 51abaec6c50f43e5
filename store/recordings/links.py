"""Links to recordings: addresses nobody can guess, and the names under which platforms keep an upload."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    delete,
    exists,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from store.errors import Refused
from store.messages.hold import hold
from store.metadata import metadata
from store.recordings.models import may_be_heard, recording
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

LINK_LIVES = timedelta(days=7)
"""How long a link to a recording works: she can hear it again for days, and a copied chat leads nowhere later."""
LINK_SHARED = timedelta(days=1)
"""How long a process gives the same link to everybody: a link of her own would tell who listened."""
TOKEN_BYTES = 24
"""192 bits: no guess finds a link."""

media_link = Table(
    "media_link",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("recording_id", BigInteger, ForeignKey("recording.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
media_cache = Table(
    "media_cache",
    metadata,
    Column("account", SmallInteger, ForeignKey("account.id"), primary_key=True),
    Column("recording_id", BigInteger, ForeignKey("recording.id", ondelete="CASCADE"), primary_key=True),
    Column("reference", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=True),
)


def token_hash(token: str) -> bytes:
    """What is kept of a token: whoever reads the database cannot make a link."""
    return hashlib.sha256(token.encode()).digest()


async def make_link(work: UnitOfWork, library: Library, recording_id: int) -> str:
    """Make a link's token for a recording that is approved now. Raises Refused for any other."""
    query = select(recording.c.id).where(recording.c.id == recording_id, may_be_heard(library))
    if (await work.conn.execute(query)).first() is None:
        raise Refused(Refusal.RECORDING_NOT_APPROVED)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"token_hash": token_hash(token), "recording_id": recording_id, "expires_at": work.now + LINK_LIVES}
    await work.conn.execute(insert(media_link).values(values))
    return token


async def linked(conn: AsyncConnection, now: datetime, library: Library, token: str) -> int | None:
    """The recording a token leads to; None when it is unknown, too old, or its recording may not be heard now.

    While the service is on hold none leads anywhere: a backup may hold recordings that were retired since.
    """
    query = (
        select(media_link.c.recording_id)
        .join(recording, recording.c.id == media_link.c.recording_id)
        .where(media_link.c.token_hash == token_hash(token), media_link.c.expires_at > now)
        .where(may_be_heard(library), ~exists(select(hold.c.n)))
    )
    found: int | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def cached(conn: AsyncConnection, now: datetime, account: int, recording_id: int) -> str | None:
    """The name under which an account's platform keeps a recording; None when it was never uploaded or is too old."""
    query = select(media_cache.c.reference).where(
        media_cache.c.account == account,
        media_cache.c.recording_id == recording_id,
        media_cache.c.expires_at.is_(None) | (media_cache.c.expires_at > now),
    )
    found: str | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def remember(
    work: UnitOfWork, account: int, recording_id: int, reference: str, expires_at: datetime | None = None
) -> None:
    """Remember the name of an upload there, and until when (None: as long as the account lives)."""
    values = {"reference": reference, "expires_at": expires_at}
    made = pg_insert(media_cache).values(account=account, recording_id=recording_id, **values)
    keys = [media_cache.c.account, media_cache.c.recording_id]
    await work.conn.execute(made.on_conflict_do_update(index_elements=keys, set_=values))


async def forget(work: UnitOfWork, account: int, recording_id: int) -> None:
    """Forget a name the platform does not know any more."""
    mine = (media_cache.c.account == account) & (media_cache.c.recording_id == recording_id)
    await work.conn.execute(delete(media_cache).where(mine))
