"""The deadlines page: until when each case must be answered, who was paged, who is paged next."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from console.web.due_times import post_of
from console.web.request import PageRequest
from content.zone import VIETNAM
from store.casework import assignment
from store.escalation import escalations
from store.escalation.drills import last_drill
from store.staff import models as staff
from store.submissions import closing_answers


async def board(page: PageRequest) -> Response:
    """Show every open deadline, and how often a talk helped. No word of anybody's is on this page."""
    async with page.console.store.data.connect() as conn:
        helped = await closing_answers.by_month(conn)
    return page.respond("cases/board.html", helped=helped, **await parts(page))


async def parts(page: PageRequest) -> dict[str, Any]:
    """What the live part of the board needs beside the rows of the queue."""
    async with page.console.store.data.connect() as conn:
        drill = await last_drill(conn)
        names = await staff.aliases(conn)
        steps = {step.case_id or step.climb_id: step for step in await escalations.open_escalations(conn)}
    found = [(row, steps.get(row.drill or row.id)) for row in page.queue]
    today = page.now.astimezone(VIETNAM).date()
    return {"found": found, "post_of": post_of, "drill": drill, "names": names, "today": today}


async def take_drill(page: PageRequest) -> Response:
    """Take a drill, as a case would be taken; of two who try at once one is told that she came second."""
    async with page.unit_of_work() as work:
        await assignment.take_drill(work, page.number("drill"))
    return page.redirect("board")
