"""Kill -9 anywhere: nothing acknowledged is lost, nothing happens twice (the long form is `make chaos`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.kills import STAGES, report, storm


@pytest.mark.chaos
async def test_a_kill_at_every_stage_loses_nothing_and_doubles_nothing(server_folder: Path) -> None:
    """One kill at each stage with a storm of messages, cries and a counsellor's answers around it."""
    outcome = await storm(server_folder, kills=len(STAGES), messages=30)
    print(report(outcome))
    assert set(outcome.per_stage) == set(STAGES)
    assert all(outcome.per_stage.values())
    assert (outcome.lost, outcome.stuck, outcome.double_effects, outcome.wrong_case_count) == (0, 0, 0, 0)
    assert (outcome.never_seen, outcome.relay_lost) == (0, 0)
    assert outcome.relayed > 0
    assert outcome.seen_twice_unexplained == 0
