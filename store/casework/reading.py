"""Reading of a case: opened for one reader in one transaction, and that she read it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from store import audit
from store.attachments import service as attachments
from store.attachments.service import Attached, case_attachment
from store.cases import phone_number, rekey
from store.cases.impartiality import ReadingMember, neighbours, reading_members
from store.cases.lines import open_line
from store.cases.models import CaseRow, LineRow, case_file, case_line
from store.cases.opening import open_case_keys
from store.cases.readers import allowed, case_shut
from store.casework import assigning, assignment, drafts, nudge, queue, reachability, takes
from store.casework.delivery_status import status_name
from store.casework.drafts import case_draft
from store.casework.queue import QueueRow, queue_row
from store.casework.reachability import Reachability
from store.errors import Refused
from store.messages.models import Cause, ledger
from store.people.models import person, session
from store.refusals import Refusal
from store.staff.models import staff
from store.unit_of_work import UnitOfWork

OPENING_HOLDS = timedelta(hours=12)
"""How long a page stands open as one reading: no longer than a sign-in."""


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
    """A case opened for one reader, and what she may do with it.

    `unread` counts lines sealed to epochs she was not given. `second_way` is another number she gave, with her words
    around it; "" for none, or for one sealed to others. `reads`: what is written from now on is sealed to this reader
    too. `draft` is what she has typed here and not sent, `no_nudge` why she may not nudge now,
    `took_at` when she took the case that is hers, `assignable` to whom she may give it as shift lead. `age` is a code,
    `commune` an area code, as the person said or staff wrote down.
    `returned`: the person has another case, open or closed, whoever can open that.
    """

    row: QueueRow
    lines: tuple[Line, ...]
    can_write: bool
    reads: bool
    unread: int
    person_is_there: bool
    second_way: str
    reach: Reachability
    colleagues: Sequence[ReadingMember]
    draft: str
    no_nudge: Refusal | None
    returned: bool = False
    age: str = ""
    commune: str = ""
    took_at: datetime | None = None
    assignable: Sequence[ReadingMember] = ()


async def read_case(work: UnitOfWork, case_id: UUID, *, goes_on: bool = False) -> CaseView:
    """Open a case for whoever acts; that she read it is recorded. Raises Refused, Forgotten, Sealed.

    `goes_on`: a page that she opened shows what came since; that is no reading of its own.
    """
    facts = await _facts(work, case_id)
    case = CaseRow(**{name: facts[name] for name in CaseRow.__struct_fields__})
    members = await reading_members(work.conn, work.now)
    near = neighbours(members).near(case)
    if work.staff_id in near:
        raise Refused(Refusal.CASE_NOT_SEALED)
    opened = await open_case_keys(work, case)
    if not opened.copies.opened:
        raise Refused(Refusal.CASE_NOT_SEALED)
    readers = allowed(near, [one.as_reader for one in members], facts["shut"])
    await rekey.hand_on(work.conn, opened.owner, opened.copies, readers)
    lines, unread = await _lines(work.conn, case_id, opened.copies.opened)
    reach = reachability.reach_of(facts)
    if not (goes_on and await _opened_lately(work, case_id)):
        work.record("case.read", case_id)
    return CaseView(
        row=queue_row(facts),
        lines=tuple(line for line in lines if line.direction != phone_number.DIRECTION),
        can_write=case.closed_at is None and case.acked_by == work.staff_id,
        reads=work.staff_id in {reader.staff_id for reader in readers},
        unread=unread,
        person_is_there=reach.is_there(work.now),
        second_way=next((line.text for line in lines if line.direction == phone_number.DIRECTION), ""),
        reach=reach,
        colleagues=assignment.candidates(case, work.staff_id, members, near),
        draft=drafts.open_draft(work.actor, opened.owner, facts["draft"]),
        no_nudge=nudge.why_not(reach, work.now),
        returned=facts["returned"],
        age=case.age or _noted_age(lines),
        commune=case.commune,
        took_at=facts["took_at"],
        assignable=()
        if case.closed_at is not None
        else assigning.assignable(case, work.staff_id, members, near, facts["shut"]),
    )


async def _opened_lately(work: UnitOfWork, case_id: UUID) -> bool:
    """Whether whoever acts is recorded as its reader: nobody is shown a case live without having opened it."""
    since = work.now - OPENING_HOLDS
    return await audit.done_since(work.conn, work.actor.name, "case.read", str(case_id), since)


def _noted_age(lines: Sequence[Line]) -> str:
    """Her latest answer about her age, in a case from before it was kept beside the lines."""
    told = (line.text.partition("=") for line in reversed(lines) if line.direction == "note")
    return next((value for key, _, value in told if key == "age"), "")


_SHOWN = {column.name for column in queue.COLUMNS}
_GAVE_AWAY = select(func.array_agg(case_shut.c.staff_id)).where(case_shut.c.case_id == case_file.c.id)
_other = case_file.alias("other")
_RETURNED = exists().where(_other.c.person_id == case_file.c.person_id, _other.c.id != case_file.c.id)
_FACTS = (
    *queue.COLUMNS,
    *(column for column in case_file.c if column.name not in _SHOWN),
    *reachability.FACTS,
    _GAVE_AWAY.correlate(case_file).scalar_subquery().label("shut"),
    _RETURNED.label("returned"),
)


async def _facts(work: UnitOfWork, case_id: UUID) -> Mapping[str, Any]:
    """Everything about a case that stands in one row; `shut` is who has given it away, `draft` the reader's."""
    mine = case_draft.c.case_id == case_file.c.id, case_draft.c.staff_id == work.staff_id
    took = takes.taken_at(work.staff_id).label("took_at")
    draft = select(case_draft.c.wrapped).where(*mine).correlate(case_file).scalar_subquery().label("draft")
    around = queue.AROUND_CASE.join(person, person.c.id == case_file.c.person_id)
    query = select(*_FACTS, draft, took).select_from(around.join(session, session.c.person_id == person.c.id))
    row = (await work.conn.execute(query.where(case_file.c.id == case_id))).one_or_none()
    if row is None:
        raise Refused(Refusal.CASE_NOT_FOUND)
    return row._asdict() | {"shut": row.shut or ()}


_SENT = (
    select(status_name(func.max(ledger.c.status), func.max(ledger.c.reason)).label("status"))
    .where(ledger.c.cause_kind == Cause.CASE, ledger.c.cause == case_line.c.id, case_line.c.direction == "out")
    .lateral("sent")
)
_AROUND_LINE = (
    case_line.outerjoin(staff, staff.c.id == case_line.c.author)
    .outerjoin(case_attachment, case_attachment.c.line_id == case_line.c.id)
    .outerjoin(_SENT, true())
)
_LINES = (
    select(*case_line.c, staff.c.alias.label("author_alias"))
    .add_columns(_SENT.c.status.label("sent_status"))
    .add_columns(*(column.label(f"attached_{column.name}") for column in attachments.SHOWN))
    .select_from(_AROUND_LINE)
    .order_by(case_line.c.id)
)
"""Lines with who wrote them, what became of them, and what is attached to them."""


async def _lines(conn: AsyncConnection, case_id: UUID, epochs: Mapping[int, bytes]) -> tuple[list[Line], int]:
    """The lines that open with these keys, and how many do not."""
    found = [row._asdict() for row in await conn.execute(_LINES.where(case_line.c.case_id == case_id))]
    lines = [_line(row, epochs[row["epoch"]]) for row in found if row["epoch"] in epochs]
    return lines, len(found) - len(lines)


def _line(row: Mapping[str, Any], private: bytes) -> Line:
    sealed = LineRow(**{name: row[name] for name in LineRow.__struct_fields__})
    here = row["attached_id"] is not None
    return Line(
        sealed.id,
        sealed.direction,
        sealed.at,
        open_line(private, sealed),
        row["author_alias"],
        row["sent_status"],
        Attached(*(row[f"attached_{column.name}"] for column in attachments.SHOWN)) if here else None,
    )
