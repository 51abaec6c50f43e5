"""Watchlist of people without an answer yet, in memory, for a database that fails after their message was kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

import msgspec

from scheduler.clock import Clock

AFTER = 1.0
"""Seconds without an answer after which she is answered from memory, while the database is in trouble."""
TROUBLED = 3.0
"""Seconds for which a failure of the database counts: one that is full fails and succeeds by turns."""
WORTH = 60.0
"""Seconds for which an event is remembered; by then it was answered, or is not to be."""
MOST, LARGEST = 1000, 16 * 1024
"""Conversations that are remembered, and the bytes of an event that is."""

Conversation = tuple[int, str]


class _Event(msgspec.Struct):
    raw: bytes
    received_at: datetime
    since: float
    stepped: bool = False


class Watchlist:
    """The latest event of every conversation whose lane is `ours`, until something was sent there or is not to be."""

    def __init__(self, clock: Clock, ours: Callable[[int], bool]) -> None:
        self._clock = clock
        self._ours = ours
        self._events: OrderedDict[Conversation, _Event] = OrderedDict()
        self._trouble: float | None = None

    def arrived(self, number: int, address: str, lane: int, raw: bytes, at: datetime) -> None:
        """Remember an event before it is stored; one that another process will answer is not ours to watch."""
        if not address or len(raw) > LARGEST or not self._ours(lane):
            return
        self._events[number, address] = _Event(raw, at, self._clock.steady())
        self._events.move_to_end((number, address))
        if len(self._events) > MOST:
            self._events.popitem(last=False)

    def stepped(self, number: int, address: str, up_to: datetime, *, silent: bool) -> None:
        """Hear that what came until `up_to` has its answer in the ledger, or is answered with nothing."""
        event = self._events.get((number, address))
        if event is None or event.received_at > up_to:
            return
        if silent:
            del self._events[number, address]
        else:
            event.stepped = True

    def sent(self, number: int, address: str) -> None:
        """Note that an answer is on its way to her; one to an earlier event than hers leaves hers waiting."""
        event = self._events.get((number, address))
        if event is not None and event.stepped:
            del self._events[number, address]

    def taken(self, number: int, address: str) -> None:
        """Hear that she is looked after from memory already."""
        self._events.pop((number, address), None)

    def trouble(self) -> None:
        """Hear that the database has just failed somebody."""
        self._trouble = self._clock.steady()

    def stranded(self) -> list[tuple[int, bytes]]:
        """Take out whoever waits in vain now, as account and raw event, the longest first; nobody without trouble."""
        now = self._clock.steady()
        if self._trouble is None or now - self._trouble > TROUBLED:
            return []
        waiting = [key for key, event in self._events.items() if now - event.since >= AFTER]
        events = [(key, self._events.pop(key)) for key in waiting]
        return [(number, event.raw) for (number, _), event in events if now - event.since <= WORTH]
