"""The queue of cases: who waits, as rows without a word of hers, a name or an account; and the drills among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.directory.children import CHILD, UNDER_16, children
from content.escalation.loader import escalation_policy
from store.cases.impartiality import Neighbourhood, neighbourhood
from store.cases.models import case_file, case_line
from store.escalation.drills import open_drills
from store.escalation.escalations import climb
from store.people.models import account
from store.staff.models import staff
from store.staff.roster import holder_trained


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
    newest: int | None = None
    """Her newest line, in a case somebody has and in which she waits for an answer."""
    unread: int = 0
    """How many lines of hers came there after our last one."""
    child_at: datetime | None = None
    """Since when it is known to be that of a child under sixteen, whom somebody must be told of."""
    reported_at: datetime | None = None
    """When the line we must tell took the report."""
    child_trained: bool = False
    """Whether whoever has it is trained for children."""

    @property
    def for_child(self) -> bool:
        """Whether it is, or may be, the case of a child."""
        return not {CHILD, UNDER_16}.isdisjoint(self.flags)

    @property
    def untrained(self) -> bool:
        """Whether it is the case of a child and nobody who is trained for children has it."""
        return self.for_child and not self.child_trained

    @property
    def report_due(self) -> datetime | None:
        """Until when the line we must tell of a child takes the report; None once it has, or where nobody is told."""
        if self.child_at is None or self.reported_at is not None or self.state == "closed":
            return None
        return children().report.due(escalation_policy(), self.level, self.child_at)

    @property
    def key(self) -> str:
        """What it is called among the rows of the desk."""
        return str(self.id)

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


_NEWEST = (
    select(func.max(case_line.c.id))
    .where(case_line.c.case_id == case_file.c.id, case_line.c.direction == "in")
    .correlate(case_file)
    .scalar_subquery()
)
_OF_CASE = case_line.alias()
_LAST_OUT = (
    select(func.coalesce(func.max(_OF_CASE.c.id), 0))
    .where(_OF_CASE.c.case_id == case_file.c.id, _OF_CASE.c.direction == "out")
    .correlate(case_file)
    .scalar_subquery()
)
UNREAD = (
    select(func.count())
    .where(case_line.c.case_id == case_file.c.id, case_line.c.direction == "in", case_line.c.id > _LAST_OUT)
    .correlate(case_file)
    .scalar_subquery()
)
"""How many lines of hers came after our last one."""
_WAITED_FOR = case_file.c.acked_by.is_not(None) & case_file.c.waiting_since.is_not(None)
COLUMNS = (
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
    case((_WAITED_FOR, _NEWEST)).label("newest"),
    case((_WAITED_FOR, UNREAD), else_=0).label("unread"),
    case_file.c.child_at,
    case_file.c.reported_at,
    holder_trained(case_file.c.acked_by, CHILD).label("child_trained"),
)
AROUND_CASE = (
    case_file.join(account, account.c.id == case_file.c.account)
    .outerjoin(staff, staff.c.id == case_file.c.acked_by)
    .outerjoin(climb, (climb.c.case_id == case_file.c.id) & climb.c.ended_at.is_(None))
)
"""What `queue_row` needs, and the tables it stands in."""


def queue_row(found: Mapping[str, Any]) -> QueueRow:
    """The row of the queue that `COLUMNS` tell."""
    values = {name: found[name] for name in QueueRow.__struct_fields__ if name != "drill"}
    values |= {name: tuple(values[name]) for name in ("flags", "needs", "communes")}
    values["called"] = None if values["called"] in (None, -1) else values["called"]
    return QueueRow(**values)


async def queue(
    conn: AsyncConnection, staff_id: UUID | None = None, around: Neighbourhood | None = None
) -> list[QueueRow]:
    """Open cases, the most dangerous first, then the longest waiting; for a member only what may be offered to her.

    `around` is `neighbourhood`, where it is known.
    """
    open_cases = select(*COLUMNS).select_from(AROUND_CASE).where(case_file.c.closed_at.is_(None))
    query = open_cases.order_by(case_file.c.level.desc(), case_file.c.acked_by.is_not(None), case_file.c.opened_at)
    rows = [queue_row(found._asdict()) for found in await conn.execute(query)]
    if staff_id is None:
        return rows
    near = around or await neighbourhood(conn)
    return [row for row in rows if staff_id not in near.near(row)]


async def drills(conn: AsyncConnection) -> list[QueueRow]:
    """Drills that nobody has taken, as rows of the queue; they are in no count of cases."""
    return [
        QueueRow(
            UUID(int=one.id), one.code, "", one.level, "receive", one.since, one.since, None, None, "", "", (),
            max(one.reached, 0), one.id,
        )
        for one in await open_drills(conn)
    ]  # fmt: skip
