"""Sound formats besides Ogg Opus and bare AAC: M4A without its labels, MP3 and AMR as their frames alone.

Source: ISO/IEC 14496-12 (boxes), ISO/IEC 11172-3 and 13818-3 (MP3 frames), RFC 4867 section 5 (AMR files).
"""

from __future__ import annotations

import struct

from content.media.attachment import FileRejected
from content.media.clip import ClipRejected

_INSIDE = (b"moov", b"trak", b"mdia", b"edts")
_LABELS = (b"udta", b"meta", b"uuid", b"free", b"skip", b"wide")
_DEEPEST = 4
"""Levels of boxes that hold boxes; a sound has three of them: film, track, media."""
_TIMES = (b"mvhd", b"tkhd", b"mdhd")
_HANDLER = b"hdlr"
_HANDLER_NAME = 24
"""Where the name of whoever wrote the track begins in the body of its handler."""
_AMR = {b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5), b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)}
"""Bytes of a frame by its type; types up to 14 without sound have none, 15 is silence that was not sent."""
_MOST_AMR = 360_000
"""Frames of an AMR file: two hours, more than fit into what may be attached unless they hold nothing."""
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MP3_KBITS = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def m4a(data: bytes) -> bytes:
    """Return the file with its labels made empty and its times set to nothing; the sound stays where it is.

    Raises NotSound where it is unusual or cut off, NotTaken for a film, which is of a kind nobody takes, and for boxes
    that no recorder writes: one too small for what it has to hold, or too many in one another.
    """
    made = bytearray(data)
    if not _blanked(made, 0, len(made), _DEEPEST):
        raise ClipRejected("broken")
    return bytes(made)


def _blanked(data: bytearray, at: int, end: int, levels: int) -> bool:
    """Empty every label between two places; returns whether there is any sound."""
    if levels < 0:
        raise FileRejected("broken")
    sound = False
    while at < end:
        length, name = struct.unpack_from(">I4s", data, at) if at + 8 <= end else (0, b"")
        if length < 8 or at + length > end:
            raise ClipRejected("broken")
        body, behind = at + 8, at + length
        if name in _LABELS:
            data[at + 4 : behind] = b"free" + bytes(behind - body)
        elif name in _TIMES:
            _forget_times(data, body, behind)
        elif name == _HANDLER:
            sound |= _heard(data, body, behind)
        elif name in _INSIDE:
            sound |= _blanked(data, body, behind, levels - 1)
        at = behind
    return sound


def _forget_times(data: bytearray, body: int, behind: int) -> None:
    """Set the times of making and changing to nothing: four bytes each, eight in a box of version 1."""
    size = 16 if data[body : min(body + 1, behind)] == b"\x01" else 8
    if body + 4 + size > behind:
        raise FileRejected("broken")
    data[body + 4 : body + 4 + size] = bytes(size)


def _heard(data: bytearray, body: int, behind: int) -> bool:
    """Whether the handler of a track is that of a sound; the name of whoever wrote the track is made empty."""
    if body + 12 > behind:
        raise FileRejected("broken")
    kind = bytes(data[body + 8 : body + 12])
    if kind == b"vide":
        raise FileRejected("kind")
    name = body + _HANDLER_NAME
    if behind > name:
        data[name:behind] = bytes(behind - name)
    return kind == b"soun"


def amr(data: bytes) -> bytes:
    """Return the frames of an AMR file behind its head. Raises NotSound."""
    head = next((head for head in _AMR if data.startswith(head)), None)
    if head is None:
        raise ClipRejected("broken")
    sizes, at, frames = _AMR[head], len(head), 0
    while at < len(data) and frames < _MOST_AMR:
        frames += 1
        kind = data[at] >> 3 & 15
        if data[at] & 0x83 or (len(sizes) <= kind < 14):
            raise ClipRejected("broken")
        at += 1 + (sizes[kind] if kind < len(sizes) else 0)
    if at != len(data) or at == len(head):
        raise ClipRejected("broken")
    return data


def mp3(data: bytes) -> bytes:
    """Return the frames of an MP3 file (its leading tag already cut off) up to the first thing that is none.

    Raises NotSound.
    """
    at = 0
    while (length := _mp3_frame(data, at)) and at + length <= len(data):
        at += length
    if not at:
        raise ClipRejected("broken")
    return data[:at]


def _mp3_frame(data: bytes, at: int) -> int:
    """How long the frame of layer III is that begins here; 0 when none does."""
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return 0
    version, kbits, rate, padded = (
        data[at + 1] >> 3 & 3,
        data[at + 2] >> 4,
        data[at + 2] >> 2 & 3,
        data[at + 2] >> 1 & 1,
    )
    if version not in _MP3_RATES or rate == 3 or not 1 <= kbits <= 14:
        return 0
    bits = _MP3_KBITS[version == 3][kbits - 1] * 1000
    return (144 if version == 3 else 72) * bits // _MP3_RATES[version][rate] + padded
