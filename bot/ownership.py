"""Ownership of lanes and sending accounts by one process each, through PostgreSQL's session advisory locks.

One dedicated connection holds the locks; when it dies the locks are gone and a peer takes over within a second. A peer
that holds locks but has stopped beating is put out (`pg_terminate_backend`). Locks give liveness; the epoch and the
compare-and-set in the statements give safety. Needs a direct connection: a pooler in transaction mode breaks it.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import asyncpg

from bot.logs.journal import log
from store.db.engine import TROUBLE
from store.locks import lock_number
from store.messages.lanes import ACCOUNT, LANE, LANE_LOCK, LANES, next_epochs

_MEMBER = lock_number("member")
_CLASS = {LANE: LANE_LOCK, ACCOUNT: lock_number("account")}
TICK = 1.0
"""Seconds between two looks at who is there (real time)."""
STALE = 5
"""Seconds without a new beat after which a holder counts as frozen (on the watch of whoever looks)."""

_MEMBERS = """
SELECT l.objid::int AS id FROM pg_locks l
WHERE l.locktype = 'advisory' AND l.classid::int = $1 AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"""
_BEAT = """
INSERT INTO member(id, pid, beat_at) VALUES ($1, pg_backend_pid(), clock_timestamp())
ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, beat_at = excluded.beat_at"""
_BEATS = """
SELECT m.id, m.pid, m.beat_at FROM member m
JOIN pg_locks l ON l.locktype = 'advisory' AND l.classid::int = $1 AND l.objid = m.id AND l.granted AND l.pid = m.pid
WHERE m.id <> $2"""

Changed = Callable[[], Awaitable[None]]


class Ownership:
    """The lanes and accounts of this process, kept fair among all processes by looking once a second.

    `member` is its number among the processes, which share in the order of their numbers; drawn when not given.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        accounts: Iterable[int],
        member: int | None = None,
    ) -> None:
        self._connect = connect
        self._all = {LANE: list(range(LANES)), ACCOUNT: sorted(accounts)}
        self._id = member or secrets.randbelow(2**31 - 2) + 1
        self._pg: asyncpg.Connection | None = None
        self._owned: dict[int, dict[int, int]] = {LANE: {}, ACCOUNT: {}}
        self._gained: list[Callable[[], None]] = []
        self._let_go: list[Changed] = []
        self._woken: dict[str, Callable[[str], None]] = {}
        self._lost = False
        self._beat = 0.0
        self._seen: dict[int, tuple[datetime, float]] = {}
        self.ready = asyncio.Event()

    @property
    def lanes(self) -> dict[int, int]:
        """Lanes owned now: lane to epoch."""
        return self._owned[LANE]

    @property
    def accounts(self) -> dict[int, int]:
        """Accounts owned now: account number to epoch."""
        return self._owned[ACCOUNT]

    @property
    def lapsed(self) -> bool:
        """Whether we have not beaten for so long (frozen, or the database away) that others may own what was ours."""
        return time.monotonic() - self._beat > STALE

    def on_change(self, gained: Callable[[], None], let_go: Changed) -> None:
        """Call `gained` after taking something; await `let_go` before the lock of something is given up."""
        self._gained.append(gained)
        self._let_go.append(let_go)

    def on_notify(self, channel: str, call: Callable[[str], None]) -> None:
        """Call with the payload of each NOTIFY on `channel`; survives reconnects."""
        self._woken[channel] = call

    async def run(self) -> None:
        """Own a fair share until cancelled; after a lost connection own nothing and start again."""
        while True:
            try:
                await self._hold()
            except TROUBLE as error:
                if not self._lost:
                    log.warning("ownership lost its database connection", extra={"reason": type(error).__name__})
                self._lost = True
            finally:
                self._drop_everything()
            await asyncio.sleep(0.2)

    async def close(self) -> None:
        """Give everything up at once, so that a peer need not wait."""
        if self._pg is not None and not self._pg.is_closed():
            with contextlib.suppress(*TROUBLE):
                await self._pg.execute("DELETE FROM member WHERE id = $1", self._id)
                await self._pg.close(timeout=1)
        self._drop_everything()

    async def _hold(self) -> None:
        self._pg = await self._connect()
        self._pg.add_termination_listener(lambda _: self._drop_everything())
        for channel, call in self._woken.items():
            await self._pg.add_listener(channel, lambda *said, call=call: call(str(said[3])))
        await self._pg.execute(_BEAT, self._id)
        await self._pg.fetchval("SELECT pg_advisory_lock($1, $2)", _MEMBER, self._id)
        while True:
            await self.tick()
            self._lost = False
            await asyncio.sleep(TICK)

    def _drop_everything(self) -> None:
        self._owned[LANE].clear()
        self._owned[ACCOUNT].clear()
        self.ready.clear()

    async def tick(self) -> None:
        """Look once: beat, put out the frozen, give up what is another's, take what is ours."""
        pg = self._pg
        assert pg is not None  # noqa: S101 - tick runs inside _hold only
        async with asyncio.timeout(STALE):  # wait_for of Python 3.11 may swallow a cancellation
            await pg.execute(_BEAT, self._id)
        self._beat = time.monotonic()
        await self._put_out_the_frozen(pg)
        members = [row["id"] for row in await pg.fetch(_MEMBERS, _MEMBER)]
        if self._id not in members:
            raise ConnectionResetError
        for kind, things in self._all.items():
            ours = {thing for n, thing in enumerate(things) if members[n % len(members)] == self._id}
            await self._give_up(pg, kind, set(self._owned[kind]) - ours)
            await self._take(pg, kind, ours - set(self._owned[kind]))
        self.ready.set()

    async def _put_out_the_frozen(self, pg: asyncpg.Connection) -> None:
        """End the session of a holder whose beat we saw no change in; no clock on any wall has a say in it."""
        now, before = time.monotonic(), self._seen
        self._seen = {}
        for row in await pg.fetch(_BEATS, _MEMBER, self._id):
            beat, since = before.get(row["id"], (None, now))
            self._seen[row["id"]] = (row["beat_at"], since if beat == row["beat_at"] else now)
            if beat == row["beat_at"] and now - since > STALE:
                log.warning("a frozen process is put out")
                await pg.execute("SELECT pg_terminate_backend($1)", row["pid"])

    async def _give_up(self, pg: asyncpg.Connection, kind: int, things: set[int]) -> None:
        if not things:
            return
        for thing in things:
            self._owned[kind].pop(thing, None)
        for let_go in self._let_go:
            await let_go()
        await pg.execute("SELECT pg_advisory_unlock($1, i) FROM unnest($2::int[]) i", _CLASS[kind], list(things))

    async def _take(self, pg: asyncpg.Connection, kind: int, things: set[int]) -> None:
        if not things:
            return
        query = "SELECT i, pg_try_advisory_lock($1, i) AS got FROM unnest($2::int[]) i"
        got = [row["i"] for row in await pg.fetch(query, _CLASS[kind], list(things)) if row["got"]]
        if got:
            self._owned[kind] |= await next_epochs(pg, kind, got)
            for gained in self._gained:
                gained()
