"""Deferred effects: sealed rows that a job applies once the answer has left.

Both of her own words leave one row here, of one size: nothing tells which.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    SmallInteger,
    Table,
    UniqueConstraint,
    Uuid,
    delete,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.model import effects
from flows.model.effects import Deferrable
from store.crypto.fields import decrypt, encrypt, pad, place, unpad
from store.effects.base import Batch, EffectRequest
from store.effects.registry import applies
from store.metadata import metadata

SIZE = 1024
"""Bytes of every row before it is sealed: a case to open is as long as a note that nobody will read."""
_MOST = 50
_decode = msgspec.msgpack.Decoder(tuple[Deferrable, ...]).decode

later = Table(
    "later",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("account", SmallInteger, nullable=False),
    Column("cause", BigInteger, nullable=False),
    Column("n", SmallInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("cause", "n"),
)


@applies(effects.Later)
async def defer(batch: Batch, request: EffectRequest, effect: effects.Later) -> None:
    """Keep effects until she has been answered."""
    await keep(batch.work.conn, request, effect.does)


async def keep(conn: AsyncConnection, request: EffectRequest, does: Sequence[Deferrable]) -> None:
    """Keep what shall be done, sealed under her key; an event that is stepped again keeps it once."""
    plain = pad(msgspec.msgpack.encode(tuple(does))).ljust(SIZE, b"\0")
    values = {
        "person_id": request.person_id,
        "account": request.account,
        "cause": request.cause,
        "n": request.n,
        "at": request.at,
        "sealed": encrypt(request.key, plain, _place(request.cause, request.n, request.person_id)),
    }
    await conn.execute(insert(later).values(values).on_conflict_do_nothing())


async def waiting(conn: AsyncConnection) -> Sequence[Any]:
    """Lock what waits to be done, the oldest first; what another process holds is left to it."""
    query = select(later).order_by(later.c.id).limit(_MOST).with_for_update(skip_locked=True)
    return (await conn.execute(query)).all()


async def done(conn: AsyncConnection, rows: Sequence[Any]) -> None:
    """Take away what is done, in the transaction that did it."""
    await conn.execute(delete(later).where(later.c.id.in_([row.id for row in rows])))


def opened(row: Any, key: AESGCM) -> tuple[Deferrable, ...]:
    """Open what shall be done. Raises Sealed."""
    return _decode(unpad(decrypt(key, row.sealed, _place(row.cause, row.n, row.person_id))))


def _place(cause: int, n: int, person: UUID) -> bytes:
    return place("later", "sealed", f"{cause}.{n}", person)
