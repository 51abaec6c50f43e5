"""AAC-LC in ADTS frames, as Zalo's bots hand it over: every frame is read and written anew.

Source: ISO/IEC 13818-7 (ADTS).
"""

from __future__ import annotations

from content.media.clip import Clip, ClipRejected

RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
"""Samples a second by their index in a frame's head."""
SAMPLES = 1024
"""Samples of one frame."""
_LC = 1
_PLAIN_HEAD = 7
_TAG_AT_END = 128
_MOST_FRAMES = 120_000
"""Frames of a file: two hours at the 16 kHz of Zalo's voices, more than fit into what may be attached."""


def read(data: bytes) -> Clip:
    """Return the sound of an ADTS file of one channel, without tags. Raises NotSound."""
    rate, payloads = taken_apart(_without_tags(data))
    milliseconds = len(payloads) * SAMPLES * 1000 // RATES[rate]
    return Clip("aac", milliseconds, b"".join(_frame(rate, payload) for payload in payloads))


def taken_apart(data: bytes) -> tuple[int, list[bytes]]:
    """Return the index of the rate and what each frame holds behind its head. Raises NotSound."""
    payloads: list[bytes] = []
    rate, at = None, 0
    while at < len(data):
        head = data[at : at + _PLAIN_HEAD]
        if len(head) < _PLAIN_HEAD or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
            raise ClipRejected("broken")
        index, channels = head[2] >> 2 & 15, (head[2] & 1) << 2 | head[3] >> 6
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        behind = at + _PLAIN_HEAD + (0 if head[1] & 1 else 2)
        if index >= len(RATES) or rate not in (None, index) or head[6] & 3 or head[2] >> 6 != _LC:
            raise ClipRejected("broken")
        if channels != 1:
            raise ClipRejected("stereo")
        if at + length > len(data) or at + length <= behind or len(payloads) >= _MOST_FRAMES:
            raise ClipRejected("broken")
        payloads.append(data[behind : at + length])
        rate, at = index, at + length
    if rate is None:
        raise ClipRejected("broken")
    return rate, payloads


def _without_tags(data: bytes) -> bytes:
    """Cut off ID3 tags: one in front, with its size in seven bits a byte, and the old kind at the end."""
    if data.startswith(b"ID3") and len(data) > 10:
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        data = data[10 + size :]
    return data[:-_TAG_AT_END] if data[-_TAG_AT_END:].startswith(b"TAG") else data


def _frame(rate: int, payload: bytes) -> bytes:
    """Write one frame with the plainest head: MPEG-4, no checksum, no private or copyright bits."""
    size = _PLAIN_HEAD + len(payload)
    head = bytes(
        [0xFF, 0xF1, _LC << 6 | rate << 2, 1 << 6 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC]
    )
    return head + payload
