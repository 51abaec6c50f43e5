"""Closing a case, twice said while somebody waits in it, and opening it again."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id, to_case
from console.web.request import PageRequest
from store.casework import closing


async def close(page: PageRequest) -> Response:
    """Close a case for one of the listed reasons; its page stays, with the way back."""
    form, library = await page.form(), page.console.library
    async with page.unit_of_work() as work:
        await closing.close(work, case_id(page), form.text("reason"), library, form.number("waiting"))
    return to_case(page)


async def reopen(page: PageRequest) -> Response:
    """Open a closed case again; nothing is sent to her."""
    async with page.unit_of_work() as work:
        await closing.reopen(work, case_id(page))
    return to_case(page)
