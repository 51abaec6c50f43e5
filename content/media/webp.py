"""WebP cleaning: the chunks of one still picture. Source: RFC 9649 (2024-11)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from content.media.attachment import FileRejected, counted, within

_ALPHA, _MOVES = 0x10, 0x02
_PICTURE = (b"VP8 ", b"VP8L")


def cleaned(data: bytes) -> bytes:
    """Return the picture alone: no Exif, XMP or profile. Raises NotTaken; one that moves is of a kind nobody takes."""
    if len(data) < 20 or data[8:12] != b"WEBP":
        raise FileRejected("broken")
    chunks = dict(counted(_chunks(data[12 : 8 + int.from_bytes(data[4:8], "little")])))
    picture = next((name for name in _PICTURE if name in chunks), None)
    extended = chunks.get(b"VP8X")
    if extended is not None and extended[:1] and extended[0] & _MOVES:
        raise FileRejected("kind")
    if picture is None:
        raise FileRejected("broken")
    within(*_sides(picture, chunks[picture]))
    body = b""
    if picture == b"VP8 " and b"ALPH" in chunks and extended is not None:
        if len(extended) != 10:
            raise FileRejected("broken")
        body = _chunk(b"VP8X", bytes([_ALPHA, 0, 0, 0]) + extended[4:]) + _chunk(b"ALPH", chunks[b"ALPH"])
    body += _chunk(picture, chunks[picture])
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(body):
        length = int.from_bytes(body[at + 4 : at + 8], "little")
        if at + 8 + length > len(body):
            raise FileRejected("broken")
        yield body[at : at + 4], body[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)


def _sides(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise FileRejected("broken")


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)
