"""An attachment: a picture, a sound or a document, known by its first bytes and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

import msgspec

T = TypeVar("T")

Kind = Literal["photo", "voice", "file"]
Format = Literal["jpeg", "png", "webp", "opus", "aac", "m4a", "mp3", "amr", "pdf", "docx"]
Reason = Literal["kind", "broken", "large", "pixels", "lost", "many"]
"""Why nothing was kept: a kind nobody takes, damaged, too many bytes or pixels, not to be had, too many of them."""

PHOTOS: tuple[Format, ...] = ("jpeg", "png", "webp")
SOUNDS: tuple[Format, ...] = ("opus", "aac", "m4a", "mp3", "amr")
MEDIA_TYPES: dict[Format, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "amr": "audio/amr",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
ENDINGS: dict[Format, str] = {"jpeg": "jpg", "opus": "ogg"}
"""How a file of a format is called where that differs from the format."""
LARGEST = 5 * 1024 * 1024
"""Bytes of one attachment, in or out. Source: the smallest of the channels' limits for a document (Zalo, 2026-08)."""
MOST_PIXELS = 50_000_000
"""Width times height: a phone's camera stays below, a picture made to fill a browser's memory does not."""

MOST_PARTS = 50_000
"""Segments or chunks of a picture: a large one has hundreds of them, one made to cost time has millions."""


class FileRejected(Exception):
    """A file that is not kept; `reason` says why in one word."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class SanitizedFile(msgspec.Struct, frozen=True):
    """A file as it is kept, shown and sent. `clean`: nothing is left in it but what is seen or heard."""

    format: Format
    data: bytes
    clean: bool = True

    @property
    def kind(self) -> Kind:
        """How it is shown: what was not cleaned is only ever handed over as a file."""
        if not self.clean:
            return "file"
        return "photo" if self.format in PHOTOS else "voice"

    @property
    def name(self) -> str:
        """A neutral name: what she or a counsellor called it is never kept."""
        return f"{self.kind}.{ENDINGS.get(self.format, self.format)}"


def within(width: int, height: int) -> None:
    """Refuse a picture without a side, or with too many pixels. Raises NotTaken."""
    if not width or not height:
        raise FileRejected("broken")
    if width * height > MOST_PIXELS:
        raise FileRejected("pixels")


def counted(parts: Iterable[T]) -> Iterator[T]:
    """Yield the parts of a picture. Raises NotTaken when there is no end of them."""
    for count, part in enumerate(parts):
        if count >= MOST_PARTS:
            raise FileRejected("broken")
        yield part
