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
from bot.ownership import Ownership
from flows.effects import REPLY
from flows.messages import Shown
from scheduler import gate
from scheduler.clock import Clock
from store import hot, people
from store.database import TROUBLE, Store, raw
from store.errors import Forgotten, Sealed
from store.hot import Mark
from store.messages import Content, Status, open_body

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
        self.chats: dict[UUID, Bucket] = {}
        self.refused: set[UUID] = set()

    def wants(self, now: float) -> tuple[int, int] | None:
        """How many rows to claim and up to which priority number; None when nothing may be claimed."""
        tokens = self.bucket.available(now)
        room = int(min(self.outlet.in_flight - self.flying, tokens, _MOST))
        if room < 1:
            return None
        spare = tokens > self.bucket.size * RESERVE or not self.bucket.rate
        return room, 3 if spare else REPLY

    def arrived(self) -> None:
        """Note a success: nobody but single chats is slowed down; keep to the pace the channel names."""
        self.refused.clear()
        pace = self.outlet.channel.pace() if isinstance(self.outlet.channel, CanPace) else None
        if pace is not None:
            self.bucket.slow_to(min(self.outlet.rate or pace, pace))

    def slowed(self, person: UUID, until: float) -> None:
        """Note that a chat was told to wait; after several in a row the whole account waits."""
        self.refused.add(person)
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
    ) -> None:
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
        self._last: dict[UUID, asyncio.Task[None]] = {}
        self._drift = clock.now() - timedelta(seconds=now)
        self._behind: Counter[UUID] = Counter()
        self._parked: dict[UUID, float] = {}
        self._unmarked: set[int] = set()  # claimed here and not marked yet: not abandoned, whatever their epoch
        self._closing = False

    def wake(self) -> None:
        """Say that something may be ready."""
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

    def _take_marks(self) -> list[Mark]:
        marks, self._marks = self._marks, []
        return marks

    async def _round(self, conn: asyncpg.Connection) -> int:
        """Mark and claim once; returns how many rows were marked or claimed."""
        now = self._clock.steady()
        await self._mind_the_clock(conn)
        wants = []
        for number, epoch in self._ownership.accounts.items():
            want = self._accounts[number].wants(now)
            if want:
                wants.append((number, want[0], want[1], epoch))
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
                await self._load_keys(rows)
            except BaseException:
                self._marks += [self._later(row, "keyring", 1.0) for row in rows]
                raise
        for row in rows:
            self._dispatch(row, now)
        return len(marks) + len(rows)

    async def _load_keys(self, rows: list[Any]) -> None:
        missing = [r["person_id"] for r in rows if r["person_id"] and not self._store.ring.cached(r["person_id"])]
        if missing:
            async with raw(self._store.keyring) as ring:
                await self._store.ring.load(ring, missing)

    def _dispatch(self, row: Any, now: float) -> None:
        """Start the sending of one row behind what still flies to the same person."""
        account = self._accounts[row["account"]]
        account.flying += 1
        account.bucket.take(1, now)
        person = row["person_id"]
        before = self._last.get(person)
        if before is not None and self._behind[person] >= _BEHIND:
            self._parked[person] = max(now + 1, self._parked.get(person, 0))
        self._behind[person] += 1
        task = asyncio.create_task(self._deliver(account, row, before))
        self._tasks.add(task)
        self._last[person] = task
        task.add_done_callback(lambda done: self._landed(account, person, done))

    def _landed(self, account: _Account, person: UUID, task: asyncio.Task[None]) -> None:
        account.flying -= 1
        self._tasks.discard(task)
        self._behind[person] -= 1
        if not self._behind[person]:
            del self._behind[person]
        if self._last.get(person) is task:
            del self._last[person]
        self._wake.set()

    async def _deliver(self, account: _Account, row: Any, before: asyncio.Task[None] | None) -> None:
        if before is not None and self._clock.steady() >= self._parked.get(row["person_id"], 0):
            await asyncio.wait([before])
        try:
            mark = await self._decide_and_send(account, row)
        except (Sealed, Forgotten) as error:
            log.error("a row does not belong to its person and is not sent", extra={"reason": type(error).__name__})
            mark = Mark(row["id"], Status.WITHHELD, row["epoch"], reason=type(error).__name__.lower())
        except Exception as error:
            log.error("sending failed in our own code", exc_info=error)
            mark = Mark(row["id"], Status.UNKNOWN, row["epoch"], reason="our_error")
        if mark.status in (Status.WITHHELD, Status.DEFERRED) and mark.reason in _NOTHING_LEFT:
            account.bucket.give_back(1)
        self._marks.append(mark)

    async def _decide_and_send(self, account: _Account, row: Any) -> Mark:
        person = row["person_id"]
        key = self._store.ring.cached(person)
        if key is None:
            raise Forgotten
        now = self._clock.now()
        shown = open_body(key, person, row)
        decision = gate.decide(gate.letter_of(row, shown.text), gate.reader_of(row), now, self._is_sensitive)
        if isinstance(decision, gate.Withhold):
            return Mark(row["id"], Status.WITHHELD, row["epoch"], reason=decision.reason)
        if isinstance(decision, gate.Defer):
            return Mark(row["id"], Status.DEFERRED, row["epoch"], None, decision.reason, decision.until)
        patience = self._patience(account, person)
        if patience:
            return self._later(row, "patience", patience)
        if not self._still_ours(account, row):
            return self._later(row, "not the owner", 0)
        address = people.open_address(key, person, row["address_ct"])
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

    def _patience(self, account: _Account, person: UUID) -> float:
        """How many seconds this chat must wait: it was told to, or it has had its burst. 0: none."""
        at = self._clock.steady()
        until = self._parked.get(person)
        if until is not None:
            if at < until:
                return until - at
            del self._parked[person]
        if not account.outlet.chat_rate:
            return 0
        if len(account.chats) > 10_000:
            account.chats.clear()
        bucket = account.chats.setdefault(person, Bucket(account.outlet.chat_rate, _CHAT_BURST, at))
        wait = bucket.wait(at)
        if wait:
            self._parked[person] = at + wait
            return wait
        bucket.take(1, at)
        return 0

    async def _send(self, account: _Account, address: str, shown: Shown, row: Any, now: datetime) -> Mark:
        epoch, tries = row["epoch"], row["tries"]
        try:
            sent = await account.outlet.channel.send(address, shown)
        except Retry as failure:
            until = self._clock.steady() + failure.after
            if failure.chat:
                self._parked[row["person_id"]] = until
                if failure.code == "429":
                    account.slowed(row["person_id"], until)
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
