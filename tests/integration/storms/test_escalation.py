"""The storm of escalations, short: every step in its time, one owner each, nothing but a human ends one."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.cli.demo_data import seed
from content.library import Library
from scheduler.clock import Clock
from scheduler.jobs.escalation import escalate_once
from store.crypto.keyring import open_keys
from store.db.engine import Store, open_store
from store.escalation.escalations import STEP_DUE
from store.jobs.scheduled import due_item
from tests.chaos.escalation_judge import EscalationResult, judge, open_cases, race
from tests.support.content import library as read_library

LASTS = timedelta(minutes=36)


@pytest.mark.chaos
async def test_thirty_cases_escalate_through_crashes_and_races(databases: tuple[str, str], tmp_path: Path) -> None:
    """Staff are silent, each round dies in the middle with its connection, people race for a third of the cases."""
    rng, now = random.Random(7), Clock().now()
    first, second = (open_store(*databases, open_keys(tmp_path / "keys", None)) for _ in range(2))
    await seed(first, now, read_library())
    waiting, outcome, end = await open_cases(first, 10, now, rng), EscalationResult(), now + LASTS
    while now < end:
        if outcome.raced < 6 and len(waiting) < 25:
            waiting += await open_cases(first, 5, now, rng)
        await _crash(first, now, rng.random() * 0.04)
        tries = [race([first, second], now, waiting.pop(), outcome) for _ in range(rng.choice((0, 1)))]
        await asyncio.gather(
            escalate_once(first, read_library(), now), escalate_once(second, read_library(), now), *tries
        )
        while await escalate_once(second, read_library(), now):
            pass
        now = min(end, await _next_moment(first) + timedelta(seconds=rng.random() * 8))
    found = await judge(first, now, outcome)
    assert not found.broken, found.report()
    assert found.raced >= 5
    assert found.cases >= 30
    for store in (first, second):
        await store.close()


async def _crash(store: Store, now: datetime, after: float) -> None:
    """Let a round begin and die some moments later: its transaction is gone, as after a kill."""
    dying = asyncio.create_task(escalate_once(store, read_library(), now))
    await asyncio.sleep(after)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)


async def _next_moment(store: Store) -> datetime:
    """When the next step falls due."""
    open_rungs = select(func.min(due_item.c.due_at)).where(
        due_item.c.kind == STEP_DUE.number, due_item.c.done_at.is_(None)
    )
    async with store.data.connect() as conn:
        moment: datetime = (await conn.execute(open_rungs)).scalar_one()
    return moment


def test_the_library_is_the_one_that_ships() -> None:
    """The storm speaks the words that calls speak."""
    assert isinstance(read_library(), Library)
    assert read_library().say("call.waiting", code="1234").text == "Có việc đang chờ, mã 1234."
