"""Read a recording: recognised by its first bytes, only the sound taken out of it."""

from __future__ import annotations

from content.media import aac, opus
from content.media.clip import LARGEST, LONGEST, SHORTEST, Clip, ClipRejected


def read_clip(data: bytes) -> Clip:
    """Recognise a recording by its first bytes and take only the sound out of it. Raises NotSound, and nothing else.

    What lies in the container beside the sound (titles, software, cover pictures, times) is dropped. What an encoder
    may have hidden inside a frame of sound is not looked into.
    """
    try:
        clip = _recognised(data)
    except ClipRejected:
        raise
    except Exception as fault:
        raise ClipRejected("broken") from fault
    seconds = clip.milliseconds / 1000
    if not SHORTEST <= seconds <= LONGEST:
        raise ClipRejected("short" if seconds < SHORTEST else "long")
    return clip


def _recognised(data: bytes) -> Clip:
    if len(data) > LARGEST:
        raise ClipRejected("large")
    if data.startswith(b"#!AMR"):
        raise ClipRejected("amr")
    if data.startswith(b"OggS"):
        return opus.read(data)
    if data.startswith((b"\xff\xf1", b"\xff\xf0", b"\xff\xf9", b"\xff\xf8", b"ID3")):
        return aac.read(data)
    raise ClipRejected("other")
