"""A flood of lines on cases: everybody else passes it, and what one person wrote stays in its order."""

from __future__ import annotations

import pytest

from tests.support.stage import until
from tests.support.system import System

NUMBERS = "+84 981 84 84 84"
WHO, LINES = ("lan", "mai", "hoa", "nga", "yen"), 9
OUT_OF_ORDER = """
WITH said AS (SELECT id, case_id, split_part(cause, '.', 1)::bigint AS event FROM case_line WHERE direction = 'in')
SELECT count(*) FROM (SELECT event - lag(event) OVER (PARTITION BY case_id ORDER BY id) AS step FROM said) AS steps
WHERE step < 0"""


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time at all for more than words beside fresh events: every case and every line goes through the backlog."""
    monkeypatch.setattr("bot.inbound.pipeline._RARE_FOR", -1.0)


async def test_everybody_passes_a_flood_of_lines_and_each_talk_stays_in_order(no_time: None, system: System) -> None:
    """Five cry and write nine lines each at once; somebody's menu and a new cry are answered beside them."""
    for who in WHO:
        await system.do("telegram", who, "say", text="cuu em voi")
    for n in range(LINES):
        for who in WHO:
            await system.do("telegram", who, "say", text=f"họ giữ giấy tờ của em {n}")
    assert await system.talk("telegram", "huong", "menu")
    await system.do("telegram", "thu", "say", text="cứu em với")

    async def numbers() -> bool:
        return any(NUMBERS in message["text"] for message in await system.inbox("telegram", "thu"))

    await until(numbers, 5)
    await system.quiet()
    assert len(await system.cases()) == len(WHO) + 1
    assert await system.count("SELECT count(*) FROM case_line WHERE direction = 'in'") >= LINES * len(WHO)
    assert await system.count(OUT_OF_ORDER) == 0
    assert await system.count("SELECT count(*) FROM inbox WHERE state <> 1") == 0
