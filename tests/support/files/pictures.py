"""Small real files that betray who made them: each carries a canary in every place its format has for words."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from simulator.core.sample_media import silent_aac, silent_amr, silent_ogg, square_png

CANARY = b"Lan-Ban-Muong-21.0285N-105.8542E"
"""What no cleaned file may hold: a name and a place."""


def jpeg(canary: bytes = CANARY, turned: int = 6, scan: bytes = b"") -> bytes:
    """A grey square held on its side, with GPS in Exif, XMP, IPTC, a profile, a comment, a film behind its end.

    `scan` goes where the pixels are, and stays there.
    """
    jfif = b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x01" + canary[:3]
    segments = [
        _segment(0xE0, jfif),
        _segment(0xE1, b"Exif\x00\x00" + _tiff(canary, turned)),
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + canary + b"</x:xmpmeta>"),
        _segment(0xE2, b"ICC_PROFILE\x00\x01\x01desc" + canary),
        _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04" + canary),
        _segment(0xFE, canary),
        _segment(0xDB, b"\x00" + b"\x01" * 64),
        _segment(0xC0, struct.pack(">BHHB3B", 8, 8, 8, 1, 1, 0x11, 0)),
        *(_segment(0xC4, bytes([kind, 1]) + bytes(15) + b"\x00") for kind in (0x00, 0x10)),
        _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f" + scan,
    ]
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xd9" + b"\x00\x00\x00\x18ftypmp42" + canary


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _tiff(canary: bytes, turned: int) -> bytes:
    """Exif in little endian: which way up, and a GPS directory with the canary as its area."""
    gps = 8 + 2 + 2 * 12 + 4
    first = (
        struct.pack("<H", 2) + struct.pack("<HHIHH", 0x0112, 3, 1, turned, 0) + struct.pack("<HHII", 0x8825, 4, 1, gps)
    )
    inside = struct.pack("<H", 1) + struct.pack("<HHII", 0x001C, 7, len(canary), gps + 2 + 12 + 4)
    return b"II*\x00" + struct.pack("<I", 8) + first + bytes(4) + inside + bytes(4) + canary


def png(canary: bytes = CANARY) -> bytes:
    """A coloured square with a text, a compressed text, a time, Exif, a profile, and something behind its end."""
    plain = square_png(8)
    more = [
        (b"tEXt", b"Author\x00" + canary),
        (b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + canary),
        (b"eXIf", _tiff(canary, 1)),
        (b"tIME", bytes(7)),
        (b"iCCP", canary[:20] + b"\x00\x00" + zlib.compress(b"profile")),
    ]
    chunks = b"".join(struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in more)
    return plain[:33] + chunks + plain[33:] + canary


def webp(canary: bytes = CANARY) -> bytes:
    """A picture of one pixel with Exif, XMP and a profile."""
    pixel = bytes.fromhex("2f000000000788fd8fffffff0f")
    chunks = [
        (b"VP8X", bytes([0x2C, 0, 0, 0]) + bytes(6)),
        (b"ICCP", canary),
        (b"VP8L", pixel),
        (b"EXIF", _tiff(canary, 1)),
        (b"XMP ", canary),
    ]
    body = b"".join(n + struct.pack("<I", len(b)) + b + bytes(len(b) & 1) for n, b in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def ogg(canary: bytes = CANARY) -> bytes:
    """A silent voice message whose tags name its maker."""
    from simulator.core import sample_media

    head = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00"
    comment = b"ARTIST=" + canary
    tags = b"OpusTags" + struct.pack("<I", len(canary)) + canary + struct.pack("<II", 1, len(comment)) + comment
    pages = [sample_media._page(2, 0, 0, [head]), sample_media._page(0, 0, 1, [tags])]
    return b"".join([*pages, sample_media._page(4, 50 * 960, 2, [b"\xf8\xff\xfe"] * 50)])


def aac(canary: bytes = CANARY) -> bytes:
    """Silent frames between a tag in front and one at the end."""
    return b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(canary)]) + canary + silent_aac() + (b"TAG" + canary).ljust(128)


def m4a(canary: bytes = CANARY) -> bytes:
    """A silent M4A with the name, the place and the time of its making."""
    from content.media import m4a as container

    plain = container.wrapped(silent_aac())
    label = _box(b"udta", _box(b"\xa9xyz", canary) + _box(b"meta", canary))
    made = plain.replace(b"mvhd" + bytes(12), b"mvhd" + bytes(4) + canary[:8], 1)
    return made + _box(b"free", canary) + _box(b"moov", label) + _box(b"uuid", canary)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def mp3(canary: bytes = CANARY) -> bytes:
    """Two silent frames of layer III between tags."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(canary)]) + canary + frame * 2 + b"TAG" + canary


def docx(canary: bytes = CANARY, *more: str) -> bytes:
    """A document of words with its author."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name in ("word/document.xml", "docProps/core.xml", *more):
            made.writestr(name, canary)
    return packed.getvalue()


def pdf(canary: bytes = CANARY) -> bytes:
    """What begins like a PDF and names its author."""
    return b"%PDF-1.4\n1 0 obj <</Author (" + canary + b")>> endobj\n%%EOF\n"


FILES = {
    "jpeg": jpeg,
    "png": png,
    "webp": webp,
    "opus": ogg,
    "aac": aac,
    "m4a": m4a,
    "mp3": mp3,
}
"""Every format that is cleaned and has a place for words, by name."""
PLAIN = {"amr": silent_amr, "opus": silent_ogg}
"""Formats as the platforms themselves write them."""
