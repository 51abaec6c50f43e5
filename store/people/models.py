"""Tables and rows of people: an address sealed under its own key, a session, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    false,
    text,
    true,
)

from flows.model.session import Session
from store.crypto.fields import decrypt, encrypt, place
from store.crypto.keyring import Keyring
from store.metadata import metadata

account = Table(
    "account",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
)
person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account", SmallInteger, ForeignKey("account.id"), nullable=False),
    Column("bidx", LargeBinary, nullable=False, unique=True),
    Column("address_ct", LargeBinary, nullable=False),
    Column("reachable", Boolean, nullable=False, server_default=true()),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("tied", Boolean, nullable=False, server_default=false()),
    Column("left_by", Text, nullable=False, server_default=text("''")),
)
"""`tied`: she has, or once had, a plan, a membership, a subscription or a recording (triggers say so). `left_by`: the
alias of whoever wrote to her last in a case that was closed since she wrote; "" once she was told."""
session = Table(
    "session",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("state_ct", LargeBinary, nullable=True),
    Column("last_in_at", DateTime(timezone=True), nullable=True),
    Column("stopped", Boolean, nullable=False, server_default=false()),
    Column("quiet_until", DateTime(timezone=True), nullable=True),
    postgresql_with={"fillfactor": "60"},
)
consent = Table(
    "consent",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

_ADD = """
WITH p AS (
  INSERT INTO person(id, account, bidx, address_ct, created_at)
  SELECT u.id, u.account, u.bidx, u.address, $5
  FROM unnest($1::uuid[], $2::smallint[], $3::bytea[], $4::bytea[]) AS u(id, account, bidx, address)
  ON CONFLICT (bidx) DO NOTHING RETURNING id)
INSERT INTO session(person_id) SELECT id FROM p"""

_MOVE = """
UPDATE person SET address_ct = u.address FROM unnest($1::uuid[], $2::bytea[]) AS u(id, address)
WHERE person.id = u.id"""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Session).decode


async def add(
    pg: asyncpg.Connection,
    keyring_pg: asyncpg.Connection,
    ring: Keyring,
    strangers: Sequence[tuple[int, bytes, str]],
    now: datetime,
) -> None:
    """Add people we have not met: (account, blind index, address).

    The key is stored first, so a person without a key never exists; a key without a person is swept later.
    """
    ids = [uuid4() for _ in strangers]
    keys = await ring.create(keyring_pg, ids, now)
    sealed = [seal_address(keys[i], i, address) for i, (_, _, address) in zip(ids, strangers, strict=True)]
    await pg.execute(_ADD, ids, [a for a, _, _ in strangers], [b for _, b, _ in strangers], sealed, now)


async def move(pg: asyncpg.Connection, moved: Sequence[tuple[UUID, bytes]]) -> None:
    """Keep where people are answered from now on: (person, address); who they are is another question, and stays."""
    if moved:
        await pg.execute(_MOVE, [person_id for person_id, _ in moved], [address for _, address in moved])


def seal_address(key: AESGCM, person_id: UUID, address: str) -> bytes:
    """Seal an address under its person's key."""
    return encrypt(key, address.encode(), place("person", "address", person_id.hex, person_id))


def open_address(key: AESGCM, person_id: UUID, sealed: bytes) -> str:
    """Open an address. Raises Sealed when the row belongs to somebody else."""
    return decrypt(key, sealed, place("person", "address", person_id.hex, person_id)).decode()


def seal_session(key: AESGCM, person_id: UUID, version: int, state: Session) -> bytes:
    """Seal a session for exactly this person and version."""
    return encrypt(key, _encode(state), place("session", "state", str(version), person_id))


def open_session(key: AESGCM, person_id: UUID, version: int, sealed: bytes | None) -> Session:
    """Open a session (None: a new one). Raises Sealed for another person's row or an older version."""
    if sealed is None:
        return Session()
    return _decode(decrypt(key, sealed, place("session", "state", str(version), person_id)))


async def register_account(pg: asyncpg.Connection, name: str, channel: str) -> int:
    """Give an account its small number, the same for ever."""
    number: int = await pg.fetchval(
        "WITH old AS (SELECT id FROM account WHERE name = $1), new AS ("
        "  INSERT INTO account(id, name, channel) SELECT coalesce(max(id), 0) + 1, $1, $2 FROM account"
        "  WHERE NOT EXISTS (SELECT 1 FROM old) HAVING NOT EXISTS (SELECT 1 FROM old) RETURNING id)"
        "SELECT id FROM old UNION ALL SELECT id FROM new",
        name, channel,
    )  # fmt: skip
    return number
