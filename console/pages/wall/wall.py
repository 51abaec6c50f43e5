"""The wall of the shift: what waits, who is on duty with what in hand, all open cases, drills and what to approve."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id
from console.pages.wall.values import wall_values
from console.web.request import PageRequest
from store.casework import assigning, assignment
from store.submissions import closing_answers


async def board(page: PageRequest) -> Response:
    """Show the wall, and how often a talk helped. No word of anybody's is on this page."""
    async with page.console.store.data.connect() as conn:
        helped = await closing_answers.by_month(conn)
    return page.respond("wall/wall.html", helped=helped, **await wall_values(page))


async def take_drill(page: PageRequest) -> Response:
    """Take a drill, as a case would be taken; of two who try at once one is told that she came second."""
    async with page.unit_of_work() as work:
        await assignment.take_drill(work, page.number("drill"))
    return _done(page)


async def give_case(page: PageRequest) -> Response:
    """Give a case to a member who is on duty, from its row on the wall: it is not opened for that."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await assigning.assign(work, case_id(page), form.uuid("to"), form.text("reason"))
    return _done(page)


def _done(page: PageRequest) -> Response:
    """A page that stays open is told by its live stream what is changed."""
    return Response(status_code=204) if page.is_htmx else page.redirect("board")
