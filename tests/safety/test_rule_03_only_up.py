"""Safety rule 3 (store side): the machine raises a danger level and never lowers it."""

from __future__ import annotations

import pytest

from store.cases import service as cases
from store.unit_of_work import BOT, unit_of_work


@pytest.mark.parametrize(
    ("levels", "stands"),
    [((3, 4), 4), ((4, 3), 4), ((4, 1, 2, 3), 4), ((3, 3), 3)],
    ids=["up", "down is ignored", "many downs", "same"],
)
async def test_a_level_only_rises(system, levels: tuple[int, ...], stands: int) -> None:
    """Whatever the order of levels the machine finds, the highest stands."""
    await system.talk("telegram", "lan", "cuu em voi")
    async with unit_of_work(system.store, system.runtime.clock.now(), BOT) as work:
        conn = work.conn
        person = (await conn.exec_driver_sql("SELECT person_id FROM case_file")).scalar_one()
        for level in levels:
            await cases.raise_level(work, person, level)
    [case] = await system.cases()
    assert case.level == stands
