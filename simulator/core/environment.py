"""What every account of the simulated world shares: its clock, its phones, its files, its faults and its log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from simulator.core.clock import Clock, real_now
from simulator.core.faults import Faults
from simulator.core.files import Files, StoredFile
from simulator.core.ids import Ids
from simulator.core.log import Log
from simulator.core.phones import Message, Phone, Phones
from simulator.core.webhook_client import WebhookClient

OnAdvance = Callable[[float], Awaitable[None]]


class Environment:
    """What an account takes from the world around it.

    `wire` counts bytes: of calls by platform, of events by the address they were brought to. `on_advance`
    callbacks are awaited with the seconds after the clock was moved, so that the bot's own clock can follow.
    """

    def __init__(self, *, seed: int | None = None, clock: Callable[[], datetime] = real_now) -> None:
        self.clock = Clock(clock)
        self.ids = Ids(seed)
        self.log = Log(self.clock.now)
        self.faults = Faults()
        self.phones = Phones()
        self.files = Files()
        self.wire: Counter[str] = Counter()
        self.courier = WebhookClient(self.wire)
        self.on_advance: list[OnAdvance] = []
        self.version = 0
        self._changed = asyncio.Event()
        self._errands: set[asyncio.Task[None]] = set()

    def now(self) -> datetime:
        """Return the world's time, aware, UTC."""
        return self.clock.now()

    async def advance(self, seconds: float) -> None:
        """Skip `seconds` of time, here and for everybody who follows this clock."""
        self.clock.advance(seconds)
        for follow in self.on_advance:
            await follow(seconds)
        self.touch()

    def show(self, phone: Phone, message: Message) -> None:
        """Put a message on a phone."""
        phone.messages.append(message)
        if message.sender == "bot":
            self.log.add(
                "delivered", phone.channel, user=phone.slug, text=message.text, status="ok", message_id=message.id
            )
        self.touch(phone)

    def remove(self, phone: Phone, message: Message) -> None:
        """Take a message off a phone."""
        phone.messages.remove(message)
        self.log.add("removed", phone.channel, user=phone.slug, status="ok", message_id=message.id)
        self.touch(phone)

    def keep_file(self, kind: str, name: str, data: bytes) -> StoredFile:
        """Store bytes under a fresh id."""
        return self.files.keep(StoredFile(self.ids.word(32), kind, name, data, self.now()))

    def touch(self, phone: Phone | None = None) -> None:
        """Note that something visible changed and wake whoever watches."""
        self.version += 1
        if phone is not None:
            phone.changed = self.version
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def watch(self, since: int, timeout: float) -> bool:
        """Return true as soon as something changed after version `since`, false after `timeout` seconds."""
        if self.version > since:
            return True
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return False
        return True

    def send_on(self, errand: Coroutine[Any, Any, None]) -> None:
        """Run an errand (a webhook delivery) beside the caller until it is done or the world is closed."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def close(self) -> None:
        """Stop every errand and close the HTTP client."""
        errands = list(self._errands)
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)
        await self.courier.close()
