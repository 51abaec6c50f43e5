"""Groups: register one, and make a code that is shown once."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from console.labels import broadcasts as broadcast_labels
from console.labels import general as labels
from console.web.request import PageRequest
from store.areas import models as areas
from store.areas.scopes import covers
from store.errors import Refused
from store.groups import service as group_service
from store.groups.models import AUDIENCE, CHAT, MEMBER
from store.staff.authorization import OutOfScope

MOST_LISTED = 200
"""Communes in a list to choose from: those of any province; whoever works for the nation types the name."""
LONGEST_PLACE = 80


async def groups(page: PageRequest) -> Response:
    """List the groups."""
    return await _groups(page)


async def _groups(page: PageRequest, message: str = "", status: int = 200, **made: Any) -> Response:
    async with page.console.store.data.connect() as conn:
        found = await group_service.groups(conn, scope=page.scope)
        communes = [(code, name) for code, name in await areas.communes(conn) if covers(page.scope, code)]
    said = page.translate(message) if message else ""
    values = {"groups": found, "communes": communes[:MOST_LISTED], "typed": len(communes) > MOST_LISTED}
    shown: dict[str, Any] = values | {"message": said, "code": "", "of": "", "title": "", "place": ""} | made
    return page.respond("groups/groups.html", status, kinds=(AUDIENCE, MEMBER, CHAT), **shown)


def _communes_named(page: PageRequest, text: str) -> list[tuple[str, str]]:
    """The communes of her area that a typed name may mean: (code, name with its province)."""
    units = [found.area for found in page.console.library.areas.find(text) if found.area.level == "commune"]
    provinces = page.console.library.areas.provinces
    named = [(areas.code_of(unit), f"{unit.name}, {provinces[unit.province].name}") for unit in units]
    return [(code, name) for code, name in named if covers(page.scope, code)]


async def create_group(page: PageRequest) -> Response:
    """Register a group; its commune is chosen from a list, or typed where the list would be too long."""
    form, console = await page.request.form(), page.console
    title, place, area = (str(form.get(name, "")) for name in ("title", "place", "area"))
    if place and not area:
        named = _communes_named(page, place[:LONGEST_PLACE])
        if len(named) != 1:
            message, typed = (broadcast_labels.WHICH_COMMUNE, False) if named else (broadcast_labels.NO_COMMUNE, True)
            return await _groups(page, message, 422, communes=named, typed=typed, title=title, place=place)
        area = named[0][0]
    try:
        async with console.store.data.begin() as conn:
            await group_service.create_group(
                conn,
                console.clock.now(),
                console.store.keys.audit,
                staff_id=page.staff_id,
                title=title,
                area_code=area,
            )
    except OutOfScope:
        return page.problem(labels.OUT_OF_SCOPE, 403)
    except Refused:
        return await _groups(page, broadcast_labels.NO_GROUP, 422, title=title, place=place)
    return page.redirect("groups")


async def invite(page: PageRequest) -> Response:
    """Make a code and show it, this once."""
    form, console = await page.request.form(), page.console
    kind, group_id = str(form.get("kind", "")), page.request.path_params["group_id"]
    try:
        async with console.store.data.begin() as conn:
            keys = console.store.keys
            code = await group_service.invite(
                conn,
                console.clock.now(),
                keys.index,
                keys.audit,
                staff_id=page.staff_id,
                group_id=group_id,
                kind=kind,
            )
    except OutOfScope:
        return page.problem(labels.OUT_OF_SCOPE, 403)
    except Refused:
        return await _groups(page, broadcast_labels.NO_GROUP, 422)
    return await _groups(page, code=code, of=kind)
