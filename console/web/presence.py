"""Presence: which readers have a case open and who of them is writing, kept in the memory of each process alone.

It is said from process to process and written down nowhere: no table, no log, no audit, and nothing of it is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

import msgspec

from store.db.engine import Store, raw
from store.db.notify import NotifyChannel, notify_at_once

VIEWING, WRITING = "viewing", "writing"
SAID_EVERY = 10.0
"""Seconds after which an open page says again that it is open."""
FORGOTTEN_AFTER = 25.0
"""Seconds after which somebody who has not said so is not there any more."""
WRITES_FOR = 8.0
"""Seconds for which somebody who has typed counts as writing."""


class Present(msgspec.Struct, frozen=True):
    """Somebody who is there: her alias, until when she counts as there, and until when as writing."""

    alias: str
    until: float
    writes_until: float = 0


class OtherReader(msgspec.Struct, frozen=True):
    """A colleague as a page shows her."""

    alias: str
    writes: bool


class Presence:
    """Who is where, as this process has heard; `clock` tells seconds that only go on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._cases: dict[str, dict[str, Present]] = {}

    def hear(self, said: str) -> str:
        """Note what a process said; return the case in which that shows something new, "" for none."""
        case_id, _, rest = said.partition(" ")
        staff_id, _, rest = rest.partition(" ")
        state, _, alias = rest.partition(" ")
        if state not in (VIEWING, WRITING) or not alias:
            return ""
        now, there = self._clock(), self._cases.setdefault(case_id, {})
        before = there.get(staff_id)
        writes = now + WRITES_FOR if state == WRITING else before.writes_until if before is not None else 0
        there[staff_id] = Present(alias, now + FORGOTTEN_AFTER, writes)
        came = before is None or before.until <= now
        began = state == WRITING and (before is None or before.writes_until <= now)
        return case_id if came or began else ""

    def is_there(self, case_id: str, staff_id: UUID) -> bool:
        """Whether a member has a case open."""
        return str(staff_id) in self._now(case_id)

    def others(self, case_id: str, staff_id: UUID) -> list[OtherReader]:
        """Everybody else who has a case open, by alias."""
        now = self._clock()
        there = [one for who, one in self._now(case_id).items() if who != str(staff_id)]
        return sorted((OtherReader(one.alias, one.writes_until > now) for one in there), key=lambda one: one.alias)

    def _now(self, case_id: str) -> dict[str, Present]:
        now = self._clock()
        there = {who: one for who, one in self._cases.get(case_id, {}).items() if one.until > now}
        if there:
            self._cases[case_id] = there
        else:
            self._cases.pop(case_id, None)
        return there


async def say(store: Store, case_id: str, staff_id: UUID, state: str, alias: str) -> None:
    """Say to every process that a member has a case open, or writes in it."""
    async with raw(store.data) as pg:
        await notify_at_once(pg, NotifyChannel.PRESENCE, f"{case_id} {staff_id} {state} {alias}")
