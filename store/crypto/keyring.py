"""The keyring: master keys as files, made on first run, and the keys of people in the keyring database."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Uuid

from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, place
from store.errors import Forgotten, KeysUnsafe
from store.metadata import keyring_metadata

contact_key = Table(
    "contact_key",
    keyring_metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("kid", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
tombstone = Table(
    "tombstone",
    keyring_metadata,
    Column("tag", LargeBinary, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

_FILES = ("kek-1.bin", "index.bin", "audit.bin", "inbox.private", "recovery.public")


@dataclass(frozen=True)
class MasterKeys:
    """The secrets this process works with: 32 bytes each, read from files of mode 0600.

    `kek` wraps people's keys and tokens; `index` makes blind indexes; `audit` chains the audit;
    `inbox_private` opens the inbox; `recovery_public` is the offline key every case is also sealed to.
    """

    kek: bytes
    index: bytes
    audit: bytes
    inbox_private: bytes
    recovery_public: bytes

    @property
    def inbox_public(self) -> bytes:
        """The key the inbox is sealed to."""
        return hpke.public_of(self.inbox_private)

    def blind(self, account: str, address: str) -> bytes:
        """Index an address without storing it: the first 16 bytes of HMAC-SHA256."""
        return hmac.digest(self.index, f"{account}:{address}".encode(), "sha256")[:16]


def open_keys(folder: Path, data_folder: Path | None) -> MasterKeys:
    """Read the key files, making them on the first run.

    Raises KeysUnsafe when `folder` lies inside `data_folder`, or a file is readable by group or others.
    The private half of the recovery key is written once to `recovery.private` for the operator to take offline.
    """
    if data_folder is not None and data_folder.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise KeysUnsafe(
            f"{folder} lies inside the data folder: a stolen copy of the data would carry its keys; "
            "set NHIPCAU_KEYS_DIR to another place"
        )
    _make_missing(folder)
    for path in folder.iterdir():
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeysUnsafe(f"{path} can be read by others: run `chmod 600 {path}`")
    kek, index, audit, inbox, recovery = (_read(folder / name) for name in _FILES)
    return MasterKeys(kek, index, audit, inbox, recovery)


def _read(path: Path) -> bytes:
    value = path.read_bytes()
    if len(value) != 32:
        raise KeysUnsafe(f"{path} holds {len(value)} bytes instead of 32: restore it from its copy")
    return value


def _make_missing(folder: Path) -> None:
    if any((folder / name).exists() for name in _FILES):
        missing = [name for name in _FILES if not (folder / name).exists()]
        if missing:
            raise KeysUnsafe(
                f"{folder} lacks {', '.join(missing)}: restore it from its copy; a new key would open nothing"
            )
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    recovery_private, recovery_public = hpke.generate()
    fresh = {
        "kek-1.bin": secrets.token_bytes(32),
        "index.bin": secrets.token_bytes(32),
        "audit.bin": secrets.token_bytes(32),
        "inbox.private": hpke.generate()[0],
        "recovery.private": recovery_private,
        "recovery.public": recovery_public,
    }
    for name, value in fresh.items():
        _write_once(folder / name, value)


def _write_once(path: Path, value: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


class Keyring:
    """People's data keys: wrapped in the keyring database, unwrapped for a while in memory."""

    _CACHED = 20_000

    def __init__(self, keys: MasterKeys) -> None:
        self.keys = keys
        self._kek = AESGCM(keys.kek)
        self._cache: OrderedDict[UUID, AESGCM] = OrderedDict()

    def tag(self, person: UUID) -> bytes:
        """The mark a forgotten person leaves: it survives every restore and names nobody."""
        return hashlib.blake2b(person.bytes, key=self.keys.index, digest_size=16, person=b"gone").digest()

    def cached(self, person: UUID) -> AESGCM | None:
        """The key if it is in memory."""
        return self._cache.get(person)

    def forget_cached(self, person: UUID) -> None:
        """Drop the key from memory."""
        self._cache.pop(person, None)

    async def load(self, keyring_pg: asyncpg.Connection, people: Sequence[UUID]) -> dict[UUID, AESGCM]:
        """Unwrap the keys of `people`; those without a key are simply not in the answer."""
        missing = [p for p in people if p not in self._cache]
        if missing:
            rows = await keyring_pg.fetch(
                "SELECT person_id, wrapped FROM contact_key WHERE person_id = ANY($1)", missing
            )
            for row in rows:
                self._remember(row["person_id"], self._unwrap(row["person_id"], row["wrapped"]))
        return {p: key for p in people if (key := self._cache.get(p)) is not None}

    async def key_of(self, keyring_pg: asyncpg.Connection, person: UUID) -> AESGCM:
        """Unwrap one key. Raises Forgotten."""
        try:
            return (await self.load(keyring_pg, [person]))[person]
        except KeyError:
            raise Forgotten from None

    async def create(self, keyring_pg: asyncpg.Connection, people: Sequence[UUID], now: datetime) -> dict[UUID, AESGCM]:
        """Make and store a new key for each of `people`."""
        raw = {p: AESGCM.generate_key(256) for p in people}
        wrapped = [encrypt(self._kek, k, place("contact_key", "wrapped", p.hex, p), 1) for p, k in raw.items()]
        await keyring_pg.execute(
            "INSERT INTO contact_key(person_id, kid, wrapped, created_at) "
            "SELECT p, 1, w, $3 FROM unnest($1::uuid[], $2::bytea[]) AS u(p, w)",
            list(raw), wrapped, now,
        )  # fmt: skip
        keys = {p: AESGCM(k) for p, k in raw.items()}
        for person, key in keys.items():
            self._remember(person, key)
        return keys

    def _unwrap(self, person: UUID, wrapped: bytes) -> AESGCM:
        return AESGCM(decrypt(self._kek, wrapped, place("contact_key", "wrapped", person.hex, person)))

    def _remember(self, person: UUID, key: AESGCM) -> None:
        self._cache[person] = key
        if len(self._cache) > self._CACHED:
            self._cache.popitem(last=False)
