"""Whatever a file says of itself, taking it apart ends in what is kept or in a refusal, and costs what its bytes do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.media.attachment import FileRejected
from content.media.clip import ClipRejected
from content.media.read_clip import read_clip
from content.media.sanitize import take
from tests.support.files import hostile as hostile_files
from tests.support.files import made as made_files


@pytest.mark.parametrize("make", hostile_files.SMALL.values(), ids=hostile_files.SMALL)
def test_a_file_that_lies_about_itself_is_broken(make: Callable[[], bytes]) -> None:
    """A body that is not there, boxes in boxes without end: looked for, not stumbled over."""
    with pytest.raises(FileRejected, match="broken") as refused:
        take(make())
    assert refused.value.__cause__ is None, "seen by the parser itself"


class Counted(bytes):
    """Bytes that count how many of them are copied by cutting and by adding; what comes of it goes on counting."""

    copied = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return self._count(found) if isinstance(found, bytes) else found

    def __add__(self, other: Any) -> bytes:
        return self._count(super().__add__(other))

    def __radd__(self, other: Any) -> bytes:
        return self._count(bytes(other) + bytes(self))

    @staticmethod
    def _count(made: bytes) -> bytes:
        Counted.copied += len(made)
        return Counted(made)


@pytest.mark.parametrize("make", hostile_files.LARGE.values(), ids=hostile_files.LARGE)
def test_no_byte_of_a_file_is_copied_again_and_again(make: Callable[[int], bytes]) -> None:
    """One packet over all pages, or any part without end: the bytes copied are a small multiple of those that came."""
    data, Counted.copied = make(300_000), 0
    ended(take, Counted(data))
    assert Counted.copied < 8 * len(data)


@given(data=made_files.FILES)
@settings(deadline=None, max_examples=600)
def test_no_structure_of_any_format_is_stumbled_over(data: bytes) -> None:
    """Sizes that lie, bodies that are missing, nesting, huge counts, cut off: no parser meets what it did not expect.

    And what was cleaned once is clean.
    """
    taken = ended(take, data)
    if taken is not None and taken.clean:
        assert take(taken.data) == taken


@given(data=made_files.FILES)
@settings(deadline=None, max_examples=200)
def test_no_structure_of_a_recording_is_stumbled_over(data: bytes) -> None:
    """What a speaker sends meets the same parsers."""
    ended(read_clip, data)


@given(data=st.binary(max_size=200))
@settings(deadline=None)
def test_what_has_no_structure_is_refused(data: bytes) -> None:
    """Nothing but noise."""
    ended(take, data)


def ended(work: Callable[[bytes], Any], data: bytes) -> Any | None:
    """What taking a file apart ends in, None for a refusal; a refusal by accident is a failure of its own."""
    try:
        return work(data)
    except (FileRejected, ClipRejected) as refused:
        if refused.__cause__ is not None:
            raise refused.__cause__ from None
        return None
