"""The protocol of a case: its steps are ticked off as they are done."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id
from console.pages.cases.corrections import done
from console.web.request import PageRequest
from store.protocol import steps


async def mark_step(page: PageRequest) -> Response:
    """Tick a step off, or take its tick back."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await steps.mark_step(work, case_id(page), form.text("done") or form.text("undo"), done="undo" not in form)
    return done(page)
