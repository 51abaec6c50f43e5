"""Rate limits of single chats: asked to wait by the channel, burst used up, or too many waiting already."""

from __future__ import annotations

import asyncio
from collections import Counter
from uuid import UUID

from bot.token_bucket import Bucket

Receiver = UUID | int
"""Whom a row goes to: a person, or the number of a group's chat."""
_CHAT_BURST = 5
_KNOWN = 10_000
_BREATH = 1.0
_BEHIND = 8
"""Messages of one person that may wait here for the one before them: a chat that hangs must not use up the memory."""


class ChatLimiter:
    """Keeps the messages of one chat in order and at its pace; other chats never wait for it."""

    def __init__(self) -> None:
        self._parked: dict[Receiver, float] = {}
        self._buckets: dict[tuple[int, Receiver], Bucket] = {}
        self._last: dict[Receiver, asyncio.Task[None]] = {}
        self._full: dict[Receiver, float] = {}
        self._behind: Counter[Receiver] = Counter()

    def park(self, receiver: Receiver, until: float) -> None:
        """Let a chat wait until a moment of the steady clock."""
        self._parked[receiver] = until

    def is_parked(self, receiver: Receiver, now: float) -> bool:
        """Whether a chat waits."""
        return now < self._parked.get(receiver, 0)

    def full(self, receiver: Receiver, now: float) -> float:
        """Seconds for which a chat takes nothing more because too much of its own flies already; 0 when it does.

        What flies goes on; whatever comes later waits until the same moment, so that nothing is overtaken.
        """
        until = self._full.get(receiver, 0.0)
        if now >= until:
            if self._behind[receiver] < _BEHIND:
                self._full.pop(receiver, None)
                return 0.0
            if len(self._full) > _KNOWN:
                self._full = {one: until for one, until in self._full.items() if until > now}
            until = self._full[receiver] = now + _BREATH
        return until - now

    def before(self, receiver: Receiver) -> asyncio.Task[None] | None:
        """Find what still flies to a chat."""
        return self._last.get(receiver)

    def began(self, receiver: Receiver, task: asyncio.Task[None]) -> None:
        """Note that a message to a chat is on its way."""
        self._behind[receiver] += 1
        self._last[receiver] = task

    def landed(self, receiver: Receiver, task: asyncio.Task[None]) -> None:
        """Note that it is not any more."""
        self._behind[receiver] -= 1
        if not self._behind[receiver]:
            del self._behind[receiver]
        if self._last.get(receiver) is task:
            del self._last[receiver]

    def wait(self, account: int, receiver: Receiver, rate: float, now: float) -> float:
        """Take a turn of this chat at `rate` messages a second; returns seconds to wait instead, 0 for none."""
        until = self._parked.get(receiver)
        if until is not None:
            if now < until:
                return until - now
            del self._parked[receiver]
        if not rate:
            return 0
        if len(self._buckets) > _KNOWN:
            self._buckets.clear()
        bucket = self._buckets.setdefault((account, receiver), Bucket(rate, _CHAT_BURST, now))
        wait = bucket.wait(now)
        if wait:
            self._parked[receiver] = now + wait
            return wait
        bucket.take(1, now)
        return 0
