"""Sanitize a file: recognised by its first bytes, only what is seen or heard is kept. Pure, and in Python alone.

Nothing is decoded: a damaged or hostile picture meets no decoder. Files of strangers are taken apart in a process of
their own (`bot/file_parser/parser.py`), never in the one that holds the keys.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from content.media import aac, jpeg, opus, png, sound_formats, webp
from content.media.attachment import LARGEST, FileRejected, Format, SanitizedFile
from content.media.clip import ClipRejected

_ID3 = 10
_WORDS, _MACROS = "word/document.xml", ("vbaProject.bin", ".exe", ".js")


def take(data: bytes) -> SanitizedFile:
    """Return what is kept of a file. Raises NotTaken, and nothing else: what stumbles over a file finds it broken.

    Pictures come back clean or not at all. A sound whose container is unusual is kept as it came rather than lost, and
    a document cannot be cleaned: both are marked, and handed over only as files.
    """
    try:
        return _recognised(data)
    except FileRejected:
        raise
    except Exception as fault:
        raise FileRejected("broken") from fault


def _recognised(data: bytes) -> SanitizedFile:
    if len(data) > LARGEST:
        raise FileRejected("large")
    if data.startswith(b"\xff\xd8\xff"):
        return SanitizedFile("jpeg", jpeg.cleaned(data))
    if data.startswith(png.HEAD):
        return SanitizedFile("png", png.cleaned(data))
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return SanitizedFile("webp", webp.cleaned(data))
    if data.startswith(b"%PDF-"):
        return SanitizedFile("pdf", data, clean=False)
    if data.startswith(b"PK\x03\x04") and _is_docx(data):
        return SanitizedFile("docx", data, clean=False)
    return _sound(data)


def _sound(data: bytes) -> SanitizedFile:
    plain = _behind_tag(data)
    found: tuple[Format, Callable[[bytes], bytes]] | None = None
    if data.startswith(b"OggS"):
        found = "opus", lambda one: opus.read(one).data
    elif data.startswith(b"#!AMR"):
        found = "amr", sound_formats.amr
    elif data[4:8] == b"ftyp" and data[8:11] in (b"M4A", b"mp4", b"iso", b"3gp", b"M4B"):
        found = "m4a", sound_formats.m4a
    elif plain[:1] == b"\xff" and plain[1:2] and plain[1] & 0xF6 == 0xF0:
        found = "aac", lambda one: aac.read(one).data
    elif plain[:1] == b"\xff" and plain[1:2] and plain[1] & 0xE6 == 0xE2:
        found = "mp3", lambda _: sound_formats.mp3(plain)
    if found is None:
        raise FileRejected("kind")
    try:
        return SanitizedFile(found[0], found[1](data))
    except ClipRejected:
        return SanitizedFile(found[0], data, clean=False)


def _behind_tag(data: bytes) -> bytes:
    """What follows an ID3 tag in front, whose size is told in seven bits a byte."""
    if not data.startswith(b"ID3") or len(data) < _ID3:
        return data
    size = 0
    for byte in data[6:_ID3]:
        size = size << 7 | byte & 0x7F
    return data[_ID3 + size :]


def _is_docx(data: bytes) -> bool:
    """Whether a ZIP holds a document of words and no program; only its list of names is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return _WORDS in names and not any(name.endswith(_MACROS) for name in names)
