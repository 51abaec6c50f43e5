"""Approvals: what waits for the visitor as a second person, the oldest first."""

from __future__ import annotations

from starlette.responses import Response

from console.web.request import PageRequest


async def show(page: PageRequest) -> Response:
    """List what somebody else asked for and this visitor may decide on. No word of anybody's is on this page."""
    return page.respond("approvals/approvals.html")
