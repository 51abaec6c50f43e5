"""What third persons reported: read by a human, passed on by a human. Nobody here or anywhere knows who wrote it."""

from __future__ import annotations

from starlette.responses import Response

from console.labels import general as labels
from console.web.request import Visit
from store.errors import Refused
from store.staff.authorization import OutOfScope
from store.submissions import service as submissions


async def show(visit: Visit) -> Response:
    """List the tips, the newest first."""
    return await _list(visit)


async def _list(visit: Visit, message: str = "", status: int = 200) -> Response:
    library, lang = visit.desk.library, visit.speech.lang
    async with visit.desk.store.data.connect() as conn:
        found = await submissions.tips(conn, scope=visit.scope)
    return visit.page(
        "reports/tips.html",
        status,
        found=[(one, places(visit, one.area)) for one in found],
        kinds=answers(library.say("tip_kind", lang).choices),
        times=answers(library.say("tip_when", lang).choices),
        message=visit.say(message) if message else "",
    )


def answers(choices: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    """The words of the answers she chose among, by their codes."""
    return {value: label for label, value, _ in choices}


def places(visit: Visit, code: str) -> str:
    """Name a place by its official code; a code that is no more is shown as it is, and none is told as unknown."""
    areas = visit.desk.library.areas
    found = areas.named(code)
    if found is None:
        return code or visit.say(labels.PLACES[""])
    return found.name if found.level == "province" else f"{found.name}, {areas.provinces[found.province].name}"


async def mark(visit: Visit) -> Response:
    """Say that a tip was read or passed on."""
    form, desk = await visit.request.form(), visit.desk
    try:
        async with desk.store.data.begin() as conn:
            await submissions.mark(
                conn,
                desk.clock.now(),
                desk.store.house.audit,
                tip_id=visit.request.path_params["tip_id"],
                staff_id=visit.staff_id,
                state=str(form.get("say", "")),
            )
    except OutOfScope:
        return visit.problem(labels.OUT_OF_SCOPE, 403)
    except Refused:
        return await _list(visit, labels.TIP_MOVED, 409)
    return visit.to("tips")
