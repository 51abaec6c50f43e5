"""Deferred effects: sealed rows that a job applies once the answer has left.

Both of her own words leave one row here, of one size: nothing tells which.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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


class DeferredEffects(msgspec.Struct, frozen=True):
    """A row of effects that wait, sealed under the key of their person."""

    id: int
    person_id: UUID
    account: int
    cause: int
    n: int
    at: datetime
    sealed: bytes


@applies(effects.Later)
async def defer(batch: Batch, request: EffectRequest, effect: effects.Later) -> None:
    """Keep effects, sealed under her key, until she has been answered; an event stepped again keeps them once."""
    plain = pad(msgspec.msgpack.encode(effect.does)).ljust(SIZE, b"\0")
    values = {
        "person_id": request.person_id,
        "account": request.account,
        "cause": request.cause,
        "n": request.n,
        "at": request.at,
        "sealed": encrypt(request.key, plain, _place(request.cause, request.n, request.person_id)),
    }
    await batch.work.conn.execute(insert(later).values(values).on_conflict_do_nothing())


async def waiting(conn: AsyncConnection) -> list[DeferredEffects]:
    """Lock what waits to be done, the oldest first; what another process holds is left to it."""
    query = select(later).order_by(later.c.id).limit(_MOST).with_for_update(skip_locked=True)
    return [DeferredEffects(**row._mapping) for row in await conn.execute(query)]


async def done(conn: AsyncConnection, rows: Sequence[DeferredEffects]) -> None:
    """Take away what is done, in the transaction that did it."""
    await conn.execute(delete(later).where(later.c.id.in_([row.id for row in rows])))


def opened(row: DeferredEffects, key: AESGCM) -> tuple[Deferrable, ...]:
    """Open what shall be done. Raises Sealed."""
    return _decode(unpad(decrypt(key, row.sealed, _place(row.cause, row.n, row.person_id))))


def _place(cause: int, n: int, person: UUID) -> bytes:
    return place("later", "sealed", f"{cause}.{n}", person)
