"""Field encryption: one field opens only in its own table, column, row and person.

Bytes: version 0x01 | algorithm | key id (4, big endian) | nonce (12) | ciphertext and tag.
"""

from __future__ import annotations

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.errors import Sealed

_HEAD = b"\x01\x01"
_NONCE_AT = 6
_BODY_AT = 18


def place(table: str, column: str, row: str, person: UUID | None) -> bytes:
    """Name the one place a field belongs to; the additional data of its encryption."""
    return f"nc1|{table}|{column}|{row}|{person or ''}".encode()


def encrypt(key: AESGCM, plain: bytes, where: bytes, kid: int = 0) -> bytes:
    """Encrypt `plain` for `where` under a random 96-bit nonce."""
    nonce = os.urandom(12)
    return _HEAD + kid.to_bytes(4, "big") + nonce + key.encrypt(nonce, plain, where)


def decrypt(key: AESGCM, sealed: bytes, where: bytes) -> bytes:
    """Open a field in its place. Raises Sealed; never returns a part."""
    if sealed[:2] != _HEAD or len(sealed) < _BODY_AT + 16:
        raise Sealed("not an envelope of this installation")
    try:
        return key.decrypt(sealed[_NONCE_AT:_BODY_AT], sealed[_BODY_AT:], where)
    except InvalidTag:
        raise Sealed from None


def key_id(sealed: bytes) -> int:
    """Read the id of the wrapping key from an envelope."""
    return int.from_bytes(sealed[2:6], "big")


def pad(plain: bytes) -> bytes:
    """Pad to 64-byte buckets up to 1 KiB, then to 25 % steps, so that lengths say little."""
    size = len(plain) + 4
    bucket = -(-size // 64) * 64 if size <= 1024 else -(-size // (256 * (size // 1024))) * (256 * (size // 1024))
    return len(plain).to_bytes(4, "big") + plain + bytes(bucket - size)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`."""
    size = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + size]
