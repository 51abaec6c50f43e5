"""The load of a benchmark, in a process of its own: Bot API, webhook poster and phones; orders come on stdin.

One JSON object a line in, one out. Orders: `open` (where the bot's webhook is), `calibrate` (how many messages each
line of the script is answered with), `run` (a measured stretch), `first` and `count` (the messages of a broadcast).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from typing import Any

import uvloop
from bot_api import BotApi
from phones import SCRIPT, Load, Phone
from webhook_client import WebhookClient

_FIRST_CHAT = 5_000_000
_LISTENER = 4_000_000


class Driver:
    """Executes orders one after another and answers each with its figures."""

    def __init__(self, latency: float) -> None:
        self.api = BotApi(latency, self._seen)
        self.load: Load | None = None
        self.client: WebhookClient | None = None
        self.arrivals: list[float] = []
        self.reached: set[int] = set()

    def _seen(self, chat: int, body: bytes) -> None:
        if self.load is not None:
            self.load.seen(chat, body)
        else:
            self.arrivals.append(time.perf_counter())
            self.reached.add(chat)

    async def open(self, url: str, secret: str, chats: int) -> dict[str, Any]:
        """Connect to the bot's webhook and invite the phones."""
        self.client = WebhookClient(url, secret, min(chats, 100))
        await self.client.open()
        self.load = Load(self.client.post, first_id=100)
        self.chats = chats
        return {"connections": min(chats, 100)}

    async def calibrate(self) -> dict[str, Any]:
        """Walk one phone through the script twice, slowly, and count the answers to each line."""
        load = self._load()
        rounds: list[list[int]] = [[], []]
        phone = Phone(_LISTENER)
        for line in range(2 * len(SCRIPT)):
            rounds[line // len(SCRIPT)].append(await self._answers_to_one(load, phone))
        load.phones.clear()
        return {"answers": rounds}

    async def _answers_to_one(self, load: Load, phone: Phone) -> int:
        load.phones = {phone.chat: phone}
        load.answers = [[99] * len(SCRIPT)] * 2
        load.start(1, 10)
        last, quiet_since, begun = 99, time.perf_counter(), time.perf_counter()
        while time.perf_counter() - quiet_since < (0.25 if last < 99 else 3.0):
            await asyncio.sleep(0.01)
            if phone.open_answers != last:
                last, quiet_since = phone.open_answers, time.perf_counter()
            if time.perf_counter() - begun > 5:
                break
        phone.open_answers, phone.acked = 0, True
        return 99 - last

    async def run(
        self, updates: int, seconds: float, answers: list[list[int]] | None = None, cry_every: int = 0
    ) -> dict[str, Any]:
        """Post `updates` updates from all phones, each phone one at a time, for at most `seconds`."""
        load = self._load()
        load.answers = answers or load.answers
        if len(load.phones) < self.chats:
            load.phones = {c: Phone(c) for c in range(_FIRST_CHAT, _FIRST_CHAT + self.chats)}
        calls_before = dict(self.api.calls)
        cpu = time.process_time()
        load.start(updates, seconds, cry_every)
        while not load.done():
            await asyncio.sleep(0.02)
        tally = load.tally
        return {
            "posted": tally.posted,
            "answered": tally.answered,
            "lost": tally.lost,
            "refused": tally.refused,
            "stray": tally.stray,
            "seconds": load.last_at - load.started_at,
            "acks": tally.acks,
            "waits": tally.waits,
            "cries": tally.cries,
            "driver_cpu": time.process_time() - cpu,
            "calls": {m: n - calls_before.get(m, 0) for m, n in self.api.calls.items()},
        }

    async def first(self, seconds: float) -> dict[str, Any]:
        """Wait for the first message of a broadcast, for at most `seconds`."""
        deadline = time.perf_counter() + seconds
        while not self.arrivals and time.perf_counter() < deadline:
            await asyncio.sleep(0.002)
        return {"arrived": len(self.arrivals)}

    async def count(self, messages: int, seconds: float) -> dict[str, Any]:
        """Wait until `messages` people were reached, for at most `seconds`; then forget them."""
        deadline = time.perf_counter() + seconds
        while len(self.reached) < messages and time.perf_counter() < deadline:
            await asyncio.sleep(0.002)
        came, reached = self.arrivals, self.reached
        self.arrivals, self.reached = [], set()
        took = came[-1] - came[0] if len(came) > 1 else 0.0
        return {"arrived": len(reached), "twice": len(came) - len(reached), "seconds": took}

    async def refuse(self, seconds: float) -> dict[str, Any]:
        """Let the API ask the first of the phones to wait."""
        self.api.refuse(_FIRST_CHAT, seconds)
        return {}

    async def early(self) -> dict[str, Any]:
        """Say how often the phone that must wait was tried before its time."""
        return {"early": self.api.early}

    async def webhook(self) -> dict[str, Any]:
        """Say which URL the bot asked to be called at."""
        return {"url": self.api.webhook}

    def _load(self) -> Load:
        if self.load is None:
            raise RuntimeError("the order `open` must come before a run")
        return self.load


async def _serve(latency: float) -> None:
    driver = Driver(latency)
    port = await driver.api.listen(0)
    _say({"port": port})
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        _say(await getattr(driver, order.pop("do"))(**order))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency-ms", type=float, default=0)
    uvloop.run(_serve(parser.parse_args().latency_ms / 1000))
