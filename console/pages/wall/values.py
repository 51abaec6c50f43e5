"""What the parts of the wall show, read anew at every look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlalchemy.ext.asyncio import AsyncConnection

from console.pages.wall.duty import duty_members
from console.pages.wall.tiles import AnsweredToday, answered_today, level_tiles, report_tile
from console.web.due_times import post_of
from console.web.request import PageRequest
from content.zone import VIETNAM
from store.cases.impartiality import ReadingMember, neighbours, reading_members
from store.casework import assigning
from store.casework.first_answers import first_answers
from store.casework.queue import QueueRow
from store.escalation import escalations
from store.escalation.drills import past_drills
from store.staff import models as staff

DRILLS = 3
"""Drills whose results are shown."""


async def wall_values(page: PageRequest) -> dict[str, Any]:
    """Everything on the wall beside the rows of the queue."""
    cases = [row for row in page.queue if row.drill is None]
    async with page.console.store.data.connect() as conn:
        members = await reading_members(conn, page.now)
        steps = {step.case_id or step.climb_id: step for step in await escalations.open_escalations(conn)}
        values = {
            "past_drills": await past_drills(conn, DRILLS),
            "names": await staff.aliases(conn),
            "on_duty": await duty_members(page, conn, members),
            "answered": await _answered(page, conn, members),
            "give_to": await _give_to(page, conn, members, cases) if page.may("give_case") else {},
        }
    return values | {
        "tiles": [*level_tiles(cases), *report_tile(cases, page.now)],
        "found": [(row, steps.get(row.id)) for row in cases],
        "open_drills": [(row, steps.get(row.drill or 0)) for row in page.queue if row.drill is not None],
        "post_of": post_of,
        "today": page.now.astimezone(VIETNAM).date(),
    }


async def _give_to(
    page: PageRequest, conn: AsyncConnection, members: Sequence[ReadingMember], cases: Sequence[QueueRow]
) -> dict[UUID, tuple[str, Sequence[ReadingMember]]]:
    """To whom each case may be given, with a mark that changes when that does."""
    found = await assigning.assignable_cases(conn, page.staff_id, members, cases)
    return {case: (f"{crc32(b''.join(one.id.bytes for one in fit)):08x}", fit) for case, fit in found.items()}


async def _answered(page: PageRequest, conn: AsyncConnection, members: Sequence[ReadingMember]) -> AnsweredToday:
    """How many of today's cases, as far as this reader may know of them, were answered in time."""
    begins = page.now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    around = neighbours(members)
    mine = [one for one in await first_answers(conn, begins) if page.staff_id not in around.near(one)]
    return answered_today(mine, page.now)
