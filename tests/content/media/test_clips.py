"""A recording is taken apart and written anew: the sound stays, everything else goes, what is not fit is refused."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import pytest

from content.loader import PACKAGED
from content.media import aac, m4a, opus
from content.media.clip import LARGEST, ClipRejected
from content.media.read_clip import read_clip
from simulator.core.sample_media import silent_aac, silent_amr, silent_ogg

TONES = sorted((PACKAGED / "audio" / "tones").glob("*.aac"))
SECRET = b"Nguyen Thi A, phone 0912"
ID3 = b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(SECRET)]) + SECRET


def ogg_with(tags: bytes) -> bytes:
    """A voice note whose tags say something, as an app writes it."""
    head = silent_ogg()[28:47]
    said = b"OpusTags" + struct.pack("<I", len(tags)) + tags + struct.pack("<I", 0)
    sounds = [b"\xf8\xff\xfe"] * 100
    pages = [opus._page(2, 0, 0, [head]), opus._page(0, 0, 1, [said]), opus._page(4, 96_000, 2, sounds)]
    return b"".join(pages)


@pytest.mark.parametrize("data", [ogg_with(SECRET), ID3 + silent_aac(30), silent_aac(30) + b"TAG" + SECRET.ljust(125)])
def test_nothing_of_who_recorded_it_is_left(data: bytes) -> None:
    """Tags of both formats are gone, and a second reading changes nothing more."""
    assert SECRET in data
    found = read_clip(data)
    assert SECRET not in found.data
    assert read_clip(found.data) == found


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(silent_amr(), "amr", id="amr"),
        pytest.param(b"RIFF....WAVE", "other", id="wav"),
        pytest.param(b"\x00\x00\x00\x18ftypM4A ", "other", id="mp4"),
        pytest.param(b"", "other", id="nothing"),
        pytest.param(silent_aac(2), "short", id="an eighth of a second"),
        pytest.param(silent_aac(720), "long", id="46 seconds"),
        pytest.param(bytes(LARGEST + 1), "large", id="301 kilobytes"),
        pytest.param(silent_aac(30)[:-3], "broken", id="cut aac"),
        pytest.param(silent_aac(30) + b"<script>", "broken", id="something behind the sound"),
        pytest.param(silent_ogg(100)[:-3], "broken", id="cut ogg"),
        pytest.param(silent_ogg(100).replace(b"\xf8\xff\xfe", b"\xf8\xff\xff", 1), "broken", id="changed ogg"),
        pytest.param(silent_ogg(100) + silent_ogg(100), "broken", id="two streams in one file"),
        pytest.param(silent_ogg(100)[:60], "broken", id="a head without sound"),
        pytest.param(bytes([0xFF, 0xF1, 0x60, 0x80, 0x01, 0x7F, 0xFC]) + bytes(4), "stereo", id="two channels"),
    ],
)
def test_what_is_not_fit_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    """Each refusal has a word that a sentence for the speaker hangs on."""
    with pytest.raises(ClipRejected) as refused:
        read_clip(data)
    assert refused.value.reason == reason


def test_length_is_counted_from_the_sound_and_not_believed() -> None:
    """Frames are added up: 16 kHz AAC in steps of 64 ms, Opus in steps of what each packet says."""
    assert read_clip(silent_aac(100)).milliseconds == 6400
    assert read_clip(silent_ogg(250)).milliseconds == 5000


@pytest.mark.parametrize("tone", TONES, ids=lambda path: path.stem)
def test_frames_in_an_mp4_are_those_of_the_recording(tone: Path) -> None:
    """The container for browsers and Telegram holds the same frames at the places its table names."""
    data = tone.read_bytes()
    _, frames = aac.taken_apart(data)
    boxed = m4a.wrapped(data)
    sizes = boxed.index(b"stsz") + 4
    count = struct.unpack_from(">I", boxed, sizes + 8)[0]
    assert list(struct.unpack_from(f">{count}I", boxed, sizes + 12)) == [len(frame) for frame in frames]
    [begins] = struct.unpack_from(">I", boxed, boxed.index(b"stco") + 12)
    assert boxed[begins:] == b"".join(frames)
    assert boxed.startswith(b"\x00\x00\x00\x1cftypM4A ")


def test_bytes_of_strangers_never_crash_the_reader() -> None:
    """Cut and bent files are refused or read; nothing else comes out of the reader."""
    for good in (silent_ogg(100), silent_aac(30), ogg_with(SECRET)):
        for at in range(0, len(good), 7):
            for bent in (good[:at], good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :]):
                with contextlib.suppress(ClipRejected):
                    assert read_clip(bent).milliseconds >= 1000
