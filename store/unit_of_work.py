"""Unit of work: one transaction of one actor at one moment, and what is recorded and said when it commits."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.db.engine import Store
from store.db.notify import NotifyChannel, notify_all


class Actor(msgspec.Struct, frozen=True):
    """Who does something: a member of staff, or a part of the service, `name` as the audit has it.

    `private_key` opens what is sealed to a member, for the length of her request.
    """

    name: str
    staff_id: UUID | None = None
    private_key: bytes = b""

    def __repr__(self) -> str:
        """The name alone: no key may reach a log."""
        return f"Actor({self.name})"


def member_actor(staff_id: UUID, private_key: bytes = b"") -> Actor:
    """The actor that a member of staff is."""
    return Actor(str(staff_id), staff_id, private_key)


BOT = Actor("bot")
CLOCK = Actor("clock")
COMMAND = Actor("command")
SERVICE = Actor("house")
"""The parts of the service that act: what she wrote, what falls due, a command, the service by itself."""
MEMBER = Actor("member")
"""A member of a group, from her chat: which one is nobody's business."""


class UnitOfWork:
    """The transaction of an operation; `now` is aware, UTC.

    Records and notices wait until the end: writers of the audit wait for one another until they commit.
    """

    def __init__(self, store: Store, conn: AsyncConnection, now: datetime, actor: Actor) -> None:
        self.store = store
        self.conn = conn
        self.now = now
        self.actor = actor
        self._events: list[audit.AuditEvent] = []
        self._notices: list[tuple[NotifyChannel, str]] = []

    @property
    def staff_id(self) -> UUID:
        """The member who acts. Raises RuntimeError where it is a part of the service."""
        if self.actor.staff_id is None:
            raise RuntimeError(f"{self.actor.name} is no member of staff: this operation is a member's")
        return self.actor.staff_id

    def acting_as(self, actor: Actor) -> UnitOfWork:
        """The same transaction for what somebody else does in it."""
        other = copy.copy(self)
        other.actor = actor
        return other

    def record(self, action: str, about: object, **meta: audit.Code) -> None:
        """Have the audit record what was done about something, with small codes; see `AuditEvent`."""
        self._events.append(audit.AuditEvent(self.actor.name, action, str(about), meta))

    def notify(self, channel: NotifyChannel, payload: object) -> None:
        """Say something to the other processes and pages when this commits; the same is said once."""
        self._notices.append((channel, str(payload)))

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what is done inside, records and notices too, when it raises."""
        events, notices = len(self._events), len(self._notices)
        try:
            async with self.conn.begin_nested():
                yield
        except BaseException:
            del self._events[events:], self._notices[notices:]
            raise

    async def flush(self) -> None:
        """Write notices and records, in this order; whoever holds the transaction calls it last."""
        notices, self._notices = self._notices, []
        events, self._events = self._events, []
        await notify_all(self.conn, notices)
        await audit.record(self.conn, self.now, self.store.keys.audit, events)


@asynccontextmanager
async def unit_of_work(store: Store, now: datetime, actor: Actor) -> AsyncIterator[UnitOfWork]:
    """Begin a transaction; it commits when the block ends, and nothing of it is kept when the block raises."""
    async with store.data.begin() as conn:
        work = UnitOfWork(store, conn, now, actor)
        yield work
        await work.flush()
