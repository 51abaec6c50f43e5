"""Another phone number of hers, given by herself: a sealed line of her case, of which one is kept.

It is sealed to the readers of the case and opened where the case is read, nowhere else; it goes when the lines go.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.ext.asyncio import AsyncConnection

from store.cases import keys as case_keys
from store.cases import service as cases
from store.cases.models import case_file, case_line
from store.messages.models import Cause

DIRECTION = "second_way"
"""How such a line is marked; it is no part of the talk."""


async def keep(conn: AsyncConnection, now: datetime, person_id: UUID, text: str, cause: str) -> None:
    """Keep what she typed in place of what was kept before; "" keeps nothing. Without an open case nothing is done."""
    case = await cases.find_open(conn, person_id)
    if case is None:
        return
    before = case_line.c.case_id == case.id, case_line.c.direction == DIRECTION, case_line.c.cause != cause
    await conn.execute(delete(case_line).where(*before))
    if text:
        epoch, public = await case_keys.newest_key(conn, case.id)
        where: dict[str, Any] = {"case_id": case.id, "epoch": epoch, "public": public}
        what: dict[str, Any] = {"direction": DIRECTION, "text_": text, "cause_kind": Cause.INBOX, "cause": cause}
        await cases.add_line(conn, now, **where, **what)
    await cases.announce(conn, case.id)


def kept() -> ColumnElement[bool]:
    """The condition that a case has one, for a query of `case_file`."""
    return exists().where(case_line.c.case_id == case_file.c.id, case_line.c.direction == DIRECTION)
