"""Files made to stop or to starve whoever takes them apart: sizes that lie, nesting without end, counts without end."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from content.media import opus
from content.media.attachment import LARGEST

FTYP = b"\x00\x00\x00\x14ftypM4A \x00\x00\x00\x00M4A "
NO_BODY = bytes.fromhex("00000014667479704d344120000000004d344120000000086d766864")
"""28 bytes: a box of times that ends where its body should begin."""
OPUS_HEAD = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00"
OPUS_TAGS = b"OpusTags" + bytes(8)


def box(name: bytes, body: bytes = b"") -> bytes:
    """A box of ISO media."""
    return struct.pack(">I", len(body) + 8) + name + body


def nested(name: bytes, depth: int, inside: bytes = b"") -> bytes:
    """Boxes in boxes."""
    sizes = range(8 * depth + len(inside), len(inside), -8)
    return b"".join(struct.pack(">I", size) + name for size in sizes) + inside


def page(flags: int, number: int, lengths: bytes, body: bytes) -> bytes:
    """A page of Ogg, with the checksum that belongs to it."""
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, 0, 1, number, 0, len(lengths))
    made = bytearray(head + lengths + body)
    made[22:26] = struct.pack("<I", opus._crc(made))
    return bytes(made)


def ogg(lengths: bytes, flags: int = 0, size: int = LARGEST) -> bytes:
    """A stream of so many bytes whose pages of sound all have these segments; `flags` of the second and later ones."""
    pages = [page(2, 0, bytes([len(OPUS_HEAD)]), OPUS_HEAD), page(0, 1, bytes([len(OPUS_TAGS)]), OPUS_TAGS)]
    body = b"\xf8\xff" * (sum(lengths) // 2 + 1)
    count = (size - sum(map(len, pages))) // (27 + len(lengths) + sum(lengths))
    more = (page(flags if n else 0, n + 2, lengths, body[: sum(lengths)]) for n in range(count))
    return b"".join([*pages, *more])


def one_packet(size: int = LARGEST) -> bytes:
    """A stream whose sound is one packet over all its pages, and its end."""
    made = ogg(b"\xff" * 255, 1, size - 64)
    return made + page(5, made.count(b"OggS"), b"\x01", b"\xf8")


def png(chunks: int) -> bytes:
    """A head and so many empty chunks."""
    head = struct.pack(">II", 8, 8) + bytes(5)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"") * chunks


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def zipped(entries: int, extra: bytes = b"\x00\x99\x00\x00" * 16_383) -> bytes:
    """A list of names without their files, each with as much beside it as there may be."""
    one = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, *[0] * 8, 1, len(extra), *[0] * 5) + b"a" + extra
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, entries * len(one), 4, 0)
    return b"PK\x03\x04" + one * entries + end


SMALL: dict[str, Callable[[], bytes]] = {
    "times without a body": lambda: NO_BODY,
    "times of the track without a body": lambda: FTYP + nested(b"moov", 1, nested(b"trak", 1, box(b"tkhd"))),
    "times that end in the middle": lambda: FTYP + box(b"mdhd", b"\x01" + bytes(10)) + box(b"free", bytes(20)),
    "a handler without a body": lambda: FTYP + box(b"hdlr") + box(b"free", b"\x00\x00\x00\x00soun"),
    "moov in moov, 3,000 deep": lambda: FTYP + nested(b"moov", 3_000),
    "mdia in mdia, 3,000 deep": lambda: FTYP + nested(b"mdia", 3_000, box(b"hdlr", bytes(8) + b"soun")),
    "a picture without a frame": lambda: b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
    "a picture of one chunk": lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff",
}
"""Small files that lie about themselves, by what they do."""
LARGE: dict[str, Callable[[int], bytes]] = {
    "one packet": one_packet,
    "packets of two bytes": lambda size: ogg(b"\x02" * 255, size=size),
    "packets of nothing": lambda size: ogg(bytes(255), size=size),
    "frames of AMR without sound": lambda size: b"#!AMR\n" + b"\x7c" * (size - 6),
    "frames of AAC of eight bytes": lambda size: b"\xff\xf1\x60\x40\x01\x1f\xfc\x00" * (size // 8),
    "frames of MP3 of 24 bytes": lambda size: (b"\xff\xf3\x14" + bytes(21)) * (size // 24),
    "empty boxes": lambda size: FTYP + box(b"free") * ((size - 20) // 8),
    "empty tracks": lambda size: FTYP + box(b"trak") * ((size - 20) // 8),
    "empty tables": lambda size: b"\xff\xd8" + b"\xff\xdb\x00\x02" * ((size - 2) // 4),
    "stuffed bytes": lambda size: b"\xff\xd8\xff\xda\x00\x02" + b"\xff\x00" * ((size - 6) // 2),
    "fill bytes": lambda size: b"\xff\xd8\xff" + b"\xff" * (size - 3),
    "empty chunks": lambda size: png((size - 57) // 12),
    "empty chunks of WebP": lambda size: b"RIFF\xff\xff\xff\xffWEBP" + b"JUNK\x00\x00\x00\x00" * ((size - 12) // 8),
    "a list of names": lambda size: zipped(size // 65_600),
}
"""Files of a size, each with as much work in its bytes as its format allows, by what they consist of."""
