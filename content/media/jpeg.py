"""JPEG cleaning: only the segments that make the picture are written again, and its orientation.

Source: ITU-T T.81 (markers), JFIF 1.02, Exif 2.32 section 4.6 (the tag of orientation).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from content.media.attachment import FileRejected, counted, within

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOS, _APP0, _APP1, _APP14 = 0xDA, 0xE0, 0xE1, 0xEE
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive: what phones make and browsers show."""
_NEEDED = _FRAMES | {0xC4, 0xDB, 0xDD}
"""Frames, and the tables they are read with: Huffman, quantisation, restart interval."""
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
_ADOBE = b"Adobe"
_ADOBE_LENGTH = 12


def cleaned(data: bytes) -> bytes:
    """Return the picture alone. Raises NotTaken for one that is damaged, cut off or enormous.

    Left out: Exif with place and time, XMP, IPTC, comments, colour profiles, thumbnails, maker's notes, and whatever
    lies behind the end of the picture (a second picture, a film).
    """
    kept, turned, framed = [_SOI], 1, False
    for marker, body in counted(_segments(data)):
        if marker in _FRAMES:
            if len(body) < 6:
                raise FileRejected("broken")
            height, width = struct.unpack_from(">HH", body, 1)
            within(width, height)
            framed = True
        if marker == _APP1:
            turned = _orientation(body) or turned
        elif marker == _SOS:
            kept.append(b"\xff\xda" + body)
        elif piece := _piece(marker, body):
            kept.append(piece)
    if not framed or not any(piece.startswith(b"\xff\xda") for piece in kept):
        raise FileRejected("broken")
    upright = [] if turned == 1 else [_exif(turned)]
    return b"".join([kept[0], *upright, *kept[1:], _EOI])


def _piece(marker: int, body: bytes) -> bytes:
    """What is written of one segment: itself, a plain head instead of one with a thumbnail, or nothing."""
    if marker == _APP0:
        return _JFIF if body.startswith(b"JFIF\x00") else b""
    if marker == _APP14 and body.startswith(_ADOBE):
        body = body[:_ADOBE_LENGTH]
    elif marker not in _NEEDED:
        return b""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and body of every segment up to the end of the picture; a scan with its length and its data."""
    if not data.startswith(_SOI):
        raise FileRejected("broken")
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        head = data[at : at + 4]
        if head[:2] == _EOI:
            return
        if len(head) < 4 or head[0] != 0xFF or head[1] in (0, 0xD8) or 0xD0 <= head[1] <= 0xD7:
            raise FileRejected("broken")
        length = int.from_bytes(head[2:4], "big")
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise FileRejected("broken")
        if head[1] == _SOS:
            last = _scan_end(data, end)
            yield _SOS, data[at + 2 : last]
            at = last
        else:
            yield head[1], data[at + 4 : end]
            at = end


def _scan_end(data: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) != -1 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    raise FileRejected("broken")


def _orientation(body: bytes) -> int:
    """Which way up Exif says the picture is held, 1 to 8; 0 when it does not say."""
    tiff = body[6:] if body.startswith(b"Exif\x00\x00") else b""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    try:
        if order is None:
            return 0
        [first] = struct.unpack_from(f"{order}I", tiff, 4)
        [count] = struct.unpack_from(f"{order}H", tiff, first)
        for n in range(min(count, 200)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * n)
            if (tag, kind) == (0x0112, 3):
                return value if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _exif(turned: int) -> bytes:
    """Write an Exif segment that says which way up the picture is held, and nothing else."""
    tiff = b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, turned, 0, 0)
    body = b"Exif\x00\x00" + tiff
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body
