"""Reachability: whether a person can be reached now, and how she wants to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, any_, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import phone_number
from store.cases.models import case_file, case_line
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.messages.models import Cause, Status, ledger
from store.people.models import account, person, session
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

SILENCE_AFTER = timedelta(minutes=15)
"""Without a word from her for this long, no content leaves (safety rule 6)."""
ONLY_WHEN_PERSON_WRITES = "only_when_i_write"


class Reachability(msgspec.Struct, frozen=True):
    """What decides whether a word of ours gets to her; times are aware, UTC.

    `contact` is her own choice (a code, "" = never asked). `waiting` says that an answer is kept for her, `knocked`
    that she was nudged since she last wrote. `console_at` is when staff last answered in the account's console.
    `forced` says that her word for danger was written: somebody may hold the phone. `second` says that she gave
    another number, which stands inside the case.
    """

    channel: str
    last_in_at: datetime | None
    reachable: bool = True
    stopped: bool = False
    quiet_until: datetime | None = None
    contact: str = ""
    waiting: bool = False
    knocked: bool = False
    console_at: datetime | None = None
    forced: bool = False
    second: bool = False

    def is_there(self, now: datetime) -> bool:
        """Whether she wrote within the last fifteen minutes."""
        return self.last_in_at is not None and now - self.last_in_at <= SILENCE_AFTER

    def is_quiet(self, now: datetime) -> bool:
        """Whether she asked for quiet and it is not over."""
        return self.quiet_until is not None and now < self.quiet_until

    @property
    def silence(self) -> str:
        """A name for the silence she is in: one nudge belongs to it, and no second."""
        return self.last_in_at.isoformat() if self.last_in_at else "never"


_KEPT = exists().where(
    ledger.c.person_id == case_file.c.person_id,
    ledger.c.cause_kind == Cause.CASE,
    ledger.c.status.in_((Status.READY, Status.DEFERRED)),
)
_NUDGED = (
    select(case_line.c.cause)
    .where(case_line.c.case_id == case_file.c.id, case_line.c.cause_kind == Cause.KNOCK)
    .order_by(case_line.c.id.desc())
    .limit(1)
    .correlate(case_file)
    .scalar_subquery()
)
FACTS = (
    session.c.last_in_at,
    person.c.reachable,
    session.c.stopped,
    session.c.quiet_until,
    _KEPT.label("waiting"),
    (literal("duress") == any_(case_file.c.flags)).label("forced"),
    phone_number.kept().label("second"),
    _NUDGED.label("nudged_in"),
)
"""What `reach_of` needs beside the columns of `case_file` and its channel."""


def reach_of(row: Mapping[str, Any]) -> Reachability:
    """The reachability that a row of `FACTS` and `case_file` tells."""
    facts = {name: row[name] for name in Reachability.__struct_fields__ if name != "knocked"}
    reach = Reachability(**facts)
    return msgspec.structs.replace(reach, knocked=row["nudged_in"] == reach.silence)


async def facts(conn: AsyncConnection, case_id: UUID, *more: ColumnElement[Any]) -> Mapping[str, Any]:
    """The row that `reach_of` takes, with further columns of the case, its person and session. Raises Refused."""
    query = (
        select(account.c.channel, case_file.c.contact, case_file.c.console_at, *FACTS, *more)
        .select_from(case_file)
        .join(account, account.c.id == case_file.c.account)
        .join(person, person.c.id == case_file.c.person_id)
        .join(session, session.c.person_id == case_file.c.person_id)
        .where(case_file.c.id == case_id)
    )
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        raise Refused(Refusal.CASE_NOT_FOUND)
    return row._asdict()


async def of(conn: AsyncConnection, case_id: UUID) -> Reachability:
    """Look at one case. Raises Refused when there is none."""
    return reach_of(await facts(conn, case_id))


async def set_reachable(work: UnitOfWork, person_id: UUID, reachable: bool) -> None:
    """Remember whether the channel lets us reach this person, and tell every console that shows her case."""
    moved = update(person).where(person.c.id == person_id, person.c.reachable != reachable)
    if (await work.conn.execute(moved.values(reachable=reachable))).rowcount:
        open_case = select(case_file.c.id).where(case_file.c.person_id == person_id, case_file.c.closed_at.is_(None))
        for case_id in (await work.conn.execute(open_case)).scalars():
            work.notify(NotifyChannel.CASE, case_id)
