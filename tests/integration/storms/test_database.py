"""The database goes away and comes back: nothing acknowledged is lost, cries are answered meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import database, full_disk


@pytest.mark.chaos
async def test_outages_of_every_kind_lose_nothing_and_leave_nobody_without_numbers(server_folder: Path) -> None:
    """Killed, shut at once, cut off and hanging, once each (the long form: 20)."""
    found = await database.storm(server_folder, outages=len(database.KINDS), messages=30)
    print(database.report(found))
    assert set(found.outages) == set(database.KINDS)
    assert (found.lost, found.double_effects, found.stuck, found.wrong_case_count, found.never_seen) == (0, 0, 0, 0, 0)
    assert found.numbers_late_or_never == 0
    assert found.spooling_began > 0
    assert found.back_seconds_max <= database.BACK_WITHIN


@pytest.mark.chaos
@pytest.mark.parametrize("same_disk", [False, True], ids=["spool elsewhere", "spool on the full disk"])
async def test_a_full_disk_is_never_answered_with_a_lie(server_folder: Path, same_disk: bool) -> None:
    """What was acknowledged has its effect once there is room; what could not be kept was refused with 503."""
    found = await full_disk.storm(server_folder, cycles=1, messages=30, same_disk=same_disk)
    if found is None:
        pytest.skip(full_disk.REASON)
    print(database.report(found))
    assert (found.lost, found.double_effects, found.stuck, found.wrong_case_count, found.never_seen) == (0, 0, 0, 0, 0)
    assert found.numbers_late_or_never == 0
    assert found.spooling_began > 0
    assert found.back_seconds_max <= database.BACK_WITHIN
    assert bool(found.refused) is same_disk
