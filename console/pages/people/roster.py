"""The roster page: who is on duty when, at which place, for what; and how the visitor herself is paged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from console.labels import general as labels
from console.web.request import PageRequest
from content.escalation.loader import escalation_policy
from content.zone import VIETNAM
from store.errors import Refused
from store.staff import contacts, roster
from store.staff import models as staff


async def show(page: PageRequest) -> Response:
    """Show the shifts that have not ended, and the visitor's contacts."""
    return await _page(page)


async def _page(page: PageRequest, message: str = "", status: int = 200, code: str = "") -> Response:
    async with page.console.store.data.connect() as conn:
        turns = await roster.duties(conn, page.console.clock.now())
        people = [one for one in await staff.members(conn) if one.reads_cases]
        ways = {one.way for one in await contacts.contacts_of(conn, [page.staff_id])}
    values: dict[str, Any] = {"turns": turns, "people": people, "ways": ways, "code": code}
    provinces = page.console.library.areas.provinces
    said = page.translate(message) if message else ""
    return page.respond(
        "people/roster.html",
        status,
        posts=escalation_policy().posts,
        skills=escalation_policy().skills,
        provinces=provinces,
        message=said,
        **values,
    )


async def add(page: PageRequest) -> Response:
    """Put somebody on the roster."""
    form, console = await page.request.form(), page.console
    try:
        turn = await _turn(page, form)
        async with console.store.data.begin() as conn:
            key, actor = console.store.keys.audit, str(page.staff_id)
            await roster.add_duty(conn, console.clock.now(), key, actor=actor, **turn)
    except (Refused, ValueError):
        return await _page(page, labels.NO_TURN, 422)
    return page.redirect("roster")


async def _turn(page: PageRequest, form: FormData) -> dict[str, Any]:
    """Read the form. Raises ValueError."""
    who, province = str(form.get("who", "")), str(form.get("province", ""))
    async with page.console.store.data.connect() as conn:
        staff_id = next((one.id for one in await staff.members(conn) if str(one.id) == who), None)
    if staff_id is None or (province and province not in page.console.library.areas.provinces):
        raise ValueError("there is no such member or province")
    lang = str(form.get("lang", "")).strip().casefold()
    skills = [str(skill) for skill in form.getlist("skill")] + ([f"lang:{lang}"] if lang else [])
    starts, ends = (_moment(str(form.get(name, ""))) for name in ("starts", "ends"))
    position = escalation_policy().posts.index(str(form.get("post", "")))
    when = {"starts_at": starts, "ends_at": ends}
    return {"staff_id": staff_id, **when, "position": position, "province": province, "skills": skills}


def _moment(typed: str) -> datetime:
    return datetime.fromisoformat(typed).replace(tzinfo=VIETNAM)


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
    form, console = await page.request.form(), page.console
    way, address = str(form.get("way", "")), str(form.get("address", "")).strip()
    now, keys = console.clock.now(), console.store.keys
    try:
        async with console.store.data.begin() as conn:
            if address:
                await contacts.give(conn, now, keys, staff_id=page.staff_id, way=way, address=address)
            else:
                await contacts.take_back(conn, now, keys.audit, staff_id=page.staff_id, way=way)
    except Refused:
        return await _page(page, labels.NO_ADDRESS, 422)
    return page.redirect("roster")
