"""The pager: claims pages outside the channels, decrypts the address, sends, and records the outcome."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from bot.logs.journal import log
from bot.paging.base import WITHIN, Notice, NotPaged, Transport
from content.library import BASE, Library
from scheduler.clock import Clock
from scheduler.jobs.escalation import words
from store.db.engine import Store, raw
from store.errors import Sealed
from store.escalation import pages
from store.escalation.pages import Page
from store.messages import hold
from store.staff import contacts
from store.unit_of_work import SERVICE, UnitOfWork, unit_of_work

AT_ONCE = 16
"""Pages of one transport in flight at the same time."""


class Pager:
    """Every configured transport, each with a tick of its own, so that a dead one delays no other."""

    def __init__(
        self, store: Store, library: Library, clock: Clock, ways: Sequence[Transport], alarm: Callable[[str], None]
    ) -> None:
        self.ways: Mapping[str, Transport] = {way.name: way for way in ways}
        self.counted: Counter[tuple[str, str]] = Counter()
        self.dead: set[str] = set()
        self._store = store
        self._library = library
        self._clock = clock
        self._alarm = alarm

    async def once(self, way: str) -> int:
        """Send the pages of one transport that may leave now; returns how many left. On hold nobody is paged."""
        async with raw(self._store.data) as conn:
            if await hold.is_on_hold(conn):
                return 0
        async with self._work() as work:
            claimed = await pages.claim(work, way, AT_ONCE)
        return sum(await asyncio.gather(*(self._make(self.ways[way], one) for one in claimed)))

    async def _make(self, way: Transport, one: Page) -> bool:
        try:
            async with asyncio.timeout(WITHIN + 1):
                await way.call(self._notice(one))
        except (NotPaged, Sealed, TimeoutError) as failure:
            code = failure.code if isinstance(failure, NotPaged) else type(failure).__name__
            for_good = isinstance(failure, Sealed) or (isinstance(failure, NotPaged) and failure.for_good)
            self.counted[way.name, "dead" if for_good else "deferred"] += 1
            log.warning("a page did not leave", extra={"stage": way.name, "code": code})
            async with self._work() as work:
                await pages.failed(work, one, code, for_good=for_good)
            return False
        self.counted[way.name, "sent"] += 1
        async with self._work() as work:
            await pages.sent(work, one.id)
        return True

    def _work(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return unit_of_work(self._store, self._clock.now(), SERVICE)

    def _notice(self, one: Page) -> Notice:
        """Open the address and put the words together. Raises NotCalled, Sealed."""
        if one.address_ct is None:
            raise NotPaged("no_address", for_good=True)
        to = contacts.open_address(self._store.keys, one.staff_id, one.way, one.address_ct)
        subject = self._library.say("call.subject", BASE).text
        return Notice(one.id, to, subject, words(self._library, one.code, drill=one.drill), one.drill)

    async def look(self) -> None:
        """Notice which transports are dead, and say so once; on hold nothing arrives by any."""
        async with raw(self._store.data) as conn:
            if await hold.is_on_hold(conn):
                return
        async with self._store.data.connect() as conn:
            dead = await pages.dead_transports(conn, self._clock.now(), list(self.ways))
        for way in sorted(dead - self.dead):
            self._alarm(f"pages by {way} do not arrive: look at its settings and its server; the others go on")
        self.dead = dead

    async def close(self) -> None:
        """Close every transport."""
        await asyncio.gather(*(way.close() for way in self.ways.values()), return_exceptions=True)
