"""A place that she shared: its coordinates stay in her sealed line; opening them, to dictate them, is recorded."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from store.cases import readers as case_readers
from store.cases import service as cases
from store.cases.lines import open_line
from store.cases.models import LineRow, case_line
from store.cases.opening import open_case_keys
from store.errors import Refused
from store.refusals import Refusal
from store.unit_of_work import UnitOfWork

POSITION = re.compile(r"geo:(-?\d+\.\d+),(-?\d+\.\d+)")
"""A position in a line of hers, as the channels' readers write it: latitude, longitude."""


async def read_place(work: UnitOfWork, case_id: UUID, line_id: int) -> tuple[str, str]:
    """Open latitude and longitude of a line for a reader of the case, and record it.

    Raises Refused, Forgotten, Sealed.
    """
    case = await cases.load_case(work.conn, case_id)
    await case_readers.check_impartial(work.conn, case, work.staff_id)
    epochs = (await open_case_keys(work, case)).copies.opened
    hers = case_line.c.case_id == case_id, case_line.c.id == line_id, case_line.c.direction == "in"
    row = (await work.conn.execute(select(case_line).where(*hers))).one_or_none()
    if not epochs or (row is not None and row.epoch not in epochs):
        raise Refused(Refusal.CASE_NOT_SEALED)
    found = POSITION.search(open_line(epochs[row.epoch], LineRow(**row._mapping))) if row is not None else None
    if found is None:
        raise Refused(Refusal.ATTACHMENT_NOT_FOUND)
    work.record("case.place_read", case_id)
    return found[1], found[2]
