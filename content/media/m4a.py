"""M4A container for AAC frames, for players that take no bare ADTS: the same sound, nothing encoded anew.

Source: ISO/IEC 14496-12 (boxes), 14496-14 (mp4a, esds), 14496-3 (AudioSpecificConfig).
"""

from __future__ import annotations

import struct

from content.media.aac import RATES, SAMPLES, taken_apart

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def wrapped(adts: bytes) -> bytes:
    """Return an .m4a with the frames of an ADTS file of ours. Raises NotSound for any other."""
    index, frames = taken_apart(adts)
    rate, length = RATES[index], len(frames) * SAMPLES
    kind = _box(b"ftyp", b"M4A \x00\x00\x02\x00M4A mp42isom")
    without = _moov(index, rate, length, frames, 0)
    moov = _moov(index, rate, length, frames, len(kind) + len(without) + 8)
    return kind + moov + _box(b"mdat", b"".join(frames))


def _moov(index: int, rate: int, length: int, frames: list[bytes], sound_at: int) -> bytes:
    head = (
        struct.pack(">IIIIIIH10x", 0, 0, 0, rate, length, 0x10000, 0x100) + _MATRIX + bytes(24) + struct.pack(">I", 2)
    )
    track = struct.pack(">IIIII4xI8xHHHH", 7, 0, 0, 1, 0, length, 0, 0, 0x100, 0) + _MATRIX + bytes(8)
    media = struct.pack(">IIIIIHH", 0, 0, 0, rate, length, 0x55C4, 0)
    handler = struct.pack(">II4s12x", 0, 0, b"soun") + b"\x00"
    information = _box(
        b"minf",
        _box(b"smhd", bytes(8))
        + _box(b"dinf", _box(b"dref", struct.pack(">II", 0, 1) + _box(b"url ", struct.pack(">I", 1))))
        + _table(index, rate, frames, sound_at),
    )
    mdia = _box(b"mdia", _box(b"mdhd", media) + _box(b"hdlr", handler) + information)
    return _box(b"moov", _box(b"mvhd", head) + _box(b"trak", _box(b"tkhd", track) + mdia))


def _table(index: int, rate: int, frames: list[bytes], sound_at: int) -> bytes:
    """Where every frame lies: all in one chunk, one after the other."""
    sizes = struct.pack(f">III{len(frames)}I", 0, 0, len(frames), *map(len, frames))
    return _box(
        b"stbl",
        _box(b"stsd", struct.pack(">II", 0, 1) + _entry(index, rate))
        + _box(b"stts", struct.pack(">IIII", 0, 1, len(frames), SAMPLES))
        + _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(frames), 1))
        + _box(b"stsz", sizes)
        + _box(b"stco", struct.pack(">III", 0, 1, sound_at)),
    )


def _entry(index: int, rate: int) -> bytes:
    config = struct.pack(">H", 2 << 11 | index << 7 | 1 << 3)  # AAC-LC, the rate, one channel
    decoder_config = _descriptor(4, bytes([0x40, 0x15]) + bytes(11) + _descriptor(5, config))
    esds = struct.pack(">I", 0) + _descriptor(3, struct.pack(">HB", 1, 0) + decoder_config + _descriptor(6, b"\x02"))
    sound = struct.pack(">6xHIIHHHHI", 1, 0, 0, 1, 16, 0, 0, rate << 16)
    return _box(b"mp4a", sound + _box(b"esds", esds))


def _descriptor(tag: int, body: bytes) -> bytes:
    return bytes([tag, len(body)]) + body


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body
