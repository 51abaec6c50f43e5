"""A broadcast through kill -9, and one that is stopped (the long form is `make chaos`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.broadcast_storm import broken, report, storm


@pytest.mark.chaos
async def test_nobody_gets_a_broadcast_twice_and_a_stop_is_heard(server_folder: Path) -> None:
    """Six hundred people, six kills: 0 twice, 0 lost without a mark; after a stop at most 50 more within 2 s."""
    outcome = await storm(server_folder, recipients=600, kills=6)
    print(report(outcome))
    assert not broken(outcome), report(outcome)
    assert outcome.kills >= 3
    assert outcome.stopped_at > 0
