"""The path a person walks: greeting, menu, topic, cry, a human's answer; on each channel."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from store.casework import queue
from tests.support.stage import until

CHANNELS = pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])


@CHANNELS
async def test_she_is_greeted_reads_a_topic_and_reaches_a_human(bridge, channel: str) -> None:
    """Greeting, menu, a topic; a cry without tones gives numbers within 5 s and a case within 1 s; an answer in 1 s."""
    assert await bridge.talk(channel, "lan", "xin chào")
    assert await bridge.talk(channel, "lan", "menu")
    assert await bridge.talk(channel, "lan", "1")
    began = time.monotonic()
    answer = await bridge.talk(channel, "lan", "cuu em voi")
    assert time.monotonic() - began < 5
    assert "+84 981 84 84 84" in answer[0]["text"]
    [case] = await until(bridge.cases, 1)
    assert case.level >= 3
    staff_id, private = await bridge.counsellor()
    now = bridge.house.clock.now()
    assert await queue.acknowledge(bridge.store, now, case.id, staff_id)
    view = await queue.read(bridge.store, now, case.id, staff_id, private)
    assert "cuu em voi" in [line.text for line in view.lines]
    await queue.reply(bridge.store, now, case.id, staff_id, "Chị đây.", uuid4(), bridge.house.library)

    async def arrived() -> bool:
        return any(m["text"].endswith("Chị đây.") for m in await bridge.inbox(channel, "lan"))

    await until(arrived, 1)
