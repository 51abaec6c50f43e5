"""Corrections by hand: the level of a case, and the second person's word on a lower one."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id, to_case
from console.web import presence
from console.web.request import PageRequest
from store.corrections import levels
from store.corrections.levels import LevelChange


async def level(page: PageRequest) -> Response:
    """Raise the level, or ask for a lower one."""
    form = await page.form()
    change = LevelChange(form.number("from"), form.number("level"), form.text("reason"), form.text("words"))
    async with page.unit_of_work() as work:
        await levels.change_level(work, case_id(page), change)
    return done(page)


async def decide_level(page: PageRequest) -> Response:
    """Confirm as a second person that the level is lower, or let it stand."""
    form, request = await page.form(), page.number("request")
    async with page.unit_of_work() as work:
        if form.text("answer") == "yes":
            await levels.confirm(work, case_id(page), request, form.number("newest"))
        else:
            await levels.decline(work, case_id(page), request)
    return done(page)


async def writing(page: PageRequest) -> Response:
    """Let colleagues who have the case open know that she writes; said, and kept nowhere."""
    about, member = str(case_id(page)), page.visitor.member
    if page.console.live.presence.is_there(about, member.id):
        await presence.say(page.console.store, about, member.id, presence.WRITING, member.alias)
    return Response(status_code=204)


def done(page: PageRequest) -> Response:
    """Answer that it was done; a page that stays open is told by its live stream what is changed."""
    return Response(status_code=204) if page.is_htmx else to_case(page)
