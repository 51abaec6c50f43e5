"""Limits of a recording: one voice, short, small, in one of two formats, nothing but the sound."""

from __future__ import annotations

from typing import Literal

import msgspec

LONGEST, SHORTEST = 45.0, 1.0
"""Seconds of a recording. Source: field advice on listening in villages, proposed 2026-11-22."""
LARGEST = 300 * 1024
"""Bytes of a recording. Source: as above; 45 s of speech at 24 kbit/s are 135 KB."""

Format = Literal["opus", "aac"]
Reason = Literal["amr", "other", "broken", "stereo", "long", "short", "large"]


class Clip(msgspec.Struct, frozen=True):
    """A recording that was taken apart and put together anew: nothing of its first container is left.

    `format` "opus" is Ogg Opus, "aac" AAC-LC in ADTS frames; both with one channel.
    """

    format: Format
    milliseconds: int
    data: bytes


class ClipRejected(Exception):
    """A file that cannot be used; `reason` says why in one word."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
