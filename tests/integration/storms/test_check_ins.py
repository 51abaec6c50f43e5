"""Days of check-ins with kills, downtime and jumps of the clock (the long form is `make chaos`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.check_in_storm import broken, report, storm


@pytest.mark.chaos
async def test_every_check_in_is_sent_once_in_her_hours_or_handed_to_a_human(server_folder: Path) -> None:
    """A hundred and twenty check-ins over five days: none twice, none at night, none after stop, none forgotten."""
    outcome = await storm(server_folder, count=60, days=5)
    print(report(outcome))
    assert not broken(outcome), report(outcome)
    assert outcome.sent > 30
    assert outcome.kills > 0
    assert outcome.stopped > 0
