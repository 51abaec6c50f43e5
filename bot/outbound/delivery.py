"""Delivery of one claimed row: decrypt it, ask the gate, send it, and report the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

import msgspec

from bot.channels.base import Channel, Failure, Human, Permanent, Retry, Unknown, Unreachable
from bot.histogram import PATIENCE, SECONDS, Histogram
from bot.logs.journal import log
from bot.outbound.account import AccountLimiter
from bot.outbound.chat_limiter import ChatLimiter, Receiver
from bot.outbound.decryption import MessageDecryptor
from bot.outbound.files import FileSender
from bot.outbound.voice import VoiceSender
from bot.ownership import Ownership
from flows.model.addresses import conversation_of
from flows.model.effects import REPLY
from flows.model.messages import Shown
from scheduler import send_gate
from scheduler.clock import Clock
from store.errors import Forgotten, Sealed
from store.messages.hot_path.outbound import ClaimedMessage, DeliveryMark
from store.messages.models import Cause, Content, Status

_HALT = 60.0
_NOTHING_LEFT = frozenset({"chat limit", "not the owner", "keyring"})
"""Reasons for which a row that cost a token was not even tried."""


class Delivery:
    """Decides and sends single rows; the only code that calls a channel's `send`."""

    def __init__(
        self,
        decryptor: MessageDecryptor,
        ownership: Ownership,
        clock: Clock,
        patience: ChatLimiter,
        is_sensitive: Callable[[str], bool],
        heard: Callable[[int, str], None],
        probe: Callable[[str], None],
        kinds: set[str],
        voice_sender: VoiceSender | None = None,
        file_sender: FileSender | None = None,
    ) -> None:
        self._open = decryptor
        self._ownership = ownership
        self._clock = clock
        self._chat_limiter = patience
        self._is_sensitive = is_sensitive
        self._heard = heard
        self._probe = probe
        self._voice_sender = voice_sender
        self._file_sender = file_sender
        self.held = True  # until the first look says otherwise
        self.ended: dict[int, str] = {}
        self.outcomes: Counter[tuple[int, int]] = Counter()
        self.unsealed = 0
        self.durations = {kind: Histogram(SECONDS) for kind in kinds}
        self.waits = {kind: Histogram(PATIENCE) for kind in kinds}

    async def deliver(self, account: AccountLimiter, message: ClaimedMessage) -> DeliveryMark:
        """Bring a row to its end; never raises anything but a cancellation."""
        try:
            mark = await self._decide_and_send(account, message)
        except (Sealed, Forgotten) as error:
            log.error("a row does not belong to its person and is not sent", extra={"reason": type(error).__name__})
            self.unsealed += 1
            mark = DeliveryMark(message.id, Status.WITHHELD, message.epoch, reason=type(error).__name__.lower())
        except Exception as error:
            log.error("sending failed in our own code", exc_info=error)
            mark = DeliveryMark(message.id, Status.UNKNOWN, message.epoch, reason="our_error")
        self.outcomes[mark.status, message.priority] += 1
        if mark.status in (Status.WITHHELD, Status.DEFERRED) and mark.reason in _NOTHING_LEFT:
            account.bucket.give_back(1)
        return mark

    def later(self, message: ClaimedMessage, reason: str, seconds: float) -> DeliveryMark:
        """Say that a row was not sent and may go again after so many seconds."""
        until = self._clock.now() + timedelta(seconds=seconds)
        return DeliveryMark(message.id, Status.DEFERRED, message.epoch, None, reason, until)

    async def _decide_and_send(self, account: AccountLimiter, message: ClaimedMessage) -> DeliveryMark:
        now = self._clock.now()
        shown = self._open.shown(message, account.sending.channel.kind)
        decision = self._ask_the_gate(message, shown, now)
        if isinstance(decision, send_gate.Withhold):
            return DeliveryMark(message.id, Status.WITHHELD, message.epoch, reason=decision.reason)
        if isinstance(decision, send_gate.Defer):
            return DeliveryMark(message.id, Status.DEFERRED, message.epoch, None, decision.reason, decision.until)
        sending = account.sending
        wait = self._chat_limiter.wait(sending.number, receiver_of(message), sending.chat_rate, self._clock.steady())
        if wait:
            return self.later(message, "chat limit", wait)
        if not self._still_ours(account, message):
            return self.later(message, "not the owner", 0)
        address = self._open.address(message)
        if message.content == Content.CLEAN:
            return await self._clean(sending.channel, address, shown, message)
        return await self._send(account, address, shown, message, now)

    def _ask_the_gate(self, message: ClaimedMessage, shown: Shown, now: datetime) -> send_gate.Decision:
        letter = send_gate.message_facts(message, shown.text)
        if message.cause_kind == Cause.BROADCAST and message.cause in self.ended:
            letter = msgspec.structs.replace(letter, broadcast=self.ended[message.cause])
        return send_gate.decide(letter, send_gate.recipient_facts(message), now, self._is_sensitive, held=self.held)

    def _still_ours(self, account: AccountLimiter, message: ClaimedMessage) -> bool:
        """Whether the row may still leave here: a process that was frozen wakes with rows others have taken over.

        Help and replies may also leave on an account just lost (a database that is down has no other owner).
        """
        owned = self._ownership.accounts.get(account.sending.number) == message.epoch
        return not self._ownership.lapsed and (owned or message.priority <= REPLY)

    async def _send(
        self, account: AccountLimiter, address: str, shown: Shown, message: ClaimedMessage, now: datetime
    ) -> DeliveryMark:
        channel, began = account.sending.channel, perf_counter()
        try:
            if self._file_sender is not None and self._file_sender.is_for(shown):
                sent = await self._file_sender.send(channel, address, shown, message)
            elif shown.media and self._voice_sender is not None:
                sent = await self._voice_sender.send(account.sending.number, channel, address, shown)
            else:
                sent = await channel.send(address, shown)
        except Retry as failure:
            return self._told_to_wait(account, message, failure)
        except Unknown as failure:
            if message.priority <= REPLY and message.tries < 2:
                return DeliveryMark(message.id, Status.DEFERRED, message.epoch, None, "resent after unknown", now)
            return DeliveryMark(message.id, Status.UNKNOWN, message.epoch, reason=f"unknown {failure.code}".strip())
        except Human as failure:
            log.error("an account needs a human", extra={"account": account.sending.number, "code": failure.code})
            account.bucket.empty(self._clock.steady() + _HALT)
            return self.later(message, "needs a human", _HALT)
        except (Unreachable, Permanent) as failure:
            kind = type(failure).__name__.lower()
            return DeliveryMark(message.id, Status.DEAD, message.epoch, reason=f"{kind} {failure.code}".strip())
        self.durations[channel.kind].add(perf_counter() - began)
        self._heard(account.sending.number, conversation_of(address))
        self._probe("sent")
        account.arrived()
        return DeliveryMark(message.id, Status.SENT, message.epoch, sent.message_id)

    def _told_to_wait(self, account: AccountLimiter, message: ClaimedMessage, failure: Retry) -> DeliveryMark:
        """Let the chat wait, or the account, as long as the channel asked."""
        until = self._clock.steady() + failure.after
        self.waits[account.sending.channel.kind].add(failure.after)
        if failure.chat:
            self._chat_limiter.park(receiver_of(message), until)
            if failure.code == "429":
                account.slowed(receiver_of(message), until)
        elif failure.after >= 1:
            account.bucket.empty(until)
        return self.later(message, f"retry {failure.code}".strip(), failure.after)

    async def _clean(self, channel: Channel, address: str, shown: Shown, message: ClaimedMessage) -> DeliveryMark:
        if channel.abilities.delete is not None:
            try:
                await channel.abilities.delete(address, shown.text.split(","))
            except Failure as failure:
                return DeliveryMark(
                    message.id, Status.DEAD, message.epoch, reason=f"not cleaned {failure.code}".strip()
                )
        return DeliveryMark(message.id, Status.SENT, message.epoch)


def receiver_of(message: ClaimedMessage) -> Receiver:
    """Whom a message goes to; 0 for one that names nobody, which is never sent."""
    return message.person_id or message.chat_id or 0
