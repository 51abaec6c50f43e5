"""Ogg Opus, taken apart into packets and written anew with empty tags.

Source: RFC 3533 (Ogg), RFC 7845 (Ogg Opus), RFC 6716 section 3.1 (the first byte of a packet).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

from content.media.clip import Clip, ClipRejected

_HEAD, _TAGS = b"OpusHead", b"OpusTags"
_RATE = 48_000
_PACKETS_A_PAGE = 50
_FIRST, _LAST = 2, 4
_SERIAL = 1
_MOST_PACKETS = 360_000
"""Packets of a file: two hours of the usual 20 ms, more than fit into what may be attached."""


def read(data: bytes) -> Clip:
    """Return the sound of an Ogg Opus file of one channel. Raises NotSound."""
    packets = list(islice(_packets(data), _MOST_PACKETS + 1))
    if not 3 <= len(packets) <= _MOST_PACKETS or not packets[0].startswith(_HEAD) or not packets[1].startswith(_TAGS):
        raise ClipRejected("broken")
    head = packets[0]
    if len(head) < 19 or head[8] >> 4:
        raise ClipRejected("broken")
    if head[9] != 1 or head[18]:
        raise ClipRejected("stereo")
    sounds = [packet for packet in packets[2:] if packet]
    samples = sum(_samples(packet) for packet in sounds)
    skip = int.from_bytes(head[10:12], "little")
    milliseconds = max(0, samples - skip) * 1000 // _RATE
    return Clip("opus", milliseconds, _written(head[:18] + b"\x00", sounds))


def _packets(data: bytes) -> Iterator[bytes]:
    """Yield the packets of the one stream in a file; a second stream, a gap or a damaged page is refused."""
    at, sequence, serial = 0, 0, None
    begun: list[bytes] = []  # joined once: a packet may go on over thousands of pages
    while at < len(data):
        flags, page_serial, number, lengths, body = _page_at(data, at)
        at = body + sum(lengths)
        if serial is None:
            serial = page_serial
        if page_serial != serial or number != sequence or at > len(data) or bool(flags & 1) != bool(begun):
            raise ClipRejected("broken")
        sequence += 1
        for length in lengths:
            begun.append(data[body : body + length])
            body += length
            if length < 255:
                yield b"".join(begun)
                begun = []
    if begun:
        raise ClipRejected("broken")


def _page_at(data: bytes, at: int) -> tuple[int, int, int, bytes, int]:
    """Read a page's head: flags, serial, number, segment lengths, and where its body begins."""
    if data[at : at + 5] != b"OggS\x00" or len(data) < at + 27:
        raise ClipRejected("broken")
    flags = data[at + 5]
    serial, number, crc, count = struct.unpack_from("<IIIB", data, at + 14)
    lengths = data[at + 27 : at + 27 + count]
    body = at + 27 + count
    page = bytearray(data[at : body + sum(lengths)])
    page[22:26] = bytes(4)
    if _crc(page) != crc:
        raise ClipRejected("broken")
    return flags, serial, number, lengths, body


def _samples(packet: bytes) -> int:
    """How long a packet sounds, in samples of 48 kHz."""
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:
        frame = (480, 960)[config & 1]
    else:
        frame = (120, 240, 480, 960)[config & 3]
    if code == 3 and len(packet) < 2:
        raise ClipRejected("broken")
    return frame * (1, 2, 2, packet[1] & 63 if code == 3 else 0)[code]


def _written(head: bytes, sounds: list[bytes]) -> bytes:
    """Write packets as a file of our own: the same head, tags without a word, pages of a second."""
    tags = _TAGS + struct.pack("<II", 0, 0)
    pages = [_page(_FIRST, 0, 0, [head]), _page(0, 0, 1, [tags])]
    position, number = 0, 2
    for start in range(0, len(sounds), _PACKETS_A_PAGE):
        group = sounds[start : start + _PACKETS_A_PAGE]
        while group:
            some, group = _fitting(group)
            position += sum(_samples(packet) for packet in some)
            last = not group and start + _PACKETS_A_PAGE >= len(sounds)
            pages.append(_page(_LAST if last else 0, position, number, some))
            number += 1
    return b"".join(pages)


def _fitting(packets: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Take as many packets as one page has segments for."""
    room = 255
    for count, packet in enumerate(packets):
        room -= len(packet) // 255 + 1
        if room < 0:
            if not count:
                raise ClipRejected("broken")
            return packets[:count], packets[count:]
    return packets, []


def _page(flags: int, position: int, number: int, packets: list[bytes]) -> bytes:
    lengths = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, _SERIAL, number, 0, len(lengths))
    page = bytearray(head + lengths + b"".join(packets))
    page[22:26] = struct.pack("<I", _crc(page))
    return bytes(page)


def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        crc = byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
        found.append(crc & 0xFFFFFFFF)
    return tuple(found)


_CRC = _table()


def _crc(page: bytes | bytearray) -> int:
    """The checksum of a page, its own field being zero."""
    crc = 0
    for byte in page:
        crc = (crc << 8) & 0xFFFFFFFF ^ _CRC[(crc >> 24) ^ byte]
    return crc
