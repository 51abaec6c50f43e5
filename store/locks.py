"""Advisory locks of PostgreSQL: the number of each follows from its name."""

from __future__ import annotations

from zlib import crc32


def lock_number(name: str) -> int:
    """Derive the number of a lock, or of a class of locks: signed, of 32 bits, the same in every process."""
    return crc32(name.encode()) - (1 << 31)
