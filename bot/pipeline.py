"""From stored events to stored answers: read, step, and one transaction for the whole batch.

All lanes this process owns share one batch. Two events of one person in a batch are chained in memory, in order. A
batch that fails is tried again row by row; a row that fails alone goes to quarantine, and the lane goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels.contract import Arrived
from bot.inbox_seal import InboxOpener
from bot.intake import Entrance
from bot.journal import log
from bot.ownership import Ownership
from bot.turn import Turn, TurnMaker
from scheduler.clock import Clock
from store import acts, groups, hot, people
from store.database import TROUBLE, Store, is_conflict, is_outage
from store.errors import Sealed, StoreError

_MOST = 256
SWEEP = 1.0
"""Seconds after which pending rows are looked for even when nobody called (real time)."""


class Pipeline:
    """The one step group of this process."""

    def __init__(
        self,
        store: Store,
        engine: AsyncEngine,
        ownership: Ownership,
        doors: dict[int, Entrance],
        turns: TurnMaker,
        clock: Clock,
        answered: Callable[[asyncpg.Connection, set[int]], Awaitable[None]],
        probe: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._engine = engine
        self._ownership = ownership
        self._doors = doors
        self._turns = turns
        self._clock = clock
        self._answered = answered
        self._probe = probe
        self._opener = InboxOpener(store.house.inbox_private)
        self._wake = asyncio.Event()
        self._idle = asyncio.Lock()
        self._alone = 0
        self.unsealed = 0

    def wake(self) -> None:
        """Say that something may be pending."""
        self._wake.set()

    async def settled(self) -> None:
        """Wait until the batch in hand is done (before a lane is given up)."""
        async with self._idle:
            pass

    async def run(self) -> None:
        """Step whatever is pending in the lanes owned, until cancelled; outlives every loss of the database."""
        while True:
            try:
                await self._with_connections()
            except (*TROUBLE, StoreError) as error:
                log.warning("the pipeline starts again", extra={"reason": type(error).__name__})
                await asyncio.sleep(0.3)

    async def _with_connections(self) -> None:
        async with self._engine.connect() as data, self._store.keyring.connect() as ring:
            data_driver: Any = (await data.get_raw_connection()).driver_connection
            ring_driver = (await ring.get_raw_connection()).driver_connection
            await data_driver.execute(hot.SETTLED_PLANS)
            size = 0
            while True:
                if size == 0:
                    await self._wait()
                elif size >= 6:
                    await asyncio.sleep(0.001)
                self._wake.clear()
                async with self._idle:
                    size = await self._batch(data, data_driver, ring_driver)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(SWEEP):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _batch(self, data: AsyncConnection, conn: Any, ring: Any) -> int:
        lanes = list(self._ownership.lanes)
        if not lanes:
            return 0
        rows = await conn.fetch(hot.PENDING, lanes, 1 if self._alone else _MOST)
        if not rows:
            self._alone = 0
            return 0
        self._alone = max(0, self._alone - 1)
        try:
            await self._process(data, conn, ring, rows)
        except Exception as error:
            if is_outage(error):
                raise
            await self._recover(data, conn, rows, error)
        return len(rows)

    async def _recover(self, data: AsyncConnection, conn: Any, rows: list[Any], error: Exception) -> None:
        """After a failed batch: go on alone, or quarantine the one row that failed alone."""
        await data.rollback()
        moved = is_conflict(error)
        log.warning(
            "a batch was not stored",
            extra={"count": len(rows), "reason": type(error).__name__},
            exc_info=error,
        )
        if len(rows) > 1 or moved:
            self._alone = 0 if moved else len(rows)
            return
        await acts.quarantine(conn, rows[0]["id"], type(error).__name__)

    async def _process(self, data: AsyncConnection, conn: Any, ring: Any, rows: list[Any]) -> None:
        await self._opener.learn_missing(conn, {row["key_id"] for row in rows})
        lost: dict[int, str] = {}
        read = [(row, arrived) for row in rows if (arrived := self._read(row, lost)) is not None]
        codes = [(row, arrived) for row, arrived in read if arrived.incoming.kind == "group"]
        talk = [(row, arrived, self._index(row, arrived)) for row, arrived in read if arrived.incoming.kind != "group"]
        known = await self._people(conn, ring, talk)
        keys = await self._store.ring.load(ring, [p["id"] for p in known.values()])
        now = self._clock.now()
        ladder = await self._turns.ladder(data, now)
        turns: dict[bytes, Turn] = {}
        for row, arrived, index in talk:
            person = known[index]
            turn = turns.get(index)
            if turn is None:
                turn = turns[index] = self._turns.begin(person, keys[person["id"]], ladder)
            turn.take(row, arrived, now)
            self._probe("stepped")
        for inbox_id, reason in lost.items():
            await acts.quarantine(conn, inbox_id, reason)
        ids = [row["id"] for row in rows if row["id"] not in lost]
        await self._commit(data, conn, ids, list(turns.values()), codes, now)

    def _read(self, row: Any, lost: dict[int, str]) -> Arrived | None:
        """Parse one event; what nobody can answer (no address, or not sealed by us) is noted in `lost`."""
        try:
            raw = self._opener.open(row["key_id"], row["account"], row["ext"], row["sealed"])
        except (Sealed, KeyError) as error:
            self.unsealed += 1
            lost[row["id"]] = type(error).__name__
            return None
        channel = self._doors[row["account"]].channel
        try:
            return channel.read(raw)
        except Exception as error:
            address = channel.event_id(raw).conversation
            if address:
                return Arrived(address, self._turns.unreadable)
            lost[row["id"]] = type(error).__name__
            return None

    def _index(self, row: Any, arrived: Arrived) -> bytes:
        return self._store.house.blind(str(row["account"]), arrived.address)

    async def _people(self, conn: Any, ring: Any, talk: list[tuple[Any, Arrived, bytes]]) -> dict[bytes, Any]:
        wanted = {index: (row["account"], arrived.address) for row, arrived, index in talk}
        known = await people.load(conn, list(wanted)) if wanted else {}
        strangers = [(account, index, address) for index, (account, address) in wanted.items() if index not in known]
        if strangers:
            await people.add(conn, ring, self._store.ring, strangers, self._clock.now())
            known |= await people.load(conn, [index for _, index, _ in strangers])
        return known

    async def _bind_chats(self, data: AsyncConnection, now: datetime, codes: list[tuple[Any, Arrived]]) -> None:
        """Bind the chats in which a code was written; a group is never a person and hears nothing back."""
        for row, arrived in codes:
            await groups.bind_chat(
                data,
                now,
                self._store.house,
                account=row["account"],
                address=arrived.address,
                code=arrived.incoming.text,
            )

    async def _commit(
        self,
        data: AsyncConnection,
        conn: Any,
        ids: list[int],
        turns: list[Turn],
        codes: list[tuple[Any, Arrived]],
        now: datetime,
    ) -> None:
        sessions = [turn.session_row() for turn in turns]
        rare = [act for turn in turns for act in turn.acts]
        entries = [entry for turn in turns for entry in turn.entries]
        self._probe("before commit")
        if rare or codes:
            async with data.begin():
                entries += await acts.carry_out(data, now, self._store, rare)
                await self._bind_chats(data, now, codes)
                await hot.commit_step(conn, now, sessions, ids, entries)
        else:
            await hot.commit_step(conn, now, sessions, ids, entries)
        self._probe("committed")
        if entries or rare:
            await self._answered(conn, {turn.account for turn in turns})
