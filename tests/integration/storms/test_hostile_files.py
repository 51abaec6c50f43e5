"""Files made to cost time, beside people who cry for help: everybody is answered and every file comes to an end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import hostile_files


@pytest.mark.chaos
async def test_who_cries_beside_hostile_files_gets_her_numbers(server_folder: Path) -> None:
    """Four files of 300 KB (sixteen of 5 MB in the long form); how long anybody waited, the long one judges."""
    found = await hostile_files.storm(server_folder, ("one packet", "stuffed bytes"), files=4, size=300_000)
    print(hostile_files.report(found))
    assert (found.never, found.waiting) == (0, 0)
    assert found.parser_mb > 0, "a process of its own did the work"
