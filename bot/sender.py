"""Claim, ask the gate, send, mark: the only code that calls a channel's `send`.

One statement marks what is finished and claims what may go next. Rows of one person go out one after the other; a
chat that asked for patience waits alone. What was claimed and not marked when a process dies is found by its older
epoch: help and replies are sent once more, everything else is `unknown` and never repeated.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from bot.bucket import Bucket
from bot.channels.contract import (
    CanDelete,
    CanPace,
    Channel,
    Failure,
    Human,
    Permanent,
    Retry,
    Unknown,
    Unreachable,
)
from bot.journal import log
from bot.opening import Opener
from bot.ownership import Ownership
from bot.sounding import Sounding
from bot.tally import PATIENCE, SECONDS, Tally
from flows.effects import BROADCAST, CHECK_IN, REPLY
from flows.messages import Shown
from scheduler import gate
from scheduler.clock import Clock
from store import held, hot
from store.database import TROUBLE, Store
from store.errors import Forgotten, Sealed
from store.hot import Mark
from store.messages import Cause, Content, Status

SWEEP = 1.0
"""Seconds after which due rows are looked for even when nobody called (real time)."""
RESERVE = 0.2
"""The part of an account's tokens kept for help, relay and replies."""
BURST = 0.2
"""Seconds' worth of tokens that may leave at once: 25 a second then means at most 30 in any second."""
_CHAT_BURST = 5
_MOST = 128
_HALT = 60.0
_SET_BACK = timedelta(seconds=1)
"""A clock that loses more than this between two looks was set back by somebody."""
_NOTHING_LEFT = frozenset({"patience", "not the owner", "keyring"})
"""Reasons for which a row that cost a token was not even tried."""
_BEHIND = 8
"""Messages of one person that may wait here for the one before them: a chat that hangs must not fill the house."""
_ALL_REFUSED = 3
"""Different chats that were told to slow down, with nothing sent between them: then it is the account that must."""
_FIRST = 32
"""Rows an account may have in the air when its owner begins; every one that arrives lets one more go.

An owner that dies again and again soon after its start then leaves few rows behind whose fate nobody knows.
"""
_CROWD = 32
"""Messages of broadcasts that may fly at once: no more than these follow a stop."""

Receiver = UUID | int
"""Whom a row goes to: a person, or the number of a group's chat."""


class Outlet(msgspec.Struct):
    """One account's way out."""

    number: int
    channel: Channel
    rate: float
    chat_rate: float
    in_flight: int


class _Account:
    """What the sender knows of an account it owns."""

    def __init__(self, outlet: Outlet, now: float) -> None:
        self.outlet = outlet
        self.bucket = Bucket(outlet.rate, outlet.rate * BURST, now)
        self.flying = 0
        self.crowd = 0  # how many of those in the air belong to broadcasts
        self.window = min(_FIRST, outlet.in_flight)
        self.chats: dict[Receiver, Bucket] = {}
        self.refused: set[Receiver] = set()

    def wants(self, now: float) -> tuple[int, int] | None:
        """How many rows to claim and up to which priority number; None when nothing may be claimed."""
        tokens = self.bucket.available(now)
        room = int(min(self.window - self.flying, tokens, _MOST))
        if room < 1:
            return None
        if self.bucket.rate and tokens <= self.bucket.size * RESERVE:
            return room, REPLY
        if not self.crowd:
            return room, BROADCAST
        return (min(room, _CROWD - self.crowd), BROADCAST) if self.crowd < _CROWD else (room, CHECK_IN)

    def arrived(self) -> None:
        """Note a success: nobody but single chats is slowed down; keep to the pace the channel names."""
        self.refused.clear()
        pace = self.outlet.channel.pace() if isinstance(self.outlet.channel, CanPace) else None
        if pace is not None:
            self.bucket.slow_to(min(self.outlet.rate or pace, pace))

    def slowed(self, receiver: Receiver, until: float) -> None:
        """Note that a chat was told to wait; after several in a row the whole account waits."""
        self.refused.add(receiver)
        if len(self.refused) >= _ALL_REFUSED:
            self.bucket.empty(until)
            self.refused.clear()


class Sender:
    """Everything that leaves this process leaves here."""

    def __init__(
        self,
        store: Store,
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        ownership: Ownership,
        outlets: dict[int, Outlet],
        clock: Clock,
        is_sensitive: Callable[[str], bool],
        probe: Callable[[str], None] = lambda _: None,
        sounding: Sounding | None = None,
    ) -> None:
        self._sounding = sounding
        self._store = store
        self._connect = connect
        self._ownership = ownership
        self._clock = clock
        self._is_sensitive = is_sensitive
        self._probe = probe
        now = clock.steady()
        self._accounts = {number: _Account(outlet, now) for number, outlet in outlets.items()}
        self._marks: list[Mark] = []
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[Receiver, asyncio.Task[None]] = {}
        self._parked: dict[Receiver, float] = {}
        self._drift = clock.now() - timedelta(seconds=now)
        self._behind: Counter[Receiver] = Counter()
        self._open = Opener(store)
        self._crowd = asyncio.Semaphore(_CROWD)
        self._ended: dict[int, str] = {}
        self._unmarked: set[int] = set()  # claimed here and not marked yet: not abandoned, whatever their epoch
        self._held = True  # until the first look says otherwise
        self._closing = False
        kinds = {outlet.channel.kind for outlet in outlets.values()}
        self.outcomes: Counter[tuple[int, int]] = Counter()
        self.unsealed = 0
        self.durations = {kind: Tally(SECONDS) for kind in kinds}
        self.waits = {kind: Tally(PATIENCE) for kind in kinds}

    def wake(self) -> None:
        """Say that something may be ready."""
        self._wake.set()

    def broadcast_changed(self, said: str) -> None:
        """Hear at once that a broadcast was paused, stopped or goes on; `said` is `id:state`."""
        number, _, state = said.partition(":")
        self._ended[int(number)] = state
        self._wake.set()

    def pace(self, number: int) -> float:
        """Messages a second that an account may send now; 0 without a limit."""
        return self._accounts[number].bucket.rate

    async def run(self) -> None:
        """Send what is ready on the accounts owned, until cancelled; outlives every loss of the database."""
        while not self._closing:
            try:
                await self._with_connection()
            except TROUBLE as error:
                log.warning("the sender starts again", extra={"reason": type(error).__name__})
                await asyncio.sleep(0.3)

    async def close(self) -> None:
        """Claim nothing more, let what flies land, and write down what became of it."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3)
        if self._marks:
            conn = await self._connect()
            try:
                await hot.mark_and_claim(conn, self._clock.now(), self._take_marks(), [])
            finally:
                await conn.close()

    async def settled(self) -> None:
        """Wait until nothing flies (before an account is given up)."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=2)

    async def _with_connection(self) -> None:
        conn = await self._connect()
        try:
            await conn.execute(hot.SETTLED_PLANS)
            swept = 0.0
            size = 0
            while not self._closing:
                if size >= 6:
                    await asyncio.sleep(0.001)
                elif not size:
                    await self._wait()
                self._wake.clear()
                now = asyncio.get_running_loop().time()
                if now - swept >= SWEEP:
                    self._held = await held.is_held(conn)
                    await self._recover(conn)
                    swept = now
                size = await self._round(conn)
        finally:
            conn.terminate()

    async def _wait(self) -> None:
        now = self._clock.steady()
        owned = (self._accounts[n] for n in self._ownership.accounts)
        due = min((account.bucket.wait(now) for account in owned), default=SWEEP)
        try:
            async with asyncio.timeout(SWEEP if not due else min(SWEEP, due)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _mind_the_clock(self, conn: asyncpg.Connection) -> None:
        """When somebody sets the clock back, bring replies that would now wait for hours back with it."""
        drift = self._clock.now() - timedelta(seconds=self._clock.steady())
        back, self._drift = drift - self._drift, drift
        if back < -_SET_BACK and self._ownership.accounts:
            log.warning("the clock was set back", extra={"seconds": round(-back.total_seconds())})
            await conn.execute(hot.SET_BACK, list(self._ownership.accounts), back)

    async def _recover(self, conn: asyncpg.Connection) -> None:
        """Find what dead owners had claimed and not marked, and what we claimed on a connection that broke."""
        owned = self._ownership.accounts
        if owned:
            epochs = [epoch + 1 for epoch in owned.values()]
            found = await conn.fetch(hot.ABANDONED, list(owned), epochs, self._clock.now(), list(self._unmarked))
            if found:
                log.warning("rows of a dead sender were found", extra={"count": len(found)})
                fates = ((row["status"], row["priority"]) for row in found)
                self.outcomes.update(fate for fate in fates if fate[0] == Status.UNKNOWN)

    def _take_marks(self) -> list[Mark]:
        marks, self._marks = self._marks, []
        return marks

    async def _round(self, conn: asyncpg.Connection) -> int:
        """Mark and claim once; returns how many rows were marked or claimed."""
        now = self._clock.steady()
        await self._mind_the_clock(conn)
        wants = [] if self._held else self._wants(now)
        marks = self._take_marks()
        if not marks and not wants:
            return 0
        try:
            rows = await hot.mark_and_claim(conn, self._clock.now(), marks, wants)
        except BaseException:
            self._marks[:0] = marks
            raise
        self._unmarked.difference_update(mark.id for mark in marks)
        self._unmarked.update(row["id"] for row in rows)
        if rows:
            self._probe("claimed")
            try:
                await self._open.prepare(rows)
            except BaseException:
                self._marks += [self._later(row, "keyring", 1.0) for row in rows]
                raise
        for row in rows:
            self._dispatch(row, now)
        return len(marks) + len(rows)

    def _wants(self, now: float) -> list[tuple[int, int, int, int]]:
        """How much each account owned could send now: account, rows, up to which priority number, epoch."""
        wanted = ((n, self._accounts[n].wants(now), epoch) for n, epoch in self._ownership.accounts.items())
        return [(n, want[0], want[1], epoch) for n, want, epoch in wanted if want]

    def _dispatch(self, row: Any, now: float) -> None:
        """Start the sending of one row behind what still flies to the same person."""
        account = self._accounts[row["account"]]
        account.flying += 1
        account.crowd += row["priority"] == BROADCAST
        account.bucket.take(1, now)
        receiver = _receiver(row)
        before = self._last.get(receiver)
        if before is not None and self._behind[receiver] >= _BEHIND:
            self._parked[receiver] = max(now + 1, self._parked.get(receiver, 0))
        self._behind[receiver] += 1
        task = asyncio.create_task(self._deliver(account, row, before))
        self._tasks.add(task)
        self._last[receiver] = task
        crowd = row["priority"] == BROADCAST
        task.add_done_callback(lambda done: self._landed(account, receiver, done, crowd))

    def _landed(self, account: _Account, receiver: Receiver, task: asyncio.Task[None], crowd: bool) -> None:
        account.flying -= 1
        account.crowd -= crowd
        self._tasks.discard(task)
        self._behind[receiver] -= 1
        if not self._behind[receiver]:
            del self._behind[receiver]
        if self._last.get(receiver) is task:
            del self._last[receiver]
        self._wake.set()

    async def _deliver(self, account: _Account, row: Any, before: asyncio.Task[None] | None) -> None:
        if before is not None and self._clock.steady() >= self._parked.get(_receiver(row), 0):
            await asyncio.wait([before])
        try:
            if row["priority"] < BROADCAST:
                mark = await self._decide_and_send(account, row)
            else:
                async with self._crowd:
                    mark = await self._decide_and_send(account, row)
        except (Sealed, Forgotten) as error:
            log.error("a row does not belong to its person and is not sent", extra={"reason": type(error).__name__})
            self.unsealed += 1
            mark = Mark(row["id"], Status.WITHHELD, row["epoch"], reason=type(error).__name__.lower())
        except Exception as error:
            log.error("sending failed in our own code", exc_info=error)
            mark = Mark(row["id"], Status.UNKNOWN, row["epoch"], reason="our_error")
        self.outcomes[mark.status, row["priority"]] += 1
        if mark.status in (Status.WITHHELD, Status.DEFERRED) and mark.reason in _NOTHING_LEFT:
            account.bucket.give_back(1)
        self._marks.append(mark)

    async def _decide_and_send(self, account: _Account, row: Any) -> Mark:
        now = self._clock.now()
        shown = self._open.shown(row, account.outlet.channel.kind)
        letter = gate.letter_of(row, shown.text)
        if row["cause_kind"] == Cause.BROADCAST and row["cause"] in self._ended:
            letter = msgspec.structs.replace(letter, broadcast=self._ended[row["cause"]])
        decision = gate.decide(letter, gate.reader_of(row), now, self._is_sensitive, held=self._held)
        if isinstance(decision, gate.Withhold):
            return Mark(row["id"], Status.WITHHELD, row["epoch"], reason=decision.reason)
        if isinstance(decision, gate.Defer):
            return Mark(row["id"], Status.DEFERRED, row["epoch"], None, decision.reason, decision.until)
        patience = self._patience(account, _receiver(row))
        if patience:
            return self._later(row, "patience", patience)
        if not self._still_ours(account, row):
            return self._later(row, "not the owner", 0)
        address = self._open.address(row)
        if row["content"] == Content.CLEAN:
            return await self._clean(account.outlet.channel, address, shown, row)
        return await self._send(account, address, shown, row, now)

    def _still_ours(self, account: _Account, row: Any) -> bool:
        """Whether the row may still leave here: a process that was frozen wakes with rows others have taken over.

        Help and replies may also leave on an account just lost (a database that is down has no other owner).
        """
        owned = self._ownership.accounts.get(account.outlet.number) == row["epoch"]
        return not self._ownership.lapsed and (owned or row["priority"] <= REPLY)

    def _later(self, row: Any, reason: str, seconds: float) -> Mark:
        """Say that a row was not sent and may go again after so many seconds."""
        until = self._clock.now() + timedelta(seconds=seconds)
        return Mark(row["id"], Status.DEFERRED, row["epoch"], None, reason, until)

    def _patience(self, account: _Account, receiver: Receiver) -> float:
        """How many seconds this chat must wait: it was told to, or it has had its burst. 0: none."""
        at = self._clock.steady()
        until = self._parked.get(receiver)
        if until is not None:
            if at < until:
                return until - at
            del self._parked[receiver]
        if not account.outlet.chat_rate:
            return 0
        if len(account.chats) > 10_000:
            account.chats.clear()
        bucket = account.chats.setdefault(receiver, Bucket(account.outlet.chat_rate, _CHAT_BURST, at))
        wait = bucket.wait(at)
        if wait:
            self._parked[receiver] = at + wait
            return wait
        bucket.take(1, at)
        return 0

    async def _send(self, account: _Account, address: str, shown: Shown, row: Any, now: datetime) -> Mark:
        epoch, tries = row["epoch"], row["tries"]
        channel, began = account.outlet.channel, perf_counter()
        try:
            if shown.media and self._sounding is not None:
                sent = await self._sounding.send(account.outlet.number, channel, address, shown)
            else:
                sent = await channel.send(address, shown)
        except Retry as failure:
            until = self._clock.steady() + failure.after
            self.waits[channel.kind].add(failure.after)
            if failure.chat:
                self._parked[_receiver(row)] = until
                if failure.code == "429":
                    account.slowed(_receiver(row), until)
            elif failure.after >= 1:
                account.bucket.empty(until)
            return self._later(row, f"retry {failure.code}".strip(), failure.after)
        except Unknown as failure:
            if row["priority"] <= REPLY and tries < 2:
                return Mark(row["id"], Status.DEFERRED, epoch, None, "resent after unknown", now)
            return Mark(row["id"], Status.UNKNOWN, epoch, reason=f"unknown {failure.code}".strip())
        except Human as failure:
            log.error("an account needs a human", extra={"account": account.outlet.number, "code": failure.code})
            account.bucket.empty(self._clock.steady() + _HALT)
            return self._later(row, "needs a human", _HALT)
        except (Unreachable, Permanent) as failure:
            kind = type(failure).__name__.lower()
            return Mark(row["id"], Status.DEAD, epoch, reason=f"{kind} {failure.code}".strip())
        account.window = min(account.window + 1, account.outlet.in_flight)
        self.durations[channel.kind].add(perf_counter() - began)
        self._probe("sent")
        account.arrived()
        return Mark(row["id"], Status.SENT, epoch, sent.message_id)

    async def _clean(self, channel: Channel, address: str, shown: Shown, row: Any) -> Mark:
        if isinstance(channel, CanDelete):
            try:
                await channel.delete(address, shown.text.split(","))
            except Failure as failure:
                return Mark(row["id"], Status.DEAD, row["epoch"], reason=f"not cleaned {failure.code}".strip())
        return Mark(row["id"], Status.SENT, row["epoch"])


def _receiver(row: Any) -> Receiver:
    receiver: Receiver = row["person_id"] or row["chat_id"]
    return receiver
