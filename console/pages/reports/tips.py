"""The tips page: what third persons reported, read and passed on by a human; nobody knows who wrote it."""

from __future__ import annotations

from starlette.responses import Response

from console.labels import general as labels
from console.web.request import PageRequest
from store.submissions import service as submissions


async def show(page: PageRequest) -> Response:
    """List the tips, the newest first."""
    library, lang = page.console.library, page.l10n.lang
    async with page.console.store.data.connect() as conn:
        found = await submissions.tips(conn, scope=page.scope)
    return page.respond(
        "reports/tips.html",
        found=[(one, places(page, one.area)) for one in found],
        kinds=answers(library.say("tip_kind", lang).choices),
        times=answers(library.say("tip_when", lang).choices),
    )


def answers(choices: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    """The words of the answers she chose among, by their codes."""
    return {value: label for label, value, _ in choices}


def places(page: PageRequest, code: str) -> str:
    """Name a place by its official code; a code that is no more is shown as it is, and none is told as unknown."""
    areas = page.console.library.areas
    found = areas.named(code)
    if found is None:
        return code or page.translate(labels.PLACES[""])
    return found.name if found.level == "province" else f"{found.name}, {areas.provinces[found.province].name}"


async def mark(page: PageRequest) -> Response:
    """Say that a tip was read or passed on."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await submissions.mark(work, page.number("tip_id"), form.text("say"))
    return page.redirect("tips")
