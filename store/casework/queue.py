"""The queue of cases: list, take, read, answer, close.

Each is one operation with its checks and its audit record, whoever calls it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from content.library import Library
from store import audit
from store.attachments import service as attachments
from store.attachments.service import Attached
from store.cases import chat_cleanup, phone_number, rekey
from store.cases import keys as case_keys
from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.impartiality import neighbourhood
from store.cases.models import case_file, case_line
from store.casework import delivery_status, drafts
from store.casework.replies import reply
from store.db.engine import Store
from store.db.notify import NotifyChannel
from store.errors import Refused
from store.escalation import escalations
from store.escalation.drills import open_drills
from store.escalation.escalations import climb
from store.people.models import account, session
from store.refusals import Refusal
from store.staff.models import staff
from store.unit_of_work import member_actor, unit_of_work


class QueueRow(msgspec.Struct, frozen=True):
    """A case as the queue shows it: no word of hers, no name, no account."""

    id: UUID
    number: str
    alias: str
    level: int
    state: str
    opened_at: datetime
    waiting_since: datetime | None
    acked_by: UUID | None
    acked_alias: str | None
    channel: str
    place: str
    flags: tuple[str, ...]
    called: int | None = None
    """The last step that was done while somebody is being paged, from 0; None when nobody is."""
    drill: int | None = None
    """The escalation of a drill: nobody is behind this row."""
    needs: tuple[str, ...] = ()
    next_step: str = ""
    next_day: date | None = None
    communes: tuple[str, ...] = ()
    commune_ok: bool = False

    @property
    def ring(self) -> str:
        """What the console sounds for: once for the row, and again at every later step."""
        return f"{self.id}:{self.called}" if self.called else str(self.id)

    @property
    def free(self) -> bool:
        """Whether it can be taken: nobody has it, or somebody is being paged although she has it."""
        return self.acked_by is None or self.called is not None

    def waits_for(self, staff_id: UUID) -> bool:
        """Whether this member has the case, and somebody in it waits for her answer."""
        return self.acked_by == staff_id and self.waiting_since is not None


class Line(msgspec.Struct, frozen=True):
    """One line of a case, opened for a reader. `status` is the ledger's for lines that went out."""

    seq: int
    direction: str
    at: datetime
    text: str
    author_alias: str | None = None
    status: str | None = None
    attached: Attached | None = None


class CaseView(msgspec.Struct, frozen=True):
    """A case opened for one reader. `unread` counts lines sealed to epochs she was not given.

    `second_way` is another number she gave, with her words around it; "" for none, or for one sealed to others.
    """

    row: QueueRow
    lines: tuple[Line, ...]
    can_write: bool
    unread: int
    person_is_there: bool
    second_way: str = ""


_ROW = (
    select(
        case_file.c.id,
        case_file.c.number,
        case_file.c.alias,
        case_file.c.level,
        case_file.c.state,
        case_file.c.opened_at,
        case_file.c.waiting_since,
        case_file.c.acked_by,
        staff.c.alias.label("acked_alias"),
        account.c.channel,
        case_file.c.place,
        case_file.c.flags,
        climb.c.reached.label("called"),
        case_file.c.needs,
        case_file.c.next_step,
        case_file.c.next_day,
        case_file.c.communes,
        case_file.c.commune_ok,
    )
    .join(account, account.c.id == case_file.c.account)
    .outerjoin(staff, staff.c.id == case_file.c.acked_by)
    .outerjoin(climb, (climb.c.case_id == case_file.c.id) & climb.c.ended_at.is_(None))
)


def _row(found: Any) -> QueueRow:
    values = found._asdict()
    values |= {name: tuple(values[name]) for name in ("flags", "needs", "communes")}
    values["called"] = None if values["called"] in (None, -1) else values["called"]
    return QueueRow(**values)


async def queue(conn: AsyncConnection, staff_id: UUID | None = None) -> list[QueueRow]:
    """Open cases, the most dangerous first, then the longest waiting; for a member only what may be offered to her."""
    query = _ROW.where(case_file.c.closed_at.is_(None)).order_by(
        case_file.c.level.desc(), case_file.c.acked_by.is_not(None), case_file.c.opened_at
    )
    rows = [_row(found) for found in await conn.execute(query)]
    if staff_id is None:
        return rows
    around = await neighbourhood(conn)
    return [row for row in rows if staff_id not in around.near(row)]


async def newest_lines(conn: AsyncConnection, staff_id: UUID) -> dict[UUID, int]:
    """The newest line in each case that a member has and in which somebody waits for her answer; by case."""
    query = (
        select(case_line.c.case_id, func.max(case_line.c.id))
        .join(case_file, case_file.c.id == case_line.c.case_id)
        .where(case_file.c.acked_by == staff_id, case_file.c.closed_at.is_(None), case_line.c.direction == "in")
        .where(case_file.c.waiting_since.is_not(None))
        .group_by(case_line.c.case_id)
    )
    return {row[0]: row[1] for row in await conn.execute(query)}


async def drills(conn: AsyncConnection) -> list[QueueRow]:
    """Drills that nobody has taken, as rows of the queue; they are in no count of cases."""
    return [
        QueueRow(
            UUID(int=one.id), one.code, "", one.level, "receive", one.since, one.since, None, None, "", "", (),
            max(one.reached, 0), one.id,
        )
        for one in await open_drills(conn)
    ]  # fmt: skip


async def take_drill(store: Store, now: datetime, drill: int, staff_id: UUID) -> bool:
    """Take a drill as a case is taken; of two who try at once exactly one gets True."""
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        if not await escalations.stop_drill(work, drill):
            return False
        work.record("drill.acknowledged", f"drill-{drill}")
        work.notify(NotifyChannel.CASE, "drill")
        return True


async def queue_row(conn: AsyncConnection, case_id: UUID) -> QueueRow:
    """One case as the queue shows it. Raises Refused when there is none."""
    found = (await conn.execute(_ROW.where(case_file.c.id == case_id))).one_or_none()
    if found is None:
        raise Refused(Refusal.CASE_NOT_FOUND)
    return _row(found)


async def read(
    store: Store, now: datetime, case_id: UUID, staff_id: UUID, private_key: bytes, after: int = 0
) -> CaseView:
    """Open a case for a reader; that she read it is recorded.

    Lines with `seq` up to `after` are left out. Raises Refused, Forgotten, Sealed.
    """
    async with store.data.begin() as conn:
        case = await cases.found(conn, case_id)
        await case_readers.check_impartial(conn, case, staff_id)
        person_key = await cases.person_key(store, case)
        keys = await case_keys.epoch_keys(conn, case, person_key, staff_id, private_key)
        if not keys:
            raise Refused(Refusal.CASE_NOT_SEALED)
        await rekey.hand_on(conn, case, person_key, keys, await case_readers.of(conn, now, case))
        lines, unread = await _lines(conn, case_id, keys)
        row = await queue_row(conn, case_id)
        last_in = (
            await conn.execute(select(session.c.last_in_at).where(session.c.person_id == case.person_id))
        ).scalar_one()
        await _note(conn, now, store, staff_id, "case.read", case_id)
    return CaseView(
        row,
        tuple(line for line in lines if line.seq > after and line.direction != phone_number.DIRECTION),
        can_write=case.closed_at is None and case.acked_by == staff_id,
        unread=unread,
        person_is_there=last_in is not None and now - last_in <= timedelta(minutes=15),
        second_way=next((line.text for line in lines if line.direction == phone_number.DIRECTION), ""),
    )


async def _lines(conn: AsyncConnection, case_id: UUID, keys: dict[int, bytes]) -> tuple[tuple[Line, ...], int]:
    sent, attached = await delivery_status.statuses(conn, case_id), await attachments.of_case(conn, case_id)
    query = (
        select(case_line, staff.c.alias)
        .outerjoin(staff, staff.c.id == case_line.c.author)
        .where(case_line.c.case_id == case_id)
        .order_by(case_line.c.id)
    )
    found = (await conn.execute(query)).all()
    lines = [
        Line(
            row.id,
            row.direction,
            row.at,
            cases.open_line(keys[row.epoch], row),
            row.alias,
            sent.get(row.id),
            attached.get(row.id),
        )
        for row in found
        if row.epoch in keys
    ]
    return tuple(lines), len(found) - len(lines)


async def acknowledge(store: Store, now: datetime, case_id: UUID, staff_id: UUID) -> bool:
    """Take a case that nobody has, or for which somebody is being paged; of two who try at once exactly one gets True.

    The paging stops here, and only here or when whoever has the case answers or closes it. Raises Refused for
    somebody who may not read what is written in it.
    """
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        conn = work.conn
        query = select(case_file).where(case_file.c.id == case_id, case_file.c.closed_at.is_(None))
        case = (await conn.execute(query.with_for_update())).one_or_none()
        if case is None:
            return False
        if staff_id not in {reader.staff_id for reader in await case_readers.of(conn, now, case)}:
            raise Refused(Refusal.CASE_NOT_SEALED)
        taken = case.acked_by is not None
        if not await escalations.stop(work, case_id, called=taken) and taken:
            return False
        hers = {"acked_by": staff_id, "acked_at": now}
        await conn.execute(update(case_file).where(case_file.c.id == case_id).values(hers))
        await cases.announce(conn, case_id)
        await _note(conn, now, store, staff_id, "case.acknowledged", case_id)
        return True


async def close(store: Store, now: datetime, library: Library, case_id: UUID, staff_id: UUID, reason: str) -> None:
    """Close a case, and let its talk be deleted from the phone where the channel can.

    Raises Refused when it is not hers to close or is closed already.
    """
    async with unit_of_work(store, now, member_actor(staff_id)) as work:
        conn = work.conn
        query = (
            update(case_file)
            .where(case_file.c.id == case_id, case_file.c.closed_at.is_(None), case_file.c.acked_by == staff_id)
            .values(closed_at=now, state="closed", waiting_since=None, next_step="", next_day=None)
            .returning(case_file)
        )
        case = (await conn.execute(query)).one_or_none()
        if case is None:
            raise Refused(Refusal.CASE_NOT_YOURS)
        await chat_cleanup.after_closing(conn, store, now, library, case)
        await escalations.stop(work, case_id)
        await drafts.drop(conn, case_id)
        await _note(conn, now, store, staff_id, "case.closed", case_id, {"reason": reason})
        await cases.announce(conn, case_id)


async def _note(
    conn: AsyncConnection,
    now: datetime,
    store: Store,
    staff_id: UUID,
    action: str,
    case_id: UUID,
    meta: dict[str, Any] | None = None,
) -> None:
    await audit.record(conn, now, store.keys.audit, actor=str(staff_id), action=action, object=str(case_id), meta=meta)


__all__ = [
    "CaseView",
    "Line",
    "QueueRow",
    "acknowledge",
    "close",
    "queue",
    "queue_row",
    "read",
    "reply",
]
