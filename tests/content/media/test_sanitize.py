"""What is attached is known by its first bytes, and nothing is left in it but what is seen or heard."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

import pytest

from content.media.attachment import LARGEST, MOST_PIXELS, FileRejected
from content.media.sanitize import take
from simulator.core.sample_media import silent_aac, square_png
from tests.support.files import pictures


@pytest.mark.parametrize("name", pictures.FILES)
def test_nothing_of_who_made_it_is_left(name: str) -> None:
    """Exif with a place, XMP, IPTC, profiles, comments, thumbnails, tags, times, and whatever lies behind the end."""
    made = pictures.FILES[name]()
    assert pictures.CANARY in made
    taken = take(made)
    assert (taken.format, taken.clean) == (name, True)
    for start in range(len(pictures.CANARY) - 7):
        assert pictures.CANARY[start : start + 8] not in taken.data
    assert take(taken.data) == taken, "cleaned once is clean"


def test_a_picture_keeps_its_pixels_and_which_way_up_it_is() -> None:
    """The scan and its tables are the same bytes; of Exif only the orientation is written again."""
    made = take(pictures.jpeg(turned=6)).data
    assert b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9" in made
    assert b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in made
    assert b"Exif" not in take(pictures.jpeg(turned=1)).data
    assert take(square_png(8)).data == square_png(8)
    assert take(pictures.aac()).data == silent_aac()


@pytest.mark.parametrize("made", [pictures.pdf, pictures.docx], ids=["pdf", "docx"])
def test_a_document_is_kept_as_it_came_and_marked(made: Callable[[], bytes]) -> None:
    """It cannot be cleaned, so it is only ever handed over as a file."""
    taken = take(made())
    assert (taken.data, taken.clean, taken.kind) == (made(), False, "file")


def test_a_sound_in_an_unusual_container_is_not_lost() -> None:
    """A cry in two channels is kept as it came, as a file."""
    stereo = pictures.ogg().replace(b"OpusHead\x01\x01", b"OpusHead\x01\x02")
    assert (take(stereo).kind, take(stereo).data) == ("file", stereo)


WRONG = {
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a drawing that runs": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a program": b"MZ\x90\x00" + bytes(60),
    "a program of the other kind": b"\x7fELF" + bytes(60),
    "a film": b"\x00\x00\x00\x18ftypisom" + bytes(12) + b"\x00\x00\x00\x28hdlr" + bytes(8) + b"vide" + bytes(20),
    "an archive": pictures.docx().replace(b"word/document.xml", b"word/documenu.xml"),
    "a document that runs": pictures.docx(b"x", "word/vbaProject.bin"),
    "a moving picture": b"GIF89a" + bytes(40),
    "nothing": b"",
}


@pytest.mark.parametrize("made", WRONG.values(), ids=WRONG)
def test_what_it_is_called_does_not_matter(made: bytes) -> None:
    """Nobody is asked for a name or a declared type; what begins like none of the list is refused."""
    with pytest.raises(FileRejected, match="kind"):
        take(made)


def test_too_many_bytes_or_pixels_are_refused() -> None:
    """Five megabytes, fifty megapixels: told from the head, nothing is unfolded."""
    with pytest.raises(FileRejected, match="large"):
        take(bytes(LARGEST + 1))
    side = struct.pack(">HH", 65_000, MOST_PIXELS // 65_000 + 1)
    with pytest.raises(FileRejected, match="pixels"):
        take(pictures.jpeg().replace(b"\x08\x00\x08\x00\x08\x01\x01\x11", b"\x08" + side + b"\x01\x01\x11"))


@pytest.mark.parametrize("name", pictures.FILES)
def test_no_damage_ends_in_anything_but_a_refusal_or_a_marked_file(name: str) -> None:
    """Cut anywhere, or with any byte changed: refused, kept as a marked file, or clean; never an error of ours."""
    rng, made = random.Random(name), pictures.FILES[name]()
    damaged = [made[:at] for at in range(0, len(made), 7)]
    for _ in range(300):
        changed = bytearray(made)
        changed[rng.randrange(len(made))] = rng.randrange(256)
        damaged.append(bytes(changed))
    for one in damaged:
        try:
            taken = take(one)
        except FileRejected:
            continue
        assert taken.kind in ("photo", "voice", "file")
