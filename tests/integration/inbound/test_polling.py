"""A service whose accounts are asked for news instead of being called: nothing may be lost between the two."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.base import Abilities, Retry
from bot.channels.endpoint import Endpoint
from bot.inbound.polling import Poller
from tests.support.content import limits_of
from tests.support.stage import Stage, stage, until
from tests.support.system import built


@pytest.mark.parametrize("channel", ["telegram", "zalo_bot"])
async def test_a_polled_account_hears_and_answers(databases: tuple[str, str], tmp_path: Path, channel: str) -> None:
    """Without any webhook a greeting and a cry are heard and answered."""
    async with built(databases, tmp_path, polled=True) as system:
        assert await system.talk(channel, "lan", "xin chào")
        answer = await system.talk(channel, "lan", "cuu em voi")
        assert "+84 981 84 84 84" in answer[0]["text"]
        assert system.world.log.select(0, kind="webhook", channel=channel) == []


class Asked:
    """A channel that gives one update after a refusal, and notes with which offset it is asked."""

    kind = "zalo_bot"

    def __init__(self) -> None:
        self.offsets: list[int] = []
        self.abilities = Abilities(poll=self.poll)

    async def poll(self, offset: int) -> tuple[list[bytes], int]:
        """Refuse, then give, then keep quiet."""
        self.offsets.append(offset)
        if len(self.offsets) == 1:
            raise Retry("busy", after=0.0)
        if len(self.offsets) > 2:
            await asyncio.Event().wait()
        return [b"{}"], 8


async def test_the_offset_moves_only_when_the_update_is_on_the_disk() -> None:
    """A full disk holds the next question back, and the update in hand is tried again."""
    channel, kept, refusals = Asked(), asyncio.Event(), [OSError("full")]

    async def accept(endpoint: Endpoint, raw: bytes) -> None:
        assert channel.offsets[-1] == 0
        if refusals:
            raise refusals.pop()
        kept.set()

    poller = Poller([Endpoint(1, channel, limits_of("telegram"))], lambda: {1}, accept)
    task = asyncio.create_task(poller.run())
    await asyncio.wait_for(kept.wait(), 10)
    async with asyncio.timeout(5):
        while channel.offsets != [0, 0, 8]:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_account_of_another_process_is_not_asked() -> None:
    """Two askers would take each other's updates away."""
    channel = Asked()
    poller = Poller(
        [Endpoint(1, channel, limits_of("telegram"))], lambda: set(), lambda endpoint, raw: asyncio.sleep(0)
    )
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(poller.run(), 0.2)
    assert channel.offsets == []


def ask_for_news(set_up: Stage) -> None:
    """Set every account that can be asked for news to be asked."""
    asked = [one | ({} if one["channel"] == "zalo_oa" else {"mode": "poll"}) for one in set_up.settings["accounts"]]
    set_up.settings |= {"accounts": asked, "demo": True}


async def hears(set_up: Stage, channel: str, user: str) -> None:
    """Cry for help and wait for the numbers."""
    await set_up.say(channel, user, "cuu em voi")

    async def numbers() -> bool:
        return any("+84 981 84 84 84" in message["text"] for message in await set_up.inbox(channel, user))

    await until(numbers, 20)


@pytest.mark.parametrize("channel", ["telegram", "zalo_bot"])
async def test_a_worker_asks_for_what_no_webhook_brings(server_folder: Path, channel: str) -> None:
    """With the roles apart a polled account is heard, by the worker."""
    async with stage(server_folder) as set_up:
        ask_for_news(set_up)
        await set_up.start(role="web")
        await set_up.start(role="worker")
        await hears(set_up, channel, "lan")
        assert set_up.world.log.select(0, kind="webhook", channel=channel) == []


async def test_another_worker_asks_on_when_one_is_killed(server_folder: Path) -> None:
    """Of two workers one asks; when it is killed the other is heard within seconds."""
    async with stage(server_folder) as set_up:
        ask_for_news(set_up)
        await set_up.start(role="web")
        first = await set_up.start(role="worker")
        await set_up.start(role="worker")
        await hears(set_up, "telegram", "lan")
        first.kill()
        await first.wait()
        await hears(set_up, "telegram", "hoa")
