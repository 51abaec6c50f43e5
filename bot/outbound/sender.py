"""The sender: claims rows of the ledger, hands them to delivery, marks the outcome.

One statement marks what is finished and claims what may go next. Rows of one person go out one after the other; a
chat that asked us to wait waits alone. What was claimed and not marked when a process dies is found by its older
epoch: help and replies are sent once more, everything else is `unknown` and never repeated.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import asyncpg

from bot.fallback.watchlist import Watchlist
from bot.logs.journal import log
from bot.outbound.account import CROWD, AccountLimiter, SendingAccount
from bot.outbound.chat_limiter import ChatLimiter
from bot.outbound.decryption import MessageDecryptor
from bot.outbound.delivery import Delivery, receiver_of
from bot.outbound.files import FileSender
from bot.outbound.voice import VoiceSender
from bot.ownership import Ownership
from flows.model.effects import BROADCAST, HELP
from scheduler.clock import Clock, ClockWatch
from store.db.engine import TROUBLE, Store
from store.messages import hold
from store.messages.hot_path import SETTLED_PLANS, outbound
from store.messages.hot_path.outbound import Claim, ClaimedMessage, DeliveryMark
from store.messages.models import Status

SWEEP = 1.0
"""Seconds after which due rows are looked for even without a wake-up (real time)."""
_GATHER = 0.002
"""Seconds in which what has landed is gathered, so that one statement marks many."""


class Sender:
    """Everything that leaves this process leaves here."""

    def __init__(
        self,
        store: Store,
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        ownership: Ownership,
        sending_accounts: dict[int, SendingAccount],
        clock: Clock,
        is_sensitive: Callable[[str], bool],
        watchlist: Watchlist,
        probe: Callable[[str], None] = lambda _: None,
        voice_sender: VoiceSender | None = None,
        file_sender: FileSender | None = None,
    ) -> None:
        self._connect = connect
        self._ownership = ownership
        self._clock = clock
        self._probe = probe
        self._watchlist = watchlist
        now = clock.steady()
        self._accounts = {number: AccountLimiter(sending, now) for number, sending in sending_accounts.items()}
        self._open = MessageDecryptor(store)
        self._chat_limiter = ChatLimiter()
        kinds = {sending.channel.kind for sending in sending_accounts.values()}
        self._delivery = Delivery(
            self._open,
            ownership,
            clock,
            self._chat_limiter,
            is_sensitive,
            watchlist.sent,
            probe,
            kinds,
            voice_sender,
            file_sender,
        )
        self._marks: list[DeliveryMark] = []
        self._wake = asyncio.Event()
        self._gathering: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._crowd = 0  # how many of those in the air belong to broadcasts
        self._watch = ClockWatch(clock)
        self._unmarked: set[int] = set()  # claimed here and not marked yet: not abandoned, whatever their epoch
        self._closing = False
        self.durations, self.waits = self._delivery.durations, self._delivery.waits

    @property
    def outcomes(self) -> Counter[tuple[int, int]]:
        """How many rows ended with which status, by status and priority."""
        return self._delivery.outcomes

    @property
    def unsealed(self) -> int:
        """How many rows could not be opened with the key of their person."""
        return self._delivery.unsealed

    def wake(self) -> None:
        """Say that something may be ready."""
        self._wake.set()

    def broadcast_changed(self, said: str) -> None:
        """Hear at once that a broadcast was paused, stopped or goes on; `said` is `id:state`."""
        number, _, state = said.partition(":")
        self._delivery.ended[int(number)] = state
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
                self._watchlist.trouble()
                log.warning("the sender starts again", extra={"reason": type(error).__name__})
                await asyncio.sleep(0.3)

    async def close(self) -> None:
        """Claim nothing more, let what flies land, and write down what became of it."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3)
        if self._marks:
            pg = await self._connect()
            try:
                await outbound.mark_and_claim(pg, self._clock.now(), self._take_marks(), [])
            finally:
                await pg.close()

    async def settled(self) -> None:
        """Wait until nothing flies (before an account is given up)."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=2)

    async def _with_connection(self) -> None:
        pg = await self._connect()
        try:
            await pg.execute(SETTLED_PLANS)
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
                    self._delivery.held = await hold.is_on_hold(pg)
                    await self._recover(pg)
                    swept = now
                size = await self._round(pg)
        finally:
            pg.terminate()

    async def _wait(self) -> None:
        now = self._clock.steady()
        owned = () if self._delivery.held else self._ownership.accounts
        dues = [due for number in owned if (due := self._accounts[number].due(now)) is not None]
        try:
            async with asyncio.timeout(min([SWEEP, *dues])):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _mind_the_clock(self, pg: asyncpg.Connection) -> None:
        """When somebody sets the clock back, bring replies that would now wait for hours back with it."""
        back = self._watch.set_back()
        if back and self._ownership.accounts:
            log.warning("the clock was set back", extra={"seconds": round(back.total_seconds())})
            await outbound.set_back(pg, self._ownership.accounts, back)
        if back:
            self._watch.believe()  # also without an account: whoever owns it has done it

    async def _recover(self, pg: asyncpg.Connection) -> None:
        """Find what dead owners had claimed and not marked, and what we claimed on a connection that broke."""
        owned = self._ownership.accounts
        if owned:
            found = await outbound.recover_abandoned(pg, self._clock.now(), owned, self._unmarked)
            if found:
                log.warning("rows of a dead sender were found", extra={"count": len(found)})
                lost = (message for message in found if message.status == Status.UNKNOWN)
                self.outcomes.update((message.status, message.priority) for message in lost)

    def _take_marks(self) -> list[DeliveryMark]:
        marks, self._marks = self._marks, []
        return marks

    async def _round(self, pg: asyncpg.Connection) -> int:
        """Mark and claim once; returns how many rows were marked or claimed."""
        now = self._clock.steady()
        await self._mind_the_clock(pg)
        wants = [] if self._delivery.held else self._wants(now)
        marks = self._take_marks()
        if not marks and not wants:
            return 0
        try:
            claimed = await outbound.mark_and_claim(pg, self._clock.now(), marks, wants)
        except BaseException:
            self._marks[:0] = marks
            raise
        self._unmarked.difference_update(mark.id for mark in marks)
        self._unmarked.update(message.id for message in claimed)
        if claimed:
            self._probe("claimed")
            try:
                await self._open.prepare(claimed)
            except BaseException:
                self._marks += [self._delivery.later(message, "keyring", 1.0) for message in claimed]
                raise
        for message in claimed:
            self._dispatch(message, now)
        return len(marks) + len(claimed)

    def _wants(self, now: float) -> list[Claim]:
        """What each account owned could send now.

        Broadcasts are claimed by the handful: for every message that landed a statement of its own would cost more
        than the message.
        """
        free = CROWD - self._crowd
        crowd = max(1, free // max(1, len(self._ownership.accounts))) if free >= CROWD // 2 else 0
        wanted = (self._accounts[n].wants(now, crowd, epoch) for n, epoch in self._ownership.accounts.items())
        return [want for want in wanted if want]

    def _dispatch(self, message: ClaimedMessage, now: float) -> None:
        """Start the sending of one row behind what still flies to the same person."""
        account, receiver = self._accounts[message.account], receiver_of(message)
        wait = self._chat_limiter.full(receiver, now) if message.priority != HELP else 0
        if wait:
            self._marks.append(self._delivery.later(message, "chat limit", wait))
            self._gather()
            return
        crowd = message.priority == BROADCAST
        account.flying += 1
        self._crowd += crowd
        account.bucket.take(1, now)
        before = self._chat_limiter.before(receiver)
        task = asyncio.create_task(self._deliver(account, message, before))
        self._tasks.add(task)
        self._chat_limiter.began(receiver, task)
        task.add_done_callback(lambda done: self._landed(account, message, done))

    def _landed(self, account: AccountLimiter, message: ClaimedMessage, task: asyncio.Task[None]) -> None:
        account.flying -= 1
        self._crowd -= message.priority == BROADCAST
        self._tasks.discard(task)
        self._chat_limiter.landed(receiver_of(message), task)
        self._gather()

    def _gather(self) -> None:
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(_GATHER, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self._wake.set()

    async def _deliver(
        self, account: AccountLimiter, message: ClaimedMessage, before: asyncio.Task[None] | None
    ) -> None:
        if before is not None and not self._chat_limiter.is_parked(receiver_of(message), self._clock.steady()):
            await asyncio.wait([before])
        mark = await self._delivery.deliver(account, message)
        self._marks.append(mark)  # on a line of its own: the list may be another one after the wait
