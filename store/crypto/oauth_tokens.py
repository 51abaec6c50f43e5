"""OAuth tokens of channels: one sealed row per account in the keyring, replaced under a row lock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Literal, Protocol, cast

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ARRAY, Column, DateTime, Integer, LargeBinary, Table, Text, text

from store.crypto.fields import decrypt, encrypt, place
from store.metadata import keyring_metadata

TokenState = Literal["valid", "needs_consent"]

channel_token = Table(
    "channel_token",
    keyring_metadata,
    Column("name", Text, primary_key=True),
    Column("access_ct", LargeBinary, nullable=False),
    Column("refresh_ct", LargeBinary, nullable=False),
    Column("access_expires_at", DateTime(timezone=True), nullable=False),
    Column("refresh_issued_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'valid'")),
    Column("rotated_at", DateTime(timezone=True), nullable=False),
    Column("previous_ct", LargeBinary),
    Column("seeds", ARRAY(LargeBinary), nullable=False, server_default=text("'{}'")),
)
"""`seeds` are marks of the pairs that were taken from the settings: each is taken once, so only a new one counts."""

channel_token_attempt = Table(
    "channel_token_attempt",
    keyring_metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""One row before each use of a refresh token, committed before it leaves: what a dead process cannot tell."""

_FORGET_ATTEMPTS = "DELETE FROM channel_token_attempt WHERE name = $1 AND version < $2"


class Sealer(Protocol):
    """Seal bytes to one place and open them there again."""

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Seal `plain` for the place named by `aad`."""

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Open in that place. Raises Sealed."""

    def mark(self, plain: bytes) -> bytes:
        """Mark `plain` so that it is known again; 16 bytes that tell nothing of it."""


class KekSealer:
    """Seal under the wrapping master key."""

    def __init__(self, kek: bytes) -> None:
        self._key = AESGCM(kek)
        self._mark_key = blake2b(b"marks", key=kek, digest_size=32, person=b"nc1 token").digest()

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Seal `plain` for the place named by `aad`."""
        return encrypt(self._key, plain, aad, 1)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Open in that place. Raises Sealed."""
        return decrypt(self._key, sealed, aad)

    def mark(self, plain: bytes) -> bytes:
        """Mark `plain` so that it is known again: a keyed hash."""
        return blake2b(plain, key=self._mark_key, digest_size=16).digest()


@dataclass(frozen=True)
class TokenPair:
    """What an account holds now; the tokens never show in a repr. Times are aware, UTC."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    issued_at: datetime
    version: int = 1
    state: TokenState = "valid"


@dataclass(frozen=True)
class Attempts:
    """How often the refresh token of one version was used, and when last."""

    count: int
    last_at: datetime | None


class Tokens:
    """Read and replace the token rows; every method takes an asyncpg connection to the keyring database."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    async def load(self, keyring_pg: asyncpg.Connection, name: str) -> TokenPair | None:
        """Read an account's tokens; None before the first consent."""
        return self._opened(name, await keyring_pg.fetchrow("SELECT * FROM channel_token WHERE name = $1", name))

    async def lock(self, keyring_pg: asyncpg.Connection, name: str) -> TokenPair | None:
        """Read them and hold the row until the surrounding transaction ends."""
        row = await keyring_pg.fetchrow("SELECT * FROM channel_token WHERE name = $1 FOR UPDATE", name)
        return self._opened(name, row)

    async def first(self, keyring_pg: asyncpg.Connection, name: str, pair: TokenPair) -> bool:
        """Store the first pair of an account; False (and nothing changed) when it already has one."""
        status = await keyring_pg.execute(
            "INSERT INTO channel_token(name, access_ct, refresh_ct, access_expires_at, refresh_issued_at,"
            " version, state, rotated_at) VALUES ($1, $2, $3, $4, $5, $6, 'valid', $5)"
            " ON CONFLICT (name) DO NOTHING",
            name, self._seal(name, "access_ct", pair.access), self._seal(name, "refresh_ct", pair.refresh),
            pair.expires_at, pair.issued_at, pair.version,
        )  # fmt: skip
        return cast(str, status) == "INSERT 0 1"

    async def seed(self, keyring_pg: asyncpg.Connection, name: str, pair: TokenPair) -> bool:
        """Take the pair that the settings name, where none is stored or the stored grant is dead; say whether it was.

        Each is taken once in the life of an account: one that has died never comes back with an old file.
        """
        mark = self._sealer.mark(f"{name}\0{pair.access}\0{pair.refresh}".encode())
        version = await keyring_pg.fetchval(
            "INSERT INTO channel_token AS held (name, access_ct, refresh_ct, access_expires_at, refresh_issued_at,"
            " version, state, rotated_at, seeds) VALUES ($1, $2, $3, $4, $5, 1, 'valid', $5, ARRAY[$6::bytea])"
            " ON CONFLICT (name) DO UPDATE SET previous_ct = held.refresh_ct, access_ct = $2, refresh_ct = $3,"
            " access_expires_at = $4, refresh_issued_at = $5, version = held.version + 1, state = 'valid',"
            " rotated_at = $5, seeds = held.seeds || $6::bytea"
            " WHERE held.state = 'needs_consent' AND NOT held.seeds @> ARRAY[$6::bytea]"
            " RETURNING version",
            name, self._seal(name, "access_ct", pair.access), self._seal(name, "refresh_ct", pair.refresh),
            pair.expires_at, pair.issued_at, mark,
        )  # fmt: skip
        if version is None:
            return False
        await keyring_pg.execute(_FORGET_ATTEMPTS, name, version)
        return True

    async def replace(self, keyring_pg: asyncpg.Connection, name: str, pair: TokenPair) -> None:
        """Put a newer pair in place of the one before it, which is kept sealed for an investigation.

        The row must be locked by this transaction. Raises ValueError for an empty token or a version that is
        not the next one: neither may ever overwrite a pair that works.
        """
        if not pair.access or not pair.refresh:
            raise ValueError(f"{name}: refusing to store an empty token")
        status = await keyring_pg.execute(
            "UPDATE channel_token SET previous_ct = refresh_ct, access_ct = $2, refresh_ct = $3,"
            " access_expires_at = $4, refresh_issued_at = $5, version = $6, state = 'valid', rotated_at = $5"
            " WHERE name = $1 AND version = $6 - 1",
            name, self._seal(name, "access_ct", pair.access), self._seal(name, "refresh_ct", pair.refresh),
            pair.expires_at, pair.issued_at, pair.version,
        )  # fmt: skip
        if status != "UPDATE 1":
            raise ValueError(f"{name}: token version {pair.version} does not follow the stored one")
        await keyring_pg.execute(_FORGET_ATTEMPTS, name, pair.version)

    async def needs_consent(self, keyring_pg: asyncpg.Connection, name: str, version: int) -> bool:
        """Stop refreshing until an administrator consents again; False when it was stopped already."""
        status = await keyring_pg.execute(
            "UPDATE channel_token SET state = 'needs_consent'"
            " WHERE name = $1 AND version = $2 AND state = 'valid'",
            name, version,
        )  # fmt: skip
        return cast(str, status) == "UPDATE 1"

    async def attempts(self, keyring_pg: asyncpg.Connection, name: str, version: int) -> Attempts:
        """Count the uses of this version's refresh token."""
        row = await keyring_pg.fetchrow(
            "SELECT count(*) AS n, max(at) AS last FROM channel_token_attempt"
            " WHERE name = $1 AND version = $2",
            name, version,
        )  # fmt: skip
        return Attempts(row["n"], row["last"])

    async def attempt(self, keyring_pg: asyncpg.Connection, name: str, version: int, n: int, at: datetime) -> None:
        """Record the n-th use, on a connection of its own, before the token leaves us."""
        await keyring_pg.execute(
            "INSERT INTO channel_token_attempt(name, version, n, at) VALUES ($1, $2, $3, $4)",
            name, version, n, at,
        )  # fmt: skip

    async def unused(self, keyring_pg: asyncpg.Connection, name: str, version: int, n: int) -> None:
        """Take the record back: the token surely did not leave, or was surely not consumed."""
        await keyring_pg.execute(
            "DELETE FROM channel_token_attempt WHERE name = $1 AND version = $2 AND n = $3", name, version, n
        )

    def seal_blob(self, name: str, plain: bytes) -> bytes:
        """Seal a whole pair for the file beside the database."""
        return self._sealer.seal(plain, place("channel_token", "file", name, None))

    def open_blob(self, name: str, sealed: bytes) -> bytes:
        """Open such a file. Raises Sealed."""
        return self._sealer.open(sealed, place("channel_token", "file", name, None))

    def _seal(self, name: str, column: str, token: str) -> bytes:
        return self._sealer.seal(token.encode(), place("channel_token", column, name, None))

    def _opened(self, name: str, row: asyncpg.Record | None) -> TokenPair | None:
        if row is None:
            return None
        access, refresh = (
            self._sealer.open(row[column], place("channel_token", column, name, None)).decode()
            for column in ("access_ct", "refresh_ct")
        )
        return TokenPair(
            access, refresh, row["access_expires_at"], row["refresh_issued_at"], row["version"], row["state"]
        )
