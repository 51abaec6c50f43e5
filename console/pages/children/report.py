"""The report of a child: its receipt, as staff write it down."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id
from console.pages.cases.corrections import done
from console.web.request import PageRequest
from content.zone import VIETNAM
from store.children import reports
from store.children.reports import ReportReceipt
from store.errors import Refused
from store.refusals import Refusal


async def keep_receipt(page: PageRequest) -> Response:
    """Keep when the report of a child was taken, by whom and under which number; an empty hour is now."""
    form = await page.form()
    at = form.moment("at", VIETNAM) if form.text("at") else page.now
    if at is None:
        raise Refused(Refusal.REPORT_TIME)
    async with page.unit_of_work() as work:
        await reports.keep_receipt(work, case_id(page), ReportReceipt(at, form.text("who"), form.text("number")))
    return done(page)
