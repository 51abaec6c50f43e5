"""The webhook intake: verify, limit, store, answer 200. Nothing else happens before the answer."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

import asyncpg
import msgspec
from starlette.types import Receive, Scope, Send

from bot.channels.base import EventKey, NotAuthentic
from bot.channels.endpoint import Endpoint
from bot.fallback.responder import FallbackResponder
from bot.inbound.encryption import HourKey, store_key
from bot.inbound.spool import Frame, Spool, SpooledEvent, discard, frames, lay_aside
from bot.logs.journal import log
from scheduler.clock import Clock
from store.db.engine import TROUBLE, is_outage
from store.messages import backfill
from store.messages.hot_path.inbound import INTAKE
from store.messages.lanes import LANES

LARGEST = 256 * 1024
"""Bytes of the largest body we read."""
BODY_WITHIN = 5.0
STORED_WITHIN = 1.0
"""Seconds the database may take before the spool is used (Zalo wants 200 within 2 s)."""
_MOST = 256
_TELL_HEARD = timedelta(minutes=1)
"""How exactly the database knows when a webhook was heard."""
_UNREAD = frozenset({404, 405, 408, 413, 415})
"""Refusals given before the body was read: the connection ends, or its bytes would be read for nobody for ever."""


Answer = tuple[int, bytes]


class Intake:
    """The ASGI application under /hooks/<account>, and the one group commit behind it."""

    def __init__(
        self,
        endpoints: dict[str, Endpoint],
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        inbox_public: bytes,
        spool: Spool,
        clock: Clock,
        stored: Callable[[asyncpg.Connection, set[int]], Awaitable[None]],
        fallback: FallbackResponder,
        probe: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.endpoints = endpoints
        self.counted: Counter[str] = Counter()
        self._connect = connect
        self._public = inbox_public
        self._spool = spool
        self._clock = clock
        self._stored = stored
        self._probe = probe
        self._fallback = fallback
        self._away = False  # the database: not asked again before `carry_over` has reached it
        self._hours = [HourKey(inbox_public, clock.now())]
        self._waiting: list[tuple[SpooledEvent, asyncio.Future[bool]]] = []
        self._arrived = asyncio.Event()
        self._closed = False
        self._pg: asyncpg.Connection | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        status, body = await self._serve(scope, receive)
        headers = [(b"content-length", str(len(body)).encode())]
        if body:
            headers.append((b"content-type", b"application/json"))
        if status in _UNREAD:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if status == 200:
            self._probe("acknowledged")

    async def _serve(self, scope: Scope, receive: Receive) -> Answer:
        endpoint = self.endpoints.get(scope["path"].rpartition("/")[2])
        if endpoint is None or scope["method"] != "POST":
            return self._refuse("no such endpoint", 404 if endpoint is None else 405)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("content-encoding", "identity") != "identity":
            return self._refuse("compressed", 415)
        try:
            async with asyncio.timeout(BODY_WITHIN):
                raw = await _body(receive)
        except TimeoutError:
            return self._refuse("slow body", 408)
        if raw is None:
            return self._refuse("too large", 413)
        if not raw and endpoint.limits.probes:
            return self._refuse("probe", 200)
        try:
            endpoint.channel.verify(headers, raw)
        except NotAuthentic as error:
            reason = str(error)
            return self._refuse(f"not authentic: {reason}", 401 if "missing" in reason or reason == "empty" else 403)
        return await self._keep(endpoint, raw)

    def _refuse(self, reason: str, status: int) -> Answer:
        self.counted[reason] += 1
        return status, b""

    async def _keep(self, endpoint: Endpoint, raw: bytes) -> Answer:
        endpoint.heard = self._clock.now()
        try:
            spooled = await self.accept(endpoint, raw)
        except OSError:
            if not self._closed:
                self._fallback.answer(endpoint.number, raw, kept=False, reply=False)
            return self._refuse("could not be kept", 503)
        self.counted["kept"] += 1
        receipt = endpoint.channel.abilities.receipt
        body = receipt(raw) if receipt else b""
        if spooled:
            body = self._fallback.answer(endpoint.number, raw, kept=True, reply=not body) or body
        return 200, body

    async def accept(self, endpoint: Endpoint, raw: bytes) -> bool:
        """Put one authentic event on the disk; returns whether that was the spool's, the database being away.

        Raises OSError when neither database nor spool takes it.
        """
        endpoint.received += 1
        if self._closed:
            raise OSError("stopping")
        key = endpoint.channel.event_id(raw)
        ext = ext_of(key)
        lane = crc32(key.conversation.encode("utf-8", "replace")) % LANES
        now = self._clock.now()
        hour = self._hours[-1]
        if now >= hour.until:
            hour = HourKey(self._public, now)
            self._hours = [self._hours[-1], hour]
        event = SpooledEvent(endpoint.number, ext, lane, hour.id, hour.seal(endpoint.number, ext, raw), now)
        self._fallback.watchlist.arrived(endpoint.number, key.person, lane, raw, now)
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        self._arrived.set()
        spooled = await done
        endpoint.acked += 1
        return spooled

    async def run(self) -> None:
        """Commit what arrives, group by group, until cancelled; what waits then is refused, so it is sent again."""
        batch: list[tuple[SpooledEvent, asyncio.Future[bool]]] = []
        try:
            while True:
                await self._arrived.wait()
                if len(batch) >= 6:
                    await asyncio.sleep(0.001)
                batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                if not self._waiting:
                    self._arrived.clear()
                await self._commit(batch)
        finally:
            self._closed = True
            for _, done in (*batch, *self._waiting):
                if not done.done():
                    done.set_exception(OSError("stopping"))

    async def _commit(self, batch: list[tuple[SpooledEvent, asyncio.Future[bool]]]) -> None:
        events = [event for event, _ in batch]
        try:
            spooled = not await self._in_database(events)
            if spooled:
                await asyncio.to_thread(self._append, events)
        except (OSError, asyncio.CancelledError) as error:
            for _, done in batch:
                if not done.done():
                    done.set_exception(OSError("not kept"))
            if isinstance(error, asyncio.CancelledError):
                raise
            return
        for _, done in batch:
            if not done.done():
                done.set_result(spooled)

    async def _in_database(self, events: list[SpooledEvent]) -> bool:
        """Insert events; False while the database is away, and then at once: only the first batch waits for it."""
        if self._away:
            self._fallback.watchlist.trouble()
            return False
        try:
            async with asyncio.timeout(STORED_WITHIN):  # wait_for of Python 3.11 may swallow a cancellation
                await self._insert(events)
        except TROUBLE as error:
            await self._lose_connection(error)
            return False
        return True

    async def _insert(self, events: list[SpooledEvent]) -> None:
        if self._pg is None or self._pg.is_closed():
            self._pg = await self._connect()
        for hour in self._hours:
            if not hour.stored:
                await store_key(self._pg, hour.id, hour.sealed, self._clock.now())
                hour.stored = True
        await insert(self._pg, events)
        await self._tell_heard(self._pg)
        self._probe("stored")
        await self._stored(self._pg, {event.lane for event in events})

    async def _tell_heard(self, pg: asyncpg.Connection) -> None:
        """Let whoever reads back know whose webhook lives, once a minute."""
        now = self._clock.now()
        fresh = [
            endpoint
            for endpoint in self.endpoints.values()
            if endpoint.heard and _is_news(endpoint.heard, endpoint.heard_told)
        ]
        if fresh:
            await backfill.heard(pg, [endpoint.number for endpoint in fresh], now)
        for endpoint in fresh:
            endpoint.heard_told = now

    async def _lose_connection(self, error: BaseException) -> None:
        self._away = True
        self._fallback.watchlist.trouble()
        log.warning("intake cannot reach the database; spooling", extra={"reason": type(error).__name__})
        if self._pg is not None:
            self._pg.terminate()
            self._pg = None

    def _append(self, events: list[SpooledEvent]) -> None:
        for hour in self._hours:
            sealed_with_it = [event for event in events if event.key_id == hour.id]
            if sealed_with_it:
                self._spool.append(Frame(hour.id, hour.sealed, sealed_with_it))
        self.counted["spooled"] += len(events)

    async def carry_over(self) -> int:
        """Bring spooled events into the inbox; returns how many. Raises database errors."""
        if self._spool.empty and not self._away:
            return 0
        pg = await self._connect()
        try:
            carried = sum([await self._carry(pg, path) for path in self._spool.closed_files()])
        finally:
            pg.terminate()
        if self._away:
            self._away = False
            log.warning("intake has the database again", extra={"count": carried})
            self._fallback.database_is_back()
        return carried

    async def _carry(self, pg: asyncpg.Connection, path: Path) -> int:
        """Carry one file over. One that the database refuses is laid aside for a human, and stops no other."""
        carried = 0
        try:
            for frame in frames(path):
                await store_key(pg, frame.key_id, frame.sealed_key, self._clock.now())
                await insert(pg, frame.events)
                carried += len(frame.events)
                await self._stored(pg, {event.lane for event in frame.events})
        except (asyncpg.PostgresError, msgspec.MsgspecError) as error:
            if is_outage(error):
                raise
            log.error("a spooled file is refused and laid aside as .refused", exc_info=error)
            lay_aside(path)
            return carried
        discard(path)
        return carried


def ext_of(key: EventKey) -> bytes:
    """The name of an event in the inbox: two deliveries of one event share it."""
    return hashlib.blake2b(key.event.encode("utf-8", "replace"), digest_size=16).digest()


def _is_news(heard: datetime, told: datetime | None) -> bool:
    return told is None or abs(heard - told) >= _TELL_HEARD


async def insert(pg: asyncpg.Connection, events: list[SpooledEvent]) -> None:
    """Insert events into the inbox in one statement; an event we already have changes nothing."""
    await pg.execute(
        INTAKE,
        [e.account for e in events],
        [e.ext for e in events],
        [e.lane for e in events],
        [e.key_id for e in events],
        [e.sealed for e in events],
        [e.received_at for e in events],
    )


async def _body(receive: Receive) -> bytes | None:
    """Read a body; None when it is larger than LARGEST."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body if len(body) <= LARGEST else None
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            return None
    return b"".join(parts)
