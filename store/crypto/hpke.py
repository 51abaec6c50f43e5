"""HPKE (RFC 9180): bytes sealed to a public key, so that only the holder of the private key can read them."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from store.errors import Sealed

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ALG = b"\x01"


def generate() -> tuple[bytes, bytes]:
    """Make a key pair: (private, public), 32 raw bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    """Derive the 32 public bytes that belong to 32 private bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, plain: bytes, info: bytes) -> bytes:
    """Seal `plain` to `public`; `info` names the place it belongs to and must be given again to open it."""
    return _ALG + _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info)


def open_sealed(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """Open what `seal` made. Raises Sealed when the key, the place or a single bit is wrong."""
    if sealed[:1] != _ALG:
        raise Sealed("sealed bytes of an unknown kind")
    try:
        return _SUITE.decrypt(sealed[1:], X25519PrivateKey.from_private_bytes(private), info)
    except (InvalidTag, ValueError):
        raise Sealed("sealed bytes do not open with this key in this place") from None
