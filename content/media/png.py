"""PNG cleaning: only chunks that make the picture. Source: PNG specification, third edition (W3C, 2025-06)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from content.media.attachment import FileRejected, counted, within

HEAD = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def cleaned(data: bytes) -> bytes:
    """Return the picture alone: no text, time, Exif, profile, animation, nor anything behind its end.

    Raises NotTaken for one that is damaged, cut off or enormous.
    """
    kept, pixels = [HEAD], False
    for name, chunk in counted(_chunks(data)):
        if (name == b"IHDR") != (len(kept) == 1):
            raise FileRejected("broken")
        if name == b"IHDR":
            _measured(chunk[8:-4])
        pixels |= name == b"IDAT"
        if name in _KEPT:
            kept.append(chunk)
    if not pixels:
        raise FileRejected("broken")
    return b"".join(kept)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and bytes of every chunk up to the end of the picture, each with its length and its checksum."""
    at, name = len(HEAD), b""
    while name != b"IEND":
        if len(data) < at + 12:
            raise FileRejected("broken")
        [length] = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise FileRejected("broken")
        yield name, data[at:end]
        at = end


def _measured(head: bytes) -> None:
    if len(head) != 13:
        raise FileRejected("broken")
    within(*struct.unpack_from(">II", head))
