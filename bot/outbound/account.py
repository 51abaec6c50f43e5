"""A sending account and its limits: its tokens, what is in flight, how much more may be claimed."""

from __future__ import annotations

import msgspec

from bot.channels.base import Channel
from bot.outbound.chat_limiter import Receiver
from bot.token_bucket import Bucket
from flows.model.effects import CHECK_IN, REPLY
from store.messages.hot_path.outbound import Claim

RESERVE = 0.2
"""The part of an account's tokens kept for help, relay and replies."""
BURST = 0.2
"""Seconds' worth of tokens that may leave at once: 25 a second then means at most 30 in any second."""
CROWD = 32
"""Messages of broadcasts that may fly at once, over all accounts: no more than these follow a stop."""
_MOST = 128
_INSTANT = 0.001
_ALL_REFUSED = 3
"""Different chats that were told to slow down, with nothing sent between them: then it is the account that must."""
_FIRST = 32
"""Rows an account may have in the air when its owner begins; every one that arrives lets one more go.

An owner that dies again and again soon after its start then leaves few rows behind whose fate nobody knows.
"""


class SendingAccount(msgspec.Struct):
    """One sending account."""

    number: int
    channel: Channel
    rate: float
    chat_rate: float
    in_flight: int


class AccountLimiter:
    """What the sender knows of an account it owns."""

    def __init__(self, sending: SendingAccount, now: float) -> None:
        self.sending = sending
        self.bucket = Bucket(sending.rate, sending.rate * BURST, now)
        self.flying = 0
        self.window = min(_FIRST, sending.in_flight)
        self.refused: set[Receiver] = set()
        self._lacked = 0.0
        self._pace = sending.channel.abilities.pace

    def wants(self, now: float, crowd: int, epoch: int) -> Claim | None:
        """What to claim when `crowd` messages of broadcasts may join those in the air; None when nothing may.

        A broadcast never takes the last tokens: a reply that comes next finds one.
        """
        tokens = self.bucket.available(now)
        reserve = min(max(1.0, self.bucket.size * RESERVE), self.bucket.size - 1) if self.bucket.rate else 0.0
        spare = tokens - reserve
        self._lacked = 0.0 if spare >= 1 else 1.0 + (reserve if tokens >= 1 else 0)
        room = int(min(self.window - self.flying, tokens, _MOST))
        if room < 1:
            return None
        if spare < 1:
            return Claim(self.sending.number, room, REPLY, 0, epoch)
        return Claim(self.sending.number, room, CHECK_IN, int(min(room, crowd, spare)), epoch)

    def due(self, now: float) -> float | None:
        """Seconds until tokens let more be claimed than at the last look; None when it was not tokens that lacked.

        Never 0: tokens that came between the look and this question are looked at again, not slept over.
        """
        return max(_INSTANT, self.bucket.wait(now, self._lacked)) if self._lacked else None

    def arrived(self) -> None:
        """Note a success: nobody but single chats is slowed down; keep to the pace the channel names."""
        self.window = min(self.window + 1, self.sending.in_flight)
        self.refused.clear()
        pace = self._pace() if self._pace else None
        if pace is not None:
            self.bucket.slow_to(min(self.sending.rate or pace, pace))

    def slowed(self, receiver: Receiver, until: float) -> None:
        """Note that a chat was told to wait; after several in a row the whole account waits."""
        self.refused.add(receiver)
        if len(self.refused) >= _ALL_REFUSED:
            self.bucket.empty(until)
            self.refused.clear()
