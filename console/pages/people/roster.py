"""The roster page: who is on duty when, at which place, for what; and how the visitor herself is paged."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from console.web.forms import Form
from console.web.request import PageRequest
from content.escalation.loader import escalation_policy
from content.zone import VIETNAM
from store.errors import Refused
from store.refusals import Refusal
from store.staff import contacts, roster
from store.staff import models as staff


async def show(page: PageRequest) -> Response:
    """Show the shifts that have not ended, and the visitor's contacts."""
    return await _page(page)


async def _page(page: PageRequest, code: str = "") -> Response:
    async with page.console.store.data.connect() as conn:
        turns = await roster.duties(conn, page.console.clock.now())
        people = [one for one in await staff.members(conn) if one.reads_cases]
        ways = {one.way for one in await contacts.contacts_of(conn, [page.staff_id])}
    values: dict[str, Any] = {"turns": turns, "people": people, "ways": ways, "code": code}
    provinces = page.console.library.areas.provinces
    return page.respond(
        "people/roster.html",
        posts=escalation_policy().posts,
        skills=escalation_policy().skills,
        provinces=provinces,
        **values,
    )


async def add(page: PageRequest) -> Response:
    """Put somebody on the roster."""
    form, console = await page.form(), page.console
    duty = _duty(page, form)
    async with console.store.data.begin() as conn:
        key, actor = console.store.keys.audit, str(page.staff_id)
        await roster.add_duty(conn, console.clock.now(), key, actor=actor, **duty)
    return page.redirect("roster")


def _duty(page: PageRequest, form: Form) -> dict[str, Any]:
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
    skills = form.texts("skill") + ([f"lang:{lang}"] if lang else [])
    when = {"starts_at": starts, "ends_at": ends}
    return {"staff_id": staff_id, **when, "position": posts.index(post), "province": province, "skills": skills}


async def remove(page: PageRequest) -> Response:
    """Take a turn off the roster."""
    console, duty = page.console, page.request.path_params["duty"]
    async with console.store.data.begin() as conn:
        key, actor = console.store.keys.audit, str(page.staff_id)
        await roster.remove_duty(conn, console.clock.now(), key, actor=actor, duty=duty)
    return page.redirect("roster")


async def call_code(page: PageRequest) -> Response:
    """Make the code with which the visitor binds her own phone; it is shown once."""
    console, keys = page.console, page.console.store.keys
    async with console.store.data.begin() as conn:
        code = await contacts.invite(conn, console.clock.now(), keys.index, keys.audit, staff_id=page.staff_id)
    return await _page(page, code=code)


async def call_address(page: PageRequest) -> Response:
    """Keep an address of the visitor, or with an empty one page her by it no more."""
    form, console = await page.form(), page.console
    way, address = form.text("way"), form.text("address")
    now, keys = console.clock.now(), console.store.keys
    async with console.store.data.begin() as conn:
        if address:
            await contacts.give(conn, now, keys, staff_id=page.staff_id, way=way, address=address)
        else:
            await contacts.take_back(conn, now, keys.audit, staff_id=page.staff_id, way=way)
    return page.redirect("roster")
