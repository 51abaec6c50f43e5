"""The path a person walks: greeting, menu, topic, cry, a human's answer; on each channel."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from tests.support import casework
from tests.support.stage import until

CHANNELS = pytest.mark.parametrize("channel", ["zalo_oa", "telegram", "zalo_bot"])


@CHANNELS
async def test_she_is_greeted_reads_a_topic_and_reaches_a_human(system, channel: str) -> None:
    """Greeting, menu, a topic; a cry without tones gives numbers within 5 s and a case within 1 s; an answer in 1 s."""
    assert await system.talk(channel, "lan", "xin chào")
    assert await system.talk(channel, "lan", "menu")
    assert await system.talk(channel, "lan", "1")
    began = time.monotonic()
    answer = await system.talk(channel, "lan", "cuu em voi")
    assert time.monotonic() - began < 5
    assert "+84 981 84 84 84" in answer[0]["text"]
    [case] = await until(system.cases, 1)
    assert case.level >= 3
    staff_id, private = await system.counsellor()
    now = system.runtime.clock.now()
    assert await casework.acknowledge(system.store, now, case.id, staff_id)
    view = await casework.read(system.store, now, case.id, staff_id, private)
    assert "cuu em voi" in [line.text for line in view.lines]
    await casework.reply(system.store, now, case.id, staff_id, "Chị đây.", uuid4(), system.runtime.library)

    async def arrived() -> bool:
        return any(m["text"].endswith("Chị đây.") for m in await system.inbox(channel, "lan"))

    await until(arrived, 1)
