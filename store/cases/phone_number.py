"""Another phone number of hers, given by herself: a sealed line of her case, of which one is kept.

It is sealed to the readers of the case and opened where the case is read, nowhere else; it goes when the lines go.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists

from store.cases import service as cases
from store.cases.lines import NewLine, add_line
from store.cases.models import case_file, case_line
from store.db.notify import NotifyChannel
from store.messages.models import Cause
from store.unit_of_work import UnitOfWork

DIRECTION = "second_way"
"""How such a line is marked; it is no part of the talk."""


async def keep(work: UnitOfWork, person_id: UUID, text: str, cause: str) -> None:
    """Keep what she typed in place of what was kept before; "" keeps nothing. Without an open case nothing is done."""
    case = await cases.find_open(work.conn, person_id)
    if case is None:
        return
    before = case_line.c.case_id == case.id, case_line.c.direction == DIRECTION, case_line.c.cause != cause
    await work.conn.execute(delete(case_line).where(*before))
    if text:
        await add_line(work, case.id, NewLine(DIRECTION, text, Cause.INBOX, cause))
    work.notify(NotifyChannel.CASE, case.id)


def kept() -> ColumnElement[bool]:
    """The condition that a case has one, for a query of `case_file`."""
    return exists().where(case_line.c.case_id == case_file.c.id, case_line.c.direction == DIRECTION)
