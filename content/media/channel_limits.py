"""Channel limits on files: whether a channel carries one of ours, known before anything is sent. Pure."""

from __future__ import annotations

from typing import Literal

from content.media.attachment import LARGEST, SanitizedFile
from content.schema import Limits

Obstacle = Literal["", "sound", "words", "format", "photo_large", "no_files", "file_large"]


def obstacle(taken: SanitizedFile, limits: Limits) -> Obstacle:
    """Why a channel does not carry a file, "" when it does.

    A sound of ours is no answer anybody can read again, and a document of a word processor names its author and what
    was struck out: both are refused everywhere. A PDF is carried as it is, and whoever sends it is told so.
    """
    size = len(taken.data)
    if taken.format == "pdf":
        return "no_files" if not limits.file else "file_large" if size > most(limits.file_kb) else ""
    if taken.kind != "photo":
        return "words" if taken.format == "docx" else "sound"
    if taken.format not in limits.photo_formats:
        return "format"
    return "photo_large" if size > most(limits.photo_kb) else ""


def most(kilobytes: int) -> int:
    """Bytes of a file on a channel: its own limit, in thousands, or ours, whichever is smaller."""
    return min(kilobytes * 1000, LARGEST)
