"""Assignment pages: take a case, undo that within ten seconds, put it back, give it to somebody on duty."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id
from console.pages.cases.corrections import done
from console.web.request import PageRequest
from store.casework import assigning, assignment, release, unanswered


async def acknowledge(page: PageRequest) -> Response:
    """Take a case; of two who try at once one is told that she came second."""
    async with page.unit_of_work() as work:
        await assignment.acknowledge(work, case_id(page))
    return done(page)


async def undo_take(page: PageRequest) -> Response:
    """Undo a take: the case is as it was before."""
    async with page.unit_of_work() as work:
        await release.undo_take(work, case_id(page))
    return page.redirect("queue")


async def put_back(page: PageRequest) -> Response:
    """Put a case back for whoever takes it."""
    async with page.unit_of_work() as work:
        await release.put_back(work, case_id(page))
    return page.redirect("queue")


async def assign(page: PageRequest) -> Response:
    """Give a case to a member who is on duty."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await assigning.assign(work, case_id(page), form.uuid("to"), form.text("reason"))
    return done(page)


async def take_unanswered(page: PageRequest) -> Response:
    """Take somebody who asked for help and wrote nothing more: a case that waits for her, and nothing leaves."""
    async with page.unit_of_work() as work:
        case = await unanswered.take_unanswered(work, page.number("number"))
    return page.redirect("case", case_id=case.id)
