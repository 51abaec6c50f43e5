"""Groups: register one, and make a code that is shown once."""

from __future__ import annotations

from starlette.responses import Response

from console.web.request import PageRequest
from store.areas import models as areas
from store.areas.scopes import covers
from store.errors import Refused
from store.groups import invite_codes
from store.groups import service as group_service
from store.groups.models import AUDIENCE, CHAT, MEMBER
from store.refusals import Refusal

MOST_LISTED = 200
"""Communes in a list to choose from: those of any province; whoever works for the nation types the name."""
LONGEST_PLACE = 80


async def groups(page: PageRequest) -> Response:
    """List the groups."""
    return await _groups(page)


async def _groups(page: PageRequest, code: str = "", of: str = "") -> Response:
    """The groups, with a code that was just made; where a commune's name meant several, these to choose from."""
    async with page.console.store.data.connect() as conn:
        found = await group_service.groups(conn, scope=page.scope)
        communes = [one for one in await areas.communes(conn) if covers(page.scope, one[0])]
    typed = len(communes) > MOST_LISTED
    if page.refused is not None and page.refused.refusal is Refusal.COMMUNE_AMBIGUOUS:
        communes, typed = _communes_named(page, (await page.form()).text("place")), False
    return page.respond(
        "groups/groups.html",
        groups=found,
        communes=communes[:MOST_LISTED],
        typed=typed,
        code=code,
        of=of,
        kinds=(AUDIENCE, MEMBER, CHAT),
    )


def _communes_named(page: PageRequest, text: str) -> list[tuple[str, str]]:
    """The communes of her area that a typed name may mean: (code, name with its province)."""
    areas_called = page.console.library.areas.find(text[:LONGEST_PLACE])
    units = [found.area for found in areas_called if found.area.level == "commune"]
    provinces = page.console.library.areas.provinces
    named = [(areas.code_of(unit), f"{unit.name}, {provinces[unit.province].name}") for unit in units]
    return [(code, name) for code, name in named if covers(page.scope, code)]


async def create_group(page: PageRequest) -> Response:
    """Register a group; its commune is chosen from a list, or typed where the list would be too long."""
    form = await page.form()
    title, place, area = (form.text(name) for name in ("title", "place", "area"))
    if place and not area:
        named = _communes_named(page, place)
        if len(named) != 1:
            raise Refused(Refusal.COMMUNE_AMBIGUOUS if named else Refusal.COMMUNE_UNKNOWN)
        area = named[0][0]
    async with page.unit_of_work() as work:
        await group_service.create_group(work, title, area)
    return page.redirect("groups")


async def invite(page: PageRequest) -> Response:
    """Make a code and show it, this once."""
    kind = (await page.form()).text("kind")
    async with page.unit_of_work() as work:
        code = await invite_codes.invite(work, page.number("group_id"), kind)
    return await _groups(page, code=code, of=kind)
