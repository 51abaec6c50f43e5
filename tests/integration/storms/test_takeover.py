"""Workers come and go in any order: every lane keeps one owner, and a worker that wakes too late sends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import takeover


@pytest.mark.chaos
async def test_no_order_of_stop_kill_and_continue_orphans_a_lane(server_folder: Path) -> None:
    """Three random orders (30 and more in the long form): lanes whole again, nothing lost, nothing sent twice."""
    found = await takeover.orders(server_folder, count=3)
    print(takeover.report(found))
    assert found.orphaned == 0
    assert (found.lost, found.double_effects, found.stuck, found.never_seen) == (0, 0, 0, 0)
    assert found.seen_twice_unexplained == 0
