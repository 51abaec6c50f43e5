"""The relay through kill -9 (the long form is `make chaos`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.relay import broken, report, storm


@pytest.mark.chaos
async def test_words_and_photos_reach_their_own_phone_and_case_alone(server_folder: Path) -> None:
    """Six people on three channels, one kill: 0 to a wrong phone or case, 0 missing, 0 words on a disk."""
    outcome = await storm(server_folder, people=6, messages=72, kills=1)
    print(report(outcome))
    assert not broken(outcome), report(outcome)
    assert (outcome.said, outcome.answered, outcome.kills) == (36, 36, 1)
    assert outcome.photos_said
    assert outcome.photos_answered
