"""Whatever a file says of itself, taking it apart ends in what is kept or in a refusal, and in nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content.attachments.reading import take
from content.attachments.taken import NotTaken
from tests import hostile_files


@pytest.mark.parametrize("make", hostile_files.SMALL.values(), ids=hostile_files.SMALL)
def test_a_file_that_lies_about_itself_is_broken(make: Callable[[], bytes]) -> None:
    """A body that is not there, boxes in boxes without end: looked for, not stumbled over."""
    with pytest.raises(NotTaken, match="broken") as refused:
        take(make())
    assert refused.value.__cause__ is None, "seen by the parser itself"
