"""Live events: one LISTEN connection for the process, and every open page told when a case has changed."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Iterator
from uuid import UUID

import asyncpg

from console.web.presence import Presence
from store.db.engine import DatabaseDown, Store, connect
from store.db.notify import NotifyChannel

_TROUBLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DatabaseDown, TimeoutError)


class Subscription:
    """One open page's interest: changes collect until the page asks, so a slow page never falls behind."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._woken = asyncio.Event()

    def tell(self, case_id: str) -> None:
        """Note a change."""
        self._changed.add(case_id)
        self._woken.set()

    async def wait(self, seconds: float) -> set[str]:
        """Wait at most `seconds` for changes and take them: case ids, `*` for "perhaps any", or none."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()
        changed, self._changed = self._changed, set()
        return changed


class LiveUpdates:
    """Listens on the channel `case` and tells every subscription; survives the loss of its connection."""

    def __init__(self, store: Store) -> None:
        url = store.data.url.set(drivername="postgresql")
        self._forget = store.ring.forget_cached
        self._uri = url.render_as_string(hide_password=False)
        self._subscriptions: set[Subscription] = set()
        self._task: asyncio.Task[None] | None = None
        self._news: dict[str, int] = {}
        self._life = secrets.token_hex(4)
        self.listening = asyncio.Event()
        self.closing = False
        self.presence = Presence()

    async def start(self) -> None:
        """Begin to listen; returns at once, and listening goes on trying while the database is down."""
        self.closing = False
        self._task = asyncio.create_task(self._run(), name="console live")

    async def stop(self) -> None:
        """End every open stream now and stop listening; call this before the server waits for its connections."""
        self.closing = True
        self.tell_all("*")
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Hear of every change from now on."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    @property
    def open_streams(self) -> int:
        """How many pages are listening."""
        return len(self._subscriptions)

    def mark(self, case_id: str) -> str:
        """How much news of a case this process has heard: the same mark again means that there was none between.

        Whatever may have been missed (another process, a lost connection) makes it another mark.
        """
        return f"{self._life}.{self._news.get(case_id, 0)}"

    def tell_all(self, case_id: str) -> None:
        """Tell every open page; a word that is no case's id makes each look after its session only."""
        if case_id == "*":
            self._life, self._news = secrets.token_hex(4), {}
        else:
            self._news[case_id] = self._news.get(case_id, 0) + 1
        for subscription in self._subscriptions:
            subscription.tell(case_id)

    def _hear(self, said: str) -> None:
        """Wake the pages of a case in which somebody came or writes; it is no news of the case itself."""
        if case_id := self.presence.hear(said):
            for subscription in self._subscriptions:
                subscription.tell(f"presence:{case_id}")

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(*_TROUBLE):
                await self._listen()
            self.listening.clear()
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        conn = await connect(self._uri)
        lost = asyncio.Event()
        try:
            conn.add_termination_listener(lambda _: lost.set())
            await conn.add_listener(NotifyChannel.CASE, lambda _c, _p, _ch, case_id: self.tell_all(case_id))
            await conn.add_listener(NotifyChannel.PRESENCE, lambda _c, _p, _ch, said: self._hear(said))
            await conn.add_listener(NotifyChannel.FORGOTTEN, lambda _c, _p, _ch, who: self._forget(UUID(who)))
            self.listening.set()
            self.tell_all("*")  # whatever changed while nobody listened
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(10):
                        await lost.wait()
                if not lost.is_set():
                    async with asyncio.timeout(5):
                        await conn.execute("SELECT 1")
        finally:
            conn.terminate()
