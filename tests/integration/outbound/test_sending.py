"""How things leave: in order, once, patiently, and with help first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.outbound.chat_limiter import _BEHIND
from bot.token_bucket import Bucket
from tests.support.stage import until


async def fault(system, *faults: dict[str, Any]) -> None:
    """Script what goes wrong at the stand-ins."""
    async with system.http.post(f"{system.base}/__sim/faults", json=list(faults)) as answer:
        answer.raise_for_status()


async def test_patience_asked_by_one_chat_parks_only_that_chat(system) -> None:
    """A 429 for one person delays her alone, and nothing is tried again before its time."""
    await fault(
        system,
        {"channel": "telegram", "method": "sendMessage", "user": "lan", "kind": "429", "times": 1, "retry_after": 300},
    )
    await system.do("telegram", "lan", "say", text="xin chào")
    for n in range(5):
        assert await system.talk("telegram", f"p{n}", "xin chào")
    await system.quiet()
    assert await system.inbox("telegram", "lan") == []
    await system.advance(285)
    await system.quiet()
    assert await system.inbox("telegram", "lan") == []
    await system.advance(16)

    async def arrived() -> bool:
        return len(await system.inbox("telegram", "lan")) >= 2

    await until(arrived, 5)


async def test_messages_of_one_person_keep_their_order(system) -> None:
    """Ten quick messages are answered in the order they came."""
    await system.talk("telegram", "lan", "xin chào")
    before = len(await system.inbox("telegram", "lan"))
    for n in range(10):
        await system.do("telegram", "lan", "say", text="menu" if n % 2 else "1")
    await system.quiet()
    shown = (await system.inbox("telegram", "lan"))[before:]
    async with system.store.data.connect() as conn:
        rows = await conn.exec_driver_sql("SELECT message_id FROM ledger WHERE status = 2 ORDER BY cause, n")
        sent = [row.message_id for row in rows][before:]
    assert [message["id"] for message in shown] == sent


async def test_a_crowd_of_answers_to_one_person_leaves_in_order_and_whole(system) -> None:
    """More wait for her than may fly to one chat at once: all of them come, eight and eight, and none overtakes."""
    await fault(
        system,
        {"channel": "telegram", "method": "sendMessage", "user": "lan", "kind": "429", "times": 1, "retry_after": 300},
    )
    said = 3 * _BEHIND
    for n in range(said):
        await system.do("telegram", "lan", "say", text="menu" if n % 2 else "1")
    await system.quiet()
    assert await system.inbox("telegram", "lan") == []
    await system.advance(301)

    async def whole() -> bool:
        return len(await system.inbox("telegram", "lan")) >= said

    await until(whole, 20)
    await system.quiet()
    async with system.store.data.connect() as conn:
        rows = await conn.exec_driver_sql("SELECT message_id FROM ledger WHERE status = 2 ORDER BY id")
        sent = [row.message_id for row in rows]
    assert [message["id"] for message in await system.inbox("telegram", "lan")] == sent


@pytest.mark.parametrize("kind", ["reset", "5xx"])
async def test_a_reply_of_unknown_fate_is_sent_once_more(system, kind: str) -> None:
    """The answer to a cry may be seen twice, never not at all."""
    await fault(system, {"channel": "telegram", "method": "sendMessage", "user": "lan", "kind": kind, "times": 1})
    await system.do("telegram", "lan", "say", text="cuu em voi")

    async def numbers() -> int:
        return sum("+84 981 84 84 84" in message["text"] for message in await system.inbox("telegram", "lan"))

    await until(numbers, 30)
    await system.quiet()
    assert 1 <= await numbers() <= 2


async def test_somebody_who_blocked_us_is_left_alone(system) -> None:
    """A blocked account makes the row dead and the person unreachable; her return makes her reachable again."""
    await system.talk("telegram", "lan", "xin chào")
    await system.do("telegram", "lan", "block")

    async def left() -> bool:
        return await system.count("SELECT count(*) FROM person WHERE NOT reachable") == 1

    await until(left, 5)
    await system.do("telegram", "lan", "unblock")

    async def back() -> bool:
        return await system.count("SELECT count(*) FROM person WHERE reachable") == 1

    await until(back, 5)


def test_a_bucket_never_gives_more_than_its_burst_and_its_rate() -> None:
    """At 25 a second with a burst of 5, no second sees more than 30."""
    bucket = Bucket(25, 5, 0.0)
    given: list[float] = []
    for tick in range(5000):
        now = tick / 1000
        if bucket.available(now) >= 1:
            bucket.take(1, now)
            given.append(now)
    for start in range(4):
        assert sum(start <= at < start + 1 for at in given) <= 30
    assert len(given) >= 5 * 25


def test_an_emptied_bucket_waits_until_its_time() -> None:
    """After the channel asked to wait no token comes before that moment."""
    bucket = Bucket(10, 5, 0.0)
    bucket.empty(30.0)
    assert bucket.available(29.0) < 1
    assert bucket.wait(29.0) >= timedelta(seconds=1).total_seconds()
    assert bucket.available(31.0) >= 1
