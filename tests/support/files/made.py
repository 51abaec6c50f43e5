"""Files of every format that is taken, with a structure but made by chance: for Hypothesis."""

from __future__ import annotations

import struct
import zlib

from hypothesis import strategies as st

from tests.support.files import hostile as hostile_files
from tests.support.files import pictures

NOISE = st.binary(max_size=40)
WRONG = st.sampled_from([0, 1, 7, 8, 12, 255, 65_535, 0x7FFFFFFF, 0xFFFFFFFF])
"""What a field may say instead of the truth."""


def lying(true: int, bits: int) -> st.SearchStrategy[int]:
    """Mostly the true number, sometimes one that is a little off or absurd."""
    near = st.integers(-9, 9).map(lambda off: true + off)
    return st.one_of(st.just(true), st.just(true), near, WRONG).map(lambda said: max(0, said) & (1 << bits) - 1)


def joined(parts: st.SearchStrategy[bytes], most: int = 8) -> st.SearchStrategy[bytes]:
    """Several parts, one after the other."""
    return st.lists(parts, max_size=most).map(b"".join)


@st.composite
def boxes(draw: st.DrawFn, depth: int = 6) -> bytes:
    """A box of ISO media, perhaps with others in it."""
    names = [b"moov", b"trak", b"mdia", b"edts", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"udta", b"free", b"mdat", b"minf"]
    name = draw(st.sampled_from(names))
    inside = [NOISE, st.just(b"\x01" + bytes(30)), st.just(bytes(8) + b"soun" + bytes(20)), st.just(bytes(8) + b"vide")]
    body = draw(st.one_of(*inside, joined(boxes(depth - 1), 3)) if depth else st.one_of(*inside))
    return struct.pack(">I", draw(lying(len(body) + 8, 32))) + name + body


@st.composite
def segments(draw: st.DrawFn) -> bytes:
    """A segment of a JPEG."""
    marker = draw(st.sampled_from([0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xEE, 0xFE, 0xFF, 0xD0, 0xD8, 0]))
    tiff = st.tuples(st.sampled_from([b"II*\x00", b"MM\x00*"]), NOISE).map(lambda two: b"Exif\x00\x00" + b"".join(two))
    body = draw(st.one_of(NOISE, tiff, st.just(b"\x08\x00\x08\x00\x08\x01\x01\x11\x00"), st.just(b"JFIF\x00")))
    scan = draw(st.one_of(st.just(b""), NOISE)) if marker == 0xDA else b""
    return struct.pack(">BBH", 0xFF, marker, draw(lying(len(body) + 2, 16))) + body + scan


@st.composite
def chunks(draw: st.DrawFn) -> bytes:
    """A chunk of a PNG, mostly with the right checksum."""
    name = draw(st.sampled_from([b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"tEXt", b"eXIf", b"acTL"]))
    body = draw(st.one_of(NOISE, st.just(struct.pack(">II", 8, 8) + b"\x08\x02\x00\x00\x00")))
    checksum = draw(lying(zlib.crc32(name + body), 32))
    return struct.pack(">I", draw(lying(len(body), 32))) + name + body + struct.pack(">I", checksum)


@st.composite
def riff(draw: st.DrawFn) -> bytes:
    """A chunk of a WebP."""
    name = draw(st.sampled_from([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"EXIF", b"ANIM", b"XMP "]))
    still = [b"\x2f\x00\x00\x00\x00\x07", b"\x00\x00\x00\x9d\x01\x2a\x08\x00\x08\x00", b"\x10" + bytes(9), b"\x02"]
    body = draw(st.one_of(NOISE, st.sampled_from(still)))
    return name + struct.pack("<I", draw(lying(len(body), 32))) + body + bytes(len(body) & 1)


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """Pages of an Ogg stream, with right checksums; numbers, flags, segments and bodies may be wrong."""
    made = []
    head = draw(
        st.sampled_from([hostile_files.OPUS_HEAD, b"OpusHead", hostile_files.OPUS_HEAD[:9] + b"\x02" + bytes(9)])
    )
    for n in range(draw(st.integers(0, 5))):
        body = [head, hostile_files.OPUS_TAGS, b""][min(n, 2)]
        lengths = bytes([len(body)]) if n < 2 else draw(st.binary(max_size=6))
        body = body or draw(st.just(b"\xfb" * sum(lengths)) | st.binary(max_size=60))
        flags = draw(st.sampled_from([2 if not n else 0, 0, 1, 4, 5]))
        made.append(hostile_files.page(flags, draw(lying(n, 32)) if n else 0, lengths, body))
    return b"".join(made)


@st.composite
def adts(draw: st.DrawFn) -> bytes:
    """A frame of AAC."""
    body = draw(NOISE)
    size = draw(lying(7 + len(body), 13))
    first, rate = draw(st.sampled_from([0xF1, 0xF0, 0xF9])), draw(st.sampled_from([0x60, 0x50, 0x7C, 0x20]))
    head = bytes([0xFF, first, rate, 0x40 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    return head + body


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """A ZIP whose end says how many names there are, and where."""
    plain = draw(st.sampled_from([pictures.docx(), hostile_files.zipped(3, b"\x01\x00\x04\x00" * 4)]))
    end = plain.rindex(b"PK\x05\x06")
    count, size, at = struct.unpack_from("<HLL", plain, end + 10)
    fields = (draw(lying(count, 16)), draw(lying(size, 32)), draw(lying(at, 32)))
    return plain[: end + 10] + struct.pack("<HLL", *fields) + plain[end + 20 :]


def tagged(sound: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """A sound, perhaps behind a tag whose size lies."""
    tag = st.tuples(st.binary(min_size=4, max_size=4), NOISE).map(lambda two: b"ID3\x04\x00\x00" + b"".join(two))
    return st.tuples(st.one_of(st.just(b""), tag), sound).map(b"".join)


def behind(head: bytes, parts: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """A head that is known, and parts of chance."""
    return joined(parts).map(lambda rest: head + rest)


WEBP = joined(riff()).flatmap(
    lambda body: lying(len(body) + 4, 32).map(lambda size: b"RIFF" + struct.pack("<I", size) + b"WEBP" + body)
)
MP3 = st.tuples(st.sampled_from([b"\xff\xfb\x90\x00", b"\xff\xf3\x14\x00", b"\xff\xe3\x14\x00"]), NOISE).map(b"".join)
REAL = st.sampled_from([make() for make in (*pictures.FILES.values(), *pictures.PLAIN.values(), pictures.docx)])
WHOLE = st.one_of(
    behind(hostile_files.FTYP, boxes()),
    behind(b"\xff\xd8", segments()).map(lambda made: made + b"\xff\xd9"),
    behind(b"\x89PNG\r\n\x1a\n", chunks()),
    WEBP,
    pages(),
    tagged(joined(adts())),
    tagged(joined(MP3)),
    behind(b"#!AMR\n", NOISE | st.just(b"\x7c")),
    behind(b"#!AMR-WB\n", NOISE),
    archives(),
    REAL,
)


@st.composite
def cut(draw: st.DrawFn) -> bytes:
    """A file, perhaps cut off somewhere, perhaps with a byte changed."""
    data = bytearray(draw(WHOLE))
    if data and draw(st.booleans()):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


FILES = cut()
