"""Finding cases again: the list of closed ones, and the search by alias and number."""

from __future__ import annotations

from starlette.responses import Response

from console.web.forms import read_number
from console.web.request import PageRequest
from store.casework import case_search

PER_PAGE = 30
LONGEST = 80
"""Characters of a search."""


async def closed(page: PageRequest) -> Response:
    """List closed cases this reader could open, the last closed first. No word of anybody's is on this page."""
    number = max(1, read_number(page.request.query_params.get("page", "")) or 1)
    async with page.console.store.data.connect() as conn:
        found = await case_search.closed_cases(conn, page.staff_id, (number - 1) * PER_PAGE, PER_PAGE + 1)
    older = number + 1 if len(found) > PER_PAGE else None
    return page.respond("cases/closed.html", found=found[:PER_PAGE], number=number, older=older)


async def search(page: PageRequest) -> Response:
    """Show the cases whose alias or number holds what was typed, with or without marks."""
    typed = page.request.query_params.get("q", "").strip()[:LONGEST]
    async with page.console.store.data.connect() as conn:
        found = await case_search.search(conn, page.staff_id, typed)
    return page.respond("cases/search.html", typed=typed, found=found, most=case_search.MOST_FOUND)
