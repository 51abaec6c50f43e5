"""Where she is stands in the console as she said it: a look at other numbers and "I do not know" leave it alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from store.cases.models import case_file


async def _place(system: Any) -> str:
    async with system.store.data.connect() as conn:
        return str((await conn.execute(select(case_file.c.place))).scalar_one())


async def test_the_place_of_a_case_is_what_she_said_of_herself(system) -> None:
    """She is in Viet Nam; the list for Cambodia, for nowhere, and a skipped question the next day change nothing."""
    for typed in ("cuu em voi", "1", "1"):
        await system.talk("zalo_oa", "lan", typed)
    assert await _place(system) == "vn"
    for typed in ("1", "1", "2", "1", "1", "3"):
        shown = await system.talk("zalo_oa", "lan", typed)
    assert "nước khác" in shown[-1]["text"]
    assert await _place(system) == "vn"
    await system.advance(timedelta(hours=11).total_seconds())
    shown = await system.talk("zalo_oa", "lan", "cứu em với")
    assert {"113", "111"} <= set(shown[0]["text"].replace("\n", " ").split())
    assert "+84 981 84 84 84" in shown[0]["text"]
    await system.talk("zalo_oa", "lan", "3")
    assert await _place(system) == "vn"
