"""The level of a case as its page shows it: the request that waits, and whether this visitor may decide on it."""

from __future__ import annotations

from typing import Any

from console.web.request import PageRequest
from store.case_page import CasePage
from store.staff.models import SHIFT_LEAD


def level_values(page: PageRequest, found: CasePage) -> dict[str, Any]:
    """What the templates of the level need beside the row of the case."""
    view, request = found.view, found.level_request
    open_one = request is not None and request.due_at > page.now and view.row.state != "closed"
    decides = view.reads or SHIFT_LEAD in page.visitor.member.roles
    return {
        "level_request": request if open_one else None,
        "may_decide_level": decides,
        "newest_line": max((line.seq for line in view.lines if line.direction == "in"), default=0),
        "aliases": found.aliases,
    }
