"""The inbound pipeline: decode stored events, step the flows, store everything of a batch in one transaction.

All lanes this process owns share one batch. Two events of one person in a batch are chained in memory, in order. A
batch that fails is tried again row by row; a row that fails alone goes to quarantine, and the lane goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels.base import Arrived
from bot.channels.endpoint import Endpoint
from bot.fallback.responder import FallbackResponder
from bot.fallback.watchlist import AFTER
from bot.inbound.backlog import Backlog
from bot.inbound.batching import BatchTimer
from bot.inbound.decoder import EventDecoder, SetAside, Talk, lay_aside
from bot.inbound.invite_codes import GuessLimiter, invited_by
from bot.inbound.turn import Turn, TurnMaker
from bot.logs.journal import log
from bot.ownership import Ownership
from scheduler.clock import Clock
from store.db.engine import TROUBLE, Store, is_conflict, is_forgotten, is_outage
from store.effects import apply
from store.errors import Sealed, StoreError
from store.groups import chats
from store.messages import inbox
from store.messages.hot_path import SETTLED_PLANS, inbound
from store.messages.hot_path.inbound import PendingMessage
from store.people import models as people
from store.unit_of_work import BOT, UnitOfWork

_MOST = 256
"""Fresh events of one batch; fewer while one is searched that cannot be stored."""
_RARE = 4
"""People for whom more than words is written (a case, above all) in one transaction."""
_RARE_FOR = 0.06
"""Seconds of a batch of fresh events for such people; who is left goes to the backlog, which has batches of its own."""
GROUP_KINDS = ("group", "group_moved", "group_left", "group_muted")
"""What is heard of groups; none of it is a person's."""
Rows = Callable[[asyncpg.Connection], Awaitable[list[PendingMessage]]]
"""Fetches the rows of the next batch on a connection."""


class Pipeline:
    """The one step group of this process."""

    def __init__(
        self,
        store: Store,
        engine: AsyncEngine,
        ownership: Ownership,
        endpoints: dict[int, Endpoint],
        turns: TurnMaker,
        clock: Clock,
        answered: Callable[[asyncpg.Connection, set[int]], Awaitable[None]],
        fallback: FallbackResponder,
        probe: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._engine = engine
        self._ownership = ownership
        self._turns = turns
        self._clock = clock
        self._answered = answered
        self._probe = probe
        self._decoder = EventDecoder(store, endpoints, clock, turns.unreadable)
        self._quick, self._slow = BatchTimer(), BatchTimer()
        self._most = _MOST
        self._backlog = Backlog()
        self._guess_limiter = GuessLimiter()
        self._fallback = fallback
        self._failing: float | None = None

    @property
    def unsealed(self) -> int:
        """How many events could not be opened."""
        return self._decoder.unsealed

    def wake(self) -> None:
        """Say that something may be pending."""
        self._quick.wake.set()

    async def settled(self) -> None:
        """Wait until the batches in hand are done (before a lane is given up)."""
        async with self._quick.idle, self._slow.idle:
            pass

    async def run(self) -> None:
        """Step whatever is pending in the lanes owned, until cancelled; outlives every loss of the database."""
        await asyncio.gather(self._outlive(self._quick, self._fresh), self._outlive(self._slow, self._waiting))

    async def _outlive(self, pace: BatchTimer, rows_of: Rows) -> None:
        while True:
            try:
                await self._with_connections(pace, rows_of)
            except (*TROUBLE, StoreError) as error:
                self._fallback.watchlist.trouble()
                log.warning("the pipeline starts again", extra={"reason": type(error).__name__})
                await asyncio.sleep(0.3)

    async def _with_connections(self, pace: BatchTimer, rows_of: Rows) -> None:
        async with self._engine.connect() as conn, self._store.keyring.connect() as keyring:
            pg: asyncpg.Connection = (await conn.get_raw_connection()).driver_connection
            keyring_pg: asyncpg.Connection = (await keyring.get_raw_connection()).driver_connection
            try:
                await pg.execute(SETTLED_PLANS)
                size = 0
                while True:
                    await pace.next(size)
                    async with pace.idle:
                        size = await self._batch(conn, pg, keyring_pg, await rows_of(pg))
            except BaseException:
                pg.terminate()  # it may be dead without knowing; the pool must not hand it out again
                keyring_pg.terminate()
                raise

    async def _batch(
        self, conn: AsyncConnection, pg: asyncpg.Connection, keyring_pg: asyncpg.Connection, rows: list[PendingMessage]
    ) -> int:
        if not rows:
            return 0
        try:
            await self._process(conn, pg, keyring_pg, rows)
            self._most = min(_MOST, 2 * self._most)
            self._failing = None
        except Exception as error:
            self._backlog.clear()  # the next look sees everybody, the longest waiting first
            if is_outage(error):
                self._stranded(rows)
                self._most = _MOST  # a cry may be among those behind these
                raise
            await self._recover(conn, pg, rows, error)
        return len(rows)

    async def _fresh(self, pg: asyncpg.Connection) -> list[PendingMessage]:
        """What came past the backlog, in order."""
        lanes = self._ownership.lanes
        self._backlog.keep(lanes)
        rows = await inbound.pending(pg, lanes, self._most, self._backlog.rows()) if lanes else []
        self._most = self._most if rows else _MOST
        return rows

    async def _waiting(self, pg: asyncpg.Connection) -> list[PendingMessage]:
        """Those of the backlog whose turn it is."""
        first = self._backlog.first(_RARE)
        rows = await inbound.still_pending(pg, first) if first else []
        if len(rows) < len(first):
            self._backlog.clear()  # somebody else has settled some of them: begin with what the inbox knows
            return []
        return rows

    def _stranded(self, rows: list[PendingMessage]) -> None:
        """What was kept but cannot be answered (a full disk takes the event and not its answer) gets the numbers."""
        now = self._failing = self._failing or time.monotonic()
        if time.monotonic() - now < AFTER:
            return
        for row in rows:
            with contextlib.suppress(Sealed, KeyError):
                raw = self._decoder.decryptor.open(row.key_id, row.account, row.ext, row.sealed)
                self._fallback.answer(row.account, raw, kept=True, reply=False)

    async def _recover(
        self, conn: AsyncConnection, pg: asyncpg.Connection, rows: list[PendingMessage], error: Exception
    ) -> None:
        """After a failed batch: try half of it, and so on, until the one row that fails alone is found."""
        await conn.rollback()
        moved = is_conflict(error) or is_forgotten(error)
        log.warning(
            "a batch was not stored",
            extra={"count": len(rows), "reason": type(error).__name__},
            exc_info=error,
        )
        if len(rows) > 1 or moved:
            self._most = self._most if moved else max(1, len(rows) // 2)
            return
        await self._set_aside(pg, rows[0], type(error).__name__)

    async def _set_aside(self, pg: asyncpg.Connection, row: PendingMessage, reason: str) -> None:
        """Quarantine one event, with the index of whose it is where that can still be read: she may be forgotten."""
        arrived = self._decoder.read(row, {})
        await inbox.quarantine(pg, row.id, reason, self._decoder.index(row, arrived) if arrived else None)

    async def _process(
        self, conn: AsyncConnection, pg: asyncpg.Connection, keyring_pg: asyncpg.Connection, rows: list[PendingMessage]
    ) -> None:
        """Step these events and store what came of them; what there was no time for goes to the backlog."""
        await self._decoder.decryptor.learn_missing(pg, {row.key_id for row in rows})
        lost: dict[int, SetAside] = {}
        read = [(row, arrived) for row in rows if (arrived := self._decoder.read(row, lost)) is not None]
        of_groups = [(row, arrived) for row, arrived in read if arrived.incoming.kind in GROUP_KINDS]
        talk = self._in_turn(
            [
                (row, arrived, self._decoder.index(row, arrived))
                for row, arrived in read
                if arrived.incoming.kind not in GROUP_KINDS
            ]
        )
        known, keys = await self._decoder.people(pg, keyring_pg, talk)
        now, ahead = self._clock.now(), self._clock.ahead()
        readers = await self._turns.readers(conn, now)
        invited = await invited_by(self._store, self._guess_limiter, self._turns.name_of, conn, now, talk)
        turns: dict[bytes, Turn] = {}
        hers: dict[bytes, list[PendingMessage]] = {}
        for row, arrived, index in talk:
            person = known[index]
            turn = turns.get(index)
            if turn is None:
                turn = turns[index] = self._turns.begin(person, keys[person.id], readers)
            turn.take(row, arrived, now, ahead, invited.get((index, arrived.incoming.text)) if invited else None)
            hers.setdefault(index, []).append(row)
            self._probe("stepped")
        await lay_aside(self._store, pg, lost, now)
        nobodys = {row.id for row in rows} - lost.keys() - {row.id for row, _ in read}
        calm = [index for index, turn in turns.items() if not turn.requests]
        nobodys |= {row.id for row, _ in of_groups}
        if calm or nobodys:
            ids = [*nobodys, *(row.id for index in calm for row in hers[index])]
            await self._commit(conn, pg, ids, [turns[index] for index in calm], now, of_groups)
            for index in calm:
                self._backlog.done(index, set(ids))
        await self._apply_effects(conn, pg, {index: turn for index, turn in turns.items() if turn.requests}, hers, now)

    def _in_turn(self, talk: list[Talk]) -> list[Talk]:
        """Leave out what came past the backlog from whoever waits there: it waits behind what she wrote before."""
        now: list[Talk] = []
        for row, arrived, index in talk:
            if self._backlog.may_step(index, row.id):
                now.append((row, arrived, index))
            else:
                self._backlog.put(index, row.lane, [row.id], urgent=self._turns.presses(arrived))
        return now

    async def _apply_effects(
        self,
        conn: AsyncConnection,
        pg: asyncpg.Connection,
        turns: dict[bytes, Turn],
        hers: dict[bytes, list[PendingMessage]],
        now: datetime,
    ) -> None:
        """Store what is more than words, cries first, for a bounded time; who is left waits in the backlog.

        So does whoever comes while others wait there.
        """
        rare = sorted(turns, key=lambda index: (not turns[index].urgent, hers[index][0].id))
        until = time.monotonic() + _RARE_FOR
        while rare and self._backlog.may_pass(rare[0], time.monotonic() < until):
            some, rare = rare[:_RARE], rare[_RARE:]
            ids = [row.id for index in some for row in hers[index]]
            await self._commit(conn, pg, ids, [turns[index] for index in some], now)
            for index in some:
                self._backlog.done(index, set(ids))
        for index in rare:
            ids = [] if index in self._backlog else [row.id for row in hers[index]]
            self._backlog.put(index, hers[index][0].lane, ids, urgent=turns[index].urgent)
        if rare:
            self._slow.wake.set()

    async def _hear_groups(self, work: UnitOfWork, of_groups: Sequence[tuple[PendingMessage, Arrived]]) -> None:
        """Bind the chats in which a code was written, follow and give up others; a group is never a person."""
        for row, arrived in of_groups:
            match arrived.incoming.kind:
                case "group":
                    await chats.bind_chat(work, row.account, arrived.address, arrived.incoming.text)
                case "group_moved":
                    await chats.move_chat(work, row.account, arrived.address, arrived.incoming.text)
                case "group_left":
                    await chats.give_up_chat(work, row.account, arrived.address)
                case "group_muted":
                    await chats.tell_of_muting(work, row.account, arrived.address)

    async def _commit(
        self,
        conn: AsyncConnection,
        pg: asyncpg.Connection,
        ids: list[int],
        turns: list[Turn],
        now: datetime,
        of_groups: Sequence[tuple[PendingMessage, Arrived]] = (),
    ) -> None:
        sessions = [turn.session_row() for turn in turns]
        rare = [request for turn in turns for request in turn.requests]
        entries = [entry for turn in turns for entry in turn.entries]
        moved = [where for turn in turns if (where := turn.moved())]
        self._probe("before commit")
        if rare or of_groups or moved:
            async with conn.begin():
                work = UnitOfWork(self._store, conn, now, BOT)
                await people.move(pg, moved)
                await apply.apply_effects(work, rare)
                await inbound.commit_step(pg, now, sessions, ids, entries)
                await self._hear_groups(work, of_groups)
                await work.flush()
        else:
            await inbound.commit_step(pg, now, sessions, ids, entries)
        self._probe("committed")
        for turn in turns:
            if turn.session.stopped or (turn.session.quiet_until and turn.session.quiet_until > now):
                self._fallback.hush(turn.account, turn.address)
            self._fallback.watchlist.stepped(turn.account, turn.address, now, silent=not turn.entries)
        if entries or rare:
            await self._answered(pg, {turn.account for turn in turns})
