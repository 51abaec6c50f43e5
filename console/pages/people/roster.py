"""The roster: who is on duty when, at which place, for what; and how the visitor herself is called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from console.labels import general as labels
from console.web.due_times import HERE
from console.web.request import Visit
from content.escalation.loader import ladder
from store.errors import Refused
from store.staff import contacts, roster
from store.staff import models as staff


async def show(visit: Visit) -> Response:
    """Show the turns that have not ended, and the ways to the visitor."""
    return await _page(visit)


async def _page(visit: Visit, message: str = "", status: int = 200, code: str = "") -> Response:
    async with visit.desk.store.data.connect() as conn:
        turns = await roster.duties(conn, visit.desk.clock.now())
        people = [one for one in await staff.members(conn) if one.reads_cases]
        ways = {one.way for one in await contacts.ways_to(conn, [visit.staff_id])}
    values: dict[str, Any] = {"turns": turns, "people": people, "ways": ways, "code": code}
    provinces = visit.desk.library.areas.provinces
    said = visit.say(message) if message else ""
    return visit.page(
        "people/roster.html",
        status,
        posts=ladder().posts,
        skills=ladder().skills,
        provinces=provinces,
        message=said,
        **values,
    )


async def add(visit: Visit) -> Response:
    """Put somebody on the roster."""
    form, desk = await visit.request.form(), visit.desk
    try:
        turn = await _turn(visit, form)
        async with desk.store.data.begin() as conn:
            key, actor = desk.store.house.audit, str(visit.staff_id)
            await roster.add_duty(conn, desk.clock.now(), key, actor=actor, **turn)
    except (Refused, ValueError):
        return await _page(visit, labels.NO_TURN, 422)
    return visit.to("roster")


async def _turn(visit: Visit, form: FormData) -> dict[str, Any]:
    """Read the form. Raises ValueError."""
    who, province = str(form.get("who", "")), str(form.get("province", ""))
    async with visit.desk.store.data.connect() as conn:
        staff_id = next((one.id for one in await staff.members(conn) if str(one.id) == who), None)
    if staff_id is None or (province and province not in visit.desk.library.areas.provinces):
        raise ValueError("there is no such member or province")
    lang = str(form.get("lang", "")).strip().casefold()
    skills = [str(skill) for skill in form.getlist("skill")] + ([f"lang:{lang}"] if lang else [])
    starts, ends = (_moment(str(form.get(name, ""))) for name in ("starts", "ends"))
    rung = ladder().posts.index(str(form.get("post", "")))
    when = {"starts_at": starts, "ends_at": ends}
    return {"staff_id": staff_id, **when, "rung": rung, "province": province, "skills": skills}


def _moment(typed: str) -> datetime:
    return datetime.fromisoformat(typed).replace(tzinfo=HERE)


async def remove(visit: Visit) -> Response:
    """Take a turn off the roster."""
    desk, duty = visit.desk, visit.request.path_params["duty"]
    async with desk.store.data.begin() as conn:
        key, actor = desk.store.house.audit, str(visit.staff_id)
        await roster.remove_duty(conn, desk.clock.now(), key, actor=actor, duty=duty)
    return visit.to("roster")


async def call_code(visit: Visit) -> Response:
    """Make the code with which the visitor binds her own phone; it is shown once."""
    desk, house = visit.desk, visit.desk.store.house
    async with desk.store.data.begin() as conn:
        code = await contacts.invite(conn, desk.clock.now(), house.index, house.audit, staff_id=visit.staff_id)
    return await _page(visit, code=code)


async def call_address(visit: Visit) -> Response:
    """Keep an address of the visitor, or with an empty one call her this way no more."""
    form, desk = await visit.request.form(), visit.desk
    way, address = str(form.get("way", "")), str(form.get("address", "")).strip()
    now, house = desk.clock.now(), desk.store.house
    try:
        async with desk.store.data.begin() as conn:
            if address:
                await contacts.give(conn, now, house, staff_id=visit.staff_id, way=way, address=address)
            else:
                await contacts.take_back(conn, now, house.audit, staff_id=visit.staff_id, way=way)
    except Refused:
        return await _page(visit, labels.NO_ADDRESS, 422)
    return visit.to("roster")
