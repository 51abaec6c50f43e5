"""The roster page: who is on duty when, at which place, for what; and how the visitor herself is paged."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import RedirectResponse, Response

from console.pages.people.roster_week import monday_of, week_cells
from console.web.forms import Form, read_day
from console.web.request import PageRequest
from content.escalation.loader import escalation_policy
from content.zone import VIETNAM
from store.errors import Refused
from store.refusals import Refusal
from store.staff import contacts, first_shift, roster, roster_week
from store.staff import models as staff
from store.staff.roster import NewShift

Leaving = tuple[int, list[tuple[datetime, datetime]]]
"""A turn that is to be taken off, and when nobody would be on call without it."""


async def show(page: PageRequest) -> Response:
    """Show the shifts that have not ended, and the visitor's contacts."""
    return await _page(page)


async def _page(page: PageRequest, code: str = "", leaving: Leaving | None = None) -> Response:
    monday = monday_of(read_day(page.request.query_params.get("week", "")) or page.now.astimezone(VIETNAM).date())
    async with page.console.store.data.connect() as conn:
        week = await roster_week.turns_between(conn, monday, monday + roster_week.WEEK)
        turns = await roster.duties(conn, page.console.clock.now())
        people = [one for one in await staff.members(conn) if one.reads_cases]
        beginners = await first_shift.unfinished(conn) if page.may("add_duty") else []
        ways = {one.way for one in await contacts.contacts_of(conn, [page.staff_id])}
    return page.respond(
        "people/roster.html",
        409 if leaving else 200,
        turns=turns,
        wanted=page.request.query_params,
        people=people,
        beginners=beginners,
        ways=ways,
        monday=monday,
        days=[monday + timedelta(days=n) for n in range(7)],
        today=page.now.astimezone(VIETNAM).date(),
        before=(monday - roster_week.WEEK).date().isoformat(),
        after=(monday + roster_week.WEEK).date().isoformat(),
        cells=week_cells(week, monday, page.now),
        code=code,
        leaving=leaving,
        posts=escalation_policy().posts,
        skills=escalation_policy().skills,
        provinces=page.console.library.areas.provinces,
    )


async def add(page: PageRequest) -> Response:
    """Put somebody on the roster."""
    new = _shift(page, await page.form())
    async with page.unit_of_work() as work:
        await roster.add_duty(work, new)
    return page.redirect("roster")


def _shift(page: PageRequest, form: Form) -> NewShift:
    """Read the form. Raises Refused."""
    province, post, posts = form.text("province"), form.text("post"), escalation_policy().posts
    staff_id, starts, ends = form.uuid("who"), form.moment("starts", VIETNAM), form.moment("ends", VIETNAM)
    if staff_id is None:
        raise Refused(Refusal.DUTY_MEMBER)
    if starts is None or ends is None or post not in posts:
        raise Refused(Refusal.DUTY_TIMES, last=len(posts) - 1)
    if province and province not in page.console.library.areas.provinces:
        raise Refused(Refusal.DUTY_PROVINCE)
    lang = form.text("lang").casefold()
    skills = (*form.texts("skill"), *([f"lang:{lang}"] if lang else []))
    return NewShift(staff_id, starts, ends, posts.index(post), province, skills)


async def copy_week(page: PageRequest) -> Response:
    """Copy the week before into the week that is shown."""
    day = (await page.form()).day("week") or page.now.astimezone(VIETNAM).date()
    async with page.unit_of_work() as work:
        await roster_week.copy_week(work, monday_of(day))
    return RedirectResponse(f"{page.path('roster')}?week={monday_of(day).date().isoformat()}", 303)


async def remove(page: PageRequest) -> Response:
    """Take a turn off the roster; one that leaves nobody on call is asked about once more."""
    duty = page.number("duty")
    if "sure" not in await page.form():
        async with page.console.store.data.connect() as conn:
            empty = await roster_week.left_empty(conn, duty, page.now)
        if empty:
            return await _page(page, leaving=(duty, empty))
    async with page.unit_of_work() as work:
        await roster.remove_duty(work, duty)
    return page.redirect("roster")


async def call_code(page: PageRequest) -> Response:
    """Make the code with which the visitor binds her own phone; it is shown once."""
    async with page.unit_of_work() as work:
        code = await contacts.invite(work)
    return await _page(page, code=code)


async def call_address(page: PageRequest) -> Response:
    """Keep an address of the visitor, or with an empty one page her by it no more."""
    form = await page.form()
    way, address = form.text("way"), form.text("address")
    if way not in contacts.WAYS:
        raise Refused(Refusal.CONTACT_ADDRESS)
    async with page.unit_of_work() as work:
        if address:
            await contacts.give(work, way, address)
        else:
            await contacts.take_back(work, way)
    return page.redirect("roster")
