"""Encrypt files to the offline recovery key in the `age` format, which any `age` program opens as well.

The recovery key is an X25519 pair of 32 raw bytes each, as everywhere here; `age` writes such keys in Bech32.
Source: age-encryption.org/v1 (2025-11); Bech32: BIP 173.
"""

from __future__ import annotations

from typing import IO, Protocol

import pyrage
from pyrage import x25519

from store.errors import Sealed

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class Writer(Protocol):
    """Whatever takes bytes."""

    def write(self, block: bytes, /) -> int:
        """Take a block."""

    def flush(self) -> None:
        """Hand on what is buffered."""


def encrypt(public: bytes, plain: IO[bytes], sealed: Writer) -> None:
    """Encrypt everything in `plain` to 32 public bytes."""
    pyrage.encrypt_io(plain, sealed, [x25519.Recipient.from_str(_bech32("age", public))])


def encrypt_to(recipient: str, plain: bytes) -> bytes:
    """Encrypt bytes to somebody else's `age1…`. Raises ValueError when that is no recipient."""
    return bytes(pyrage.encrypt(plain, [_recipient(recipient)]))


def check_recipient(recipient: str) -> None:
    """Raise ValueError unless this is the `age1…` of somebody."""
    _recipient(recipient)


def _recipient(recipient: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise ValueError("this is no age recipient: it begins with age1 and was made by age-keygen") from None


def decrypt(private: bytes, sealed: IO[bytes], plain: IO[bytes]) -> None:
    """Decrypt to `plain` with 32 private bytes. Raises Sealed for a wrong key and for a single changed bit.

    Blocks of 64 KiB are proven one by one, so the blocks before a changed one have been written by then.
    """
    identity = x25519.Identity.from_str(_bech32("age-secret-key-", private).upper())
    try:
        pyrage.decrypt_io(sealed, plain, [identity])
    except pyrage.DecryptError:
        raise Sealed("this recovery key does not open the backup") from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise Sealed("the backup was changed or cut short") from None


def secret(private: bytes) -> str:
    """Write a recovery key as the `AGE-SECRET-KEY-1…` that the `age` program reads."""
    return _bech32("age-secret-key-", private).upper()


def _bech32(prefix: str, data: bytes) -> str:
    """Write bytes in Bech32: five bits a letter, six letters of checksum."""
    number = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    count = -(-len(data) * 8 // 5)
    digits = [number >> 5 * (count - 1 - n) & 31 for n in range(count)]
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _checksum([*spread, *digits, 0, 0, 0, 0, 0, 0]) ^ 1
    digits += [check >> 5 * (5 - n) & 31 for n in range(6)]
    return prefix + "1" + "".join(_LETTERS[digit] for digit in digits)


def _checksum(digits: list[int]) -> int:
    check = 1
    for digit in digits:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ digit
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check
