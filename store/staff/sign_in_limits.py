"""Rate limits of failed sign-ins: per device, per source and in all, counted in the keyring before any hash."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import Refused
from store.refusals import Refusal
from store.staff.models import login_attempt

PER_LOGIN = 5
"""Failures a minute for one login on one known device, or from one source that is no known device."""
HOUSE, PER_SOURCE = 2, 1
"""Hashes a second for all unknown devices together, and for those of one source."""
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
_MEMORY = timedelta(hours=1)
_LONGEST_PAUSE = 40.0
_AT_ONCE = 4
"""Strangers whose passphrases one process looks at at the same time; the database has few connections."""
_QUEUE, _QUEUED = timedelta(minutes=2), 10_000
"""How long a source that was refused keeps its place, and how many are remembered."""


class TooOften(Refused):
    """Too many attempts; wait `after` seconds. `tag` is the budget that is used up, b"" for none."""

    def __init__(self, after: float, tag: bytes = b"") -> None:
        super().__init__(Refusal.SIGN_IN_TOO_OFTEN, seconds=int(after) + 1)
        self.after = after
        self.tag = tag


class Budget(msgspec.Struct, frozen=True):
    """At most `most` failures `within` a time; with `pauses` each failure from the third on doubles a pause as well.

    `own`: shared with no other source. An attempt counts as failed until it has succeeded, so that attempts made at
    once count too.
    """

    tag: bytes
    most: int
    within: timedelta
    own: bool = True
    pauses: bool = False

    @property
    def memory(self) -> timedelta:
        """How far back failures matter."""
        return _MEMORY if self.pauses else self.within


async def begin(keyring_conn: AsyncConnection, now: datetime, budgets: Sequence[Budget], also: bytes) -> list[int]:
    """Count one attempt against every budget, and under the tag `also`; returns what `succeed` takes.

    Raises TooOften for the first budget that is used up; then nothing is counted when the caller rolls back.
    """
    made = []
    for budget in budgets:
        lock = func.pg_advisory_xact_lock(int.from_bytes(budget.tag[:8], "big", signed=True))
        await keyring_conn.execute(select(lock))
        after = _wait(now, await _failed(keyring_conn, now, budget), budget)
        if after > 0:
            raise TooOften(after, budget.tag)
        made.append(await _count(keyring_conn, now, budget.tag))
    return [*made, await _count(keyring_conn, now, also)]


async def succeed(keyring_conn: AsyncConnection, attempts: Sequence[int], wiped: bytes) -> None:
    """Let an attempt count nowhere, and every earlier failure under the tag `wiped` no more."""
    good = (login_attempt.c.tag == wiped) | login_attempt.c.id.in_(attempts)
    await keyring_conn.execute(update(login_attempt).where(good).values(failed=False))


async def failures(keyring_conn: AsyncConnection, now: datetime, tag: bytes) -> int:
    """How many attempts under a tag have failed in this hour of the clock."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    this_hour = login_attempt.c.at.between(hour, now)
    query = select(func.count()).where(login_attempt.c.tag == tag, login_attempt.c.failed, this_hour)
    return int((await keyring_conn.execute(query)).scalar_one())


async def _failed(keyring_conn: AsyncConnection, now: datetime, budget: Budget) -> list[datetime]:
    """When attempts under a budget failed, newest first; what a clock that was set back shows ahead is left out."""
    mine, at = login_attempt.c.tag == budget.tag, login_attempt.c.at
    await keyring_conn.execute(delete(login_attempt).where(mine, at < now - budget.memory))
    near = at.between(now - budget.memory, now + budget.within)
    query = select(at).where(mine, login_attempt.c.failed, near).order_by(at.desc())
    return [row.at for row in await keyring_conn.execute(query)]


async def _count(keyring_conn: AsyncConnection, now: datetime, tag: bytes) -> int:
    attempt = insert(login_attempt).values(tag=tag, at=now).returning(login_attempt.c.id)
    number: int = (await keyring_conn.execute(attempt)).scalar_one()
    return number


def _wait(now: datetime, failed: list[datetime], budget: Budget) -> float:
    """Seconds until the next attempt."""
    full = failed[budget.most - 1] + budget.within if len(failed) >= budget.most else now
    pause = min(2.0 ** (len(failed) - 3), _LONGEST_PAUSE) if len(failed) >= 3 and budget.pauses else 0.0
    rested = failed[0] + timedelta(seconds=pause) if failed else now
    return max((full - now).total_seconds(), (rested - now).total_seconds(), 0.0)


class AttemptQueue:
    """Turns of unknown devices in one process: refusals from memory, and no second turn before others had a first.

    The limits themselves are counted in the database; this keeps strangers from using up its connections, and lets
    a source that was refused pass before every source that had its turn since. Places are kept for two minutes, so
    that whoever does not come back holds nobody up for longer.
    """

    def __init__(self) -> None:
        self._until: dict[bytes, datetime] = {}
        self._waiting: OrderedDict[str, datetime] = OrderedDict()
        self._served: OrderedDict[str, datetime] = OrderedDict()
        self._now = 0

    @contextlib.contextmanager
    def turn(self, now: datetime, source: str, budgets: Sequence[Budget]) -> Iterator[None]:
        """Hold one of the few places while an attempt is looked at. Raises TooOften, before or from within."""
        self._expire(now)
        try:
            self._check(now, source, budgets)
            self._now += 1
            try:
                yield
            finally:
                self._now -= 1
        except TooOften as slow:
            self._refused(now, source, budgets, slow)
            raise

    def serve(self, now: datetime, source: str) -> None:
        """Note that a source has its turn."""
        self._waiting.pop(source, None)
        self._served.pop(source, None)
        self._served[source] = now

    def _check(self, now: datetime, source: str, budgets: Sequence[Budget]) -> None:
        for budget in budgets:
            after = (self._until.get(budget.tag, now) - now).total_seconds()
            if after > 0:
                raise TooOften(after, budget.tag)
        first = next((since for other, since in self._waiting.items() if other != source), None)
        behind = first is not None and source in self._served and self._served[source] >= first
        if behind or self._now >= _AT_ONCE:
            raise TooOften(SECOND.total_seconds())

    def _refused(self, now: datetime, source: str, budgets: Sequence[Budget], slow: TooOften) -> None:
        if slow.tag:
            self._until[slow.tag] = now + timedelta(seconds=slow.after)
        if slow.tag in {budget.tag for budget in budgets if budget.own}:
            self._waiting.pop(source, None)  # it waits for itself, not for others
        elif len(self._waiting) < _QUEUED:
            self._waiting.setdefault(source, now)

    def _expire(self, now: datetime) -> None:
        for known in (self._waiting, self._served):
            while known and not now - _QUEUE < next(iter(known.values())) <= now:
                known.popitem(last=False)
        self._until = {tag: until for tag, until in self._until.items() if now < until <= now + _MEMORY}
