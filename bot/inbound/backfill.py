"""Backfill: reads what a platform still holds after a start, a lost grant or a silent webhook (safety rule 1).

Only the owner of an account reads, a bounded number of questions at a time; what was not done goes on at the next look.
What never came goes through the same intake as a webhook, under the same name, so that either may come first.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

import msgspec

from bot.channels.base import Failure, History, Kept, Page, Permanent, Unreachable
from bot.channels.endpoint import Endpoint
from bot.inbound.webhook import Intake, ext_of
from bot.logs.journal import log
from bot.ownership import Ownership
from bot.runtime import Runtime
from content.schema import Limits
from scheduler.quiet_hours import DAYTIME, is_open
from store.db.engine import raw
from store.messages import backfill
from store.messages.backfill import ReadPosition

EVERY = 30
"""Seconds between two looks at whether something must be read."""
QUIET_BY_DAY, QUIET_BY_NIGHT = timedelta(minutes=10), timedelta(minutes=30)
"""How long a webhook may be silent before the conversations are looked at."""
OVERLAP = timedelta(minutes=10)
"""By so much more is read than was missed: clocks differ, and a list may be late. What came already costs nothing."""
FARTHEST = timedelta(days=7)
"""Older messages are left: the inbox forgets after 14 days what it had. So are those nobody may answer any more."""
_ON_ITS_WAY = timedelta(minutes=1)
"""A younger message may still be brought by its webhook."""
_MOST = 500
"""Messages of one conversation that are read at most: somebody who writes without end keeps nobody else waiting."""


class BackfillRun(msgspec.Struct):
    """One reading of everything since `floor`, begun at `began`; it may take several looks."""

    began: datetime
    floor: datetime
    offset: int = 0
    listed: bool = False
    again: bool = False
    seen: dict[str, list[Kept]] = msgspec.field(default_factory=dict)
    waiting: deque[str] = msgspec.field(default_factory=deque)
    pages: list[Kept] = msgspec.field(default_factory=list)


class State(msgspec.Struct):
    """What is known of an account since this process owns it; `gap`: something may have been missed."""

    since: datetime
    gap: bool = True
    read_at: datetime | None = None
    round: BackfillRun | None = None
    silent: datetime | None = None


class CatchUp:
    """Looks after every account of this process whose platform can be asked."""

    def __init__(self, runtime: Runtime, ownership: Ownership, intake: Intake) -> None:
        self._runtime = runtime
        self._ownership = ownership
        self._intake = intake
        self._began = runtime.clock.now()
        self._states: dict[int, State] = {}

    @property
    def silent(self) -> datetime | None:
        """Since when a webhook of ours has brought nothing though people wrote; None when all live."""
        return min((state.silent for state in self._states.values() if state.silent), default=None)

    async def look(self) -> None:
        """Read what must be read on the accounts owned. Raises what the database raises."""
        for endpoint in self._runtime.endpoints.values():
            history = endpoint.channel.abilities.history
            if history is not None and self._is_ours(endpoint):
                state = self._states.setdefault(endpoint.number, State(self._runtime.clock.now()))
                await self._look_at(endpoint, history, state)
            else:
                self._states.pop(endpoint.number, None)

    def _is_ours(self, endpoint: Endpoint) -> bool:
        return endpoint.number in self._ownership.accounts

    async def _look_at(self, endpoint: Endpoint, history: History, state: State) -> None:
        if not await history.may_read():
            state.gap, state.round = True, None  # without a grant nothing is brought either
            return
        now, ahead = self._runtime.clock.now(), self._runtime.clock.ahead()
        standing = await self._standing(endpoint)
        if state.silent and standing.heard_at and standing.heard_at > state.silent:
            state.silent = None
        if state.round is None and (state.gap or state.silent or now - _last(state, standing, now) >= _patience(now)):
            floor = max(min(standing.read_until, now) - OVERLAP, now - farthest(endpoint.limits))
            state.round = BackfillRun(now, floor - ahead)
            state.gap = False
        if state.round is not None:
            await self._go_on(endpoint, history, state, state.round)

    async def _standing(self, endpoint: Endpoint) -> ReadPosition:
        async with raw(self._runtime.store.data) as pg:
            return await backfill.read_position(pg, endpoint.number, self._began)

    async def _go_on(self, endpoint: Endpoint, history: History, state: State, reading: BackfillRun) -> None:
        """Ask as often as may be, take in what was found of whole conversations, note it when that is all."""
        found: list[Kept] = []
        done = False
        try:
            for _ in range(history.spare()):
                done = await self._ask(history, reading, found)
                if done or not self._is_ours(endpoint):
                    break
        except Failure as failure:
            log.warning("an account could not be read back", extra={"account": endpoint.number, "code": failure.code})
        try:
            came = await self._take_in(endpoint, found)
        except OSError:
            log.warning("what was read back waits for a disk", extra={"account": endpoint.number})
            state.gap, state.round = True, None
            return
        await self._judge(endpoint, history, state, came)
        if done:
            await self._note(endpoint, state, reading)

    async def _ask(self, history: History, reading: BackfillRun, found: list[Kept]) -> bool:
        """Ask one question; returns whether everything has been asked."""
        if not reading.listed:
            await self._list(history, reading)
        elif reading.waiting:
            await self._read(history, reading, found)
        return reading.listed and not reading.waiting

    async def _list(self, history: History, reading: BackfillRun) -> None:
        """Read a page of the newest conversations, then the first ones again: one may have moved up meanwhile."""
        page = await history.recent_chats(reading.offset)
        reading.offset += page.size
        recent = [kept for kept in page.kept if kept.at >= reading.floor]
        fresh = {kept.address for kept in recent} - reading.seen.keys()
        for kept in recent:
            reading.seen.setdefault(kept.address, []).append(kept)
        if page.more and len(recent) == len(page.kept) and (fresh or not reading.again):
            return
        reading.listed = reading.again or reading.offset <= page.size
        reading.offset, reading.again = 0, True
        if reading.listed:
            longest_first = sorted(reading.seen, key=lambda address: max(k.at for k in reading.seen[address]))
            reading.waiting.extend(longest_first)

    async def _read(self, history: History, reading: BackfillRun, found: list[Kept]) -> None:
        """Read a page of one conversation; a whole one is found, so that nobody's words change their order."""
        address = reading.waiting[0]
        try:
            page = await history.conversation(address, reading.offset)
        except (Unreachable, Permanent):
            page = Page([], 0, more=False)
        recent = [kept for kept in page.kept if kept.at >= reading.floor]
        reading.pages += recent
        reading.offset += page.size
        if page.more and len(recent) == len(page.kept) and reading.offset < _MOST:
            return
        found += reading.pages + reading.seen[address]  # the list told something even where the conversation is shut
        reading.pages, reading.offset = [], 0
        reading.waiting.popleft()

    async def _take_in(self, endpoint: Endpoint, found: list[Kept]) -> list[Kept]:
        """Take in what never came, the oldest first; returns that. Raises OSError when no disk takes it."""
        named = {ext_of(endpoint.channel.event_id(kept.event)): kept for kept in found if kept.event}
        if not named:
            return []
        async with raw(self._runtime.store.data) as pg:
            missing = await backfill.missing(pg, endpoint.number, list(named))
        oldest_first = (named[ext] for ext in reversed(named) if ext in missing)  # as written, where times are the same
        came = sorted(oldest_first, key=lambda kept: kept.at)
        for kept in came:
            await self._intake.accept(endpoint, kept.event)
        if came:
            log.warning(
                "messages that never came were read back", extra={"account": endpoint.number, "count": len(came)}
            )
        return came

    async def _judge(self, endpoint: Endpoint, history: History, state: State, came: list[Kept]) -> None:
        """Alert a human when people write and the webhook says nothing; that nobody writes is no fault."""
        now = self._runtime.clock.now()
        standing = await self._standing(endpoint)
        heard = max(standing.heard_at or state.since, state.since)
        late = any(heard < kept.at < now - _ON_ITS_WAY for kept in came)
        if state.silent is None and late and now - heard >= _patience(now):
            state.silent = heard
            self._runtime.alarm(history.silent_webhook(int((now - heard).total_seconds() // 60)))

    async def _note(self, endpoint: Endpoint, state: State, reading: BackfillRun) -> None:
        async with raw(self._runtime.store.data) as pg:
            await backfill.read_back(pg, endpoint.number, reading.began)
        state.round, state.read_at = None, reading.began
        state.gap = state.gap or self._runtime.clock.now() - reading.began > OVERLAP


def farthest(limits: Limits) -> timedelta:
    """How far back an account is read: no farther than its channel carries an answer to what was written."""
    return min(timedelta(hours=limits.window_hours) or FARTHEST, FARTHEST)


def _patience(now: datetime) -> timedelta:
    return QUIET_BY_DAY if is_open(DAYTIME, now) else QUIET_BY_NIGHT


def _last(state: State, standing: ReadPosition, now: datetime) -> datetime:
    """When this account was last heard of, or read; a time ahead was told by a clock that has been set back since."""
    known = (state.since, state.read_at, standing.heard_at)
    return max((at for at in known if at is not None and at <= now), default=now - FARTHEST)
