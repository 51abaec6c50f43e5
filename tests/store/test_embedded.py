"""The embedded PostgreSQL begins beside something else, and tells its trouble to whoever needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.embedded import begin, embedded


def test_a_server_that_could_not_begin_says_so_when_it_is_asked_for(tmp_path: Path) -> None:
    """Beginning never fails by itself; asking for the server raises what stopped it, and the next asking tries anew."""
    folder = tmp_path / "taken" / "data"
    folder.parent.write_text("a file where a folder should be")
    begin(folder)
    for _ in range(2):
        with pytest.raises(OSError, match="taken"):
            embedded(folder)
