"""The vault of a member's private key: locked by a passphrase at rest, by the cookie during a web session."""

from __future__ import annotations

import os
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.crypto import hpke
from store.crypto.fields import decrypt, encrypt, place
from store.errors import Sealed

COST = (3, 64 * 1024)
"""Passes and KiB of Argon2id. A vault of the first version opens only at this cost."""
_V1 = b"\x01"
_SALT_END = 17
_WHERE = place("staff", "vault", "", None)
_SESSION = place("staff_session", "vault", "", None)
_BLOB_SIZE = 1 + 16 + 18 + 32 + 16


def create(passphrase: str) -> tuple[bytes, bytes]:
    """Make a key pair and lock its private half: (public 32 bytes, blob).

    Blob: 0x01 | salt (16) | envelope of the private key under Argon2id(passphrase; t=3, 64 MiB, p=1).
    Takes about 0.3 s of one core: run it in a thread.
    """
    private, public = hpke.generate()
    return public, lock(private, passphrase)


def lock(private: bytes, passphrase: str) -> bytes:
    """Lock a private key under a (new) passphrase."""
    salt = os.urandom(16)
    return _V1 + salt + encrypt(AESGCM(_stretch(passphrase, salt)), private, _WHERE)


def unlock(blob: bytes, passphrase: str) -> bytes:
    """Open the private key (32 bytes). Raises Sealed for a wrong passphrase: opening is the proof."""
    if blob[:1] != _V1:
        raise Sealed("a vault of an unknown version")
    return decrypt(AESGCM(_stretch(passphrase, blob[1:_SALT_END])), blob[_SALT_END:], _WHERE)


def decoy() -> bytes:
    """Make a blob that opens for nobody and costs as much to try: for logins that do not exist."""
    return _V1 + os.urandom(16) + b"\x01\x01" + os.urandom(_BLOB_SIZE - 19)


def lock_for_session(private: bytes, token: bytes) -> bytes:
    """Lock the opened key under the session's cookie token, of which the server keeps only a hash."""
    return encrypt(AESGCM(_session_key(token)), private, _SESSION)


def unlock_for_session(sealed: bytes, token: bytes) -> bytes:
    """Open the key for one request. Raises Sealed."""
    return decrypt(AESGCM(_session_key(token)), sealed, _SESSION)


def _stretch(passphrase: str, salt: bytes) -> bytes:
    # one keyboard writes ề as one letter, another as three: the same words must open the same vault
    words = unicodedata.normalize("NFKC", passphrase).encode()
    passes, kib = COST
    return hash_secret_raw(words, salt, passes, kib, 1, 32, Type.ID)


def _session_key(token: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"nhipcau staff session vault").derive(token)
