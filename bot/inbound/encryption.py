"""Encryption of the inbox with an hourly key that only the holder of the inbox key can recover.

HPKE on every message would cost 0.14 CPU-seconds per thousand (79 µs to seal, 65 µs to open). So a process makes a
fresh AES-256-GCM key, seals that key once to the inbox public key, and forgets it within the hour (docs/adr/0006).
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt

_INFO = b"nc1|inbox_key|"
LIFE = timedelta(hours=1)


class HourKey:
    """A key that seals for an hour: its id, itself, and its copy sealed to the inbox key."""

    def __init__(self, inbox_public: bytes, now: datetime) -> None:
        raw = AESGCM.generate_key(256)
        self.id = os.urandom(8)
        self.key = AESGCM(raw)
        self.sealed = hpke.seal(inbox_public, raw, _INFO + self.id)
        self.until = now + LIFE
        self.stored = False

    def seal(self, account: int, ext: bytes, raw: bytes) -> bytes:
        """Seal one raw event for exactly its row."""
        return encrypt(self.key, raw, _place(account, ext))


def _place(account: int, ext: bytes) -> bytes:
    return b"nc1|inbox|%d|%b" % (account, ext.hex().encode())


class InboxDecryptor:
    """Open sealed events; the private half of the inbox key stays in this process."""

    def __init__(self, inbox_private: bytes) -> None:
        self._private = inbox_private
        self._keys: dict[bytes, AESGCM] = {}

    def learn(self, key_id: bytes, sealed: bytes) -> None:
        """Recover one key of the hour. Raises Sealed."""
        if len(self._keys) > 1000:
            self._keys.clear()
        self._keys[key_id] = AESGCM(hpke.open_sealed(self._private, sealed, _INFO + key_id))

    async def learn_missing(self, pg: asyncpg.Connection, key_ids: set[bytes]) -> None:
        """Fetch and recover the keys not known yet."""
        missing = [key_id for key_id in key_ids if key_id not in self._keys]
        if missing:
            for row in await pg.fetch("SELECT id, sealed FROM inbox_key WHERE id = ANY($1)", missing):
                self.learn(row["id"], row["sealed"])

    def open(self, key_id: bytes, account: int, ext: bytes, sealed: bytes) -> bytes:
        """Open one event. Raises KeyError for an unknown key, Sealed for a row that is not its own."""
        return decrypt(self._keys[key_id], sealed, _place(account, ext))


async def store_key(pg: asyncpg.Connection, key_id: bytes, sealed: bytes, now: datetime) -> None:
    """Keep a key of the hour beside the inbox."""
    await pg.execute(
        "INSERT INTO inbox_key(id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        key_id, sealed, now,
    )  # fmt: skip
