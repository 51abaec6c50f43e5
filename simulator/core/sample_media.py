"""Tiny real media for phones that send a voice or a picture: silence and one coloured square."""

from __future__ import annotations

import struct
import zlib


def silent_amr(frames: int = 50) -> bytes:
    """Return an AMR file of silence, 20 ms a frame (what Zalo's voice messages are, by its documentation)."""
    return b"#!AMR\n" + b"\x7c" * frames


def silent_aac(frames: int = 16) -> bytes:
    """Return an ADTS stream of silent AAC-LC frames, 16 kHz, mono, 64 ms each (what a Zalo bot's voices are)."""
    silence = b"\x01\x18\x20\x07"  # one channel element without a spectrum, and the end
    size = 7 + len(silence)
    head = bytes([0xFF, 0xF1, 0x60, 0x40 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    return (head + silence) * frames


def silent_ogg(frames: int = 50) -> bytes:
    """Return an Ogg Opus file of silence, 20 ms a frame (what Telegram's voice messages are)."""
    head = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00"
    tags = b"OpusTags" + struct.pack("<I", 3) + b"sim" + struct.pack("<I", 0)
    pages = [_page(2, 0, 0, [head]), _page(0, 0, 1, [tags])]
    pages.append(_page(4, frames * 960, 2, [b"\xf8\xff\xfe"] * frames))
    return b"".join(pages)


def square_png(side: int = 64, colour: tuple[int, int, int] = (120, 170, 210)) -> bytes:
    """Return a PNG of one colour, `side` pixels each way."""
    rows = (b"\x00" + bytes(colour) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _page(flags: int, position: int, sequence: int, packets: list[bytes]) -> bytes:
    lengths = bytes(len(packet) for packet in packets)
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, 1, sequence, 0, len(packets))
    page = head + lengths + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_crc(page)) + page[26:]


def _ogg_crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        crc &= 0xFFFFFFFF
    return crc
