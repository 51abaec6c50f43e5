"""The queue and the case: see who waits, take a case, read, close."""

from __future__ import annotations

from math import ceil
from typing import Any
from uuid import UUID, uuid4

from starlette.responses import Response

from console.pages.cases.case_mark import case_mark
from console.pages.cases.channel_facts import facts, weight_of
from console.pages.cases.fact_values import fact_values
from console.pages.cases.level_form import level_values
from console.pages.cases.referral_form import referral_values
from console.pages.cases.thread import thread_values
from console.pages.children.child_case import child_values
from console.pages.protocol.values import protocol_values
from console.pages.urgent_help.values import urgent_help_values
from console.web.request import PageRequest
from store.case_page import CasePage, read_case_page
from store.casework import delivery_status
from store.casework.reading import CaseView
from store.casework.takes import UNDO_WITHIN
from store.messages import inbox
from store.refusals import Refusal


async def queue(page: PageRequest) -> Response:
    """Show who waits. No word of anybody's is on this page."""
    async with page.console.store.data.connect() as conn:
        set_aside = await inbox.set_aside(conn)
    if page.is_pane:
        return page.respond("desk/ready.html", set_aside=set_aside)
    return page.respond("cases/queue.html", set_aside=set_aside, drawn=page.drawn_lanes())


async def case(page: PageRequest) -> Response:
    """Open one case; that it was read is recorded."""
    news = news_mark(page)
    found = await open_case(page)
    values = {"message": "", "draft": found.view.draft, **parts(page, found)}
    values["mark"] = case_mark(page, news, values)
    values["refusal_shown"] = page.refused is not None and page.refused.refusal is Refusal.CASE_TAKEN
    if page.is_pane:
        return page.respond("cases/pane.html", **values)
    return page.respond("cases/case.html", drawn=page.drawn_lanes(), **values)


def news_mark(page: PageRequest) -> str:
    """How much news of a case has come; taken before the case is read, so that news in between is read again."""
    return page.console.live.mark(str(case_id(page)))


def state_of(view: CaseView) -> str:
    """What the composer offers: its own reader writes, or who has the case and whether it can be taken."""
    row = view.row
    return "mine" if view.can_write else f"{row.state == 'closed'}.{row.free}.{row.acked_alias or ''}"


async def open_case(page: PageRequest, *, goes_on: bool = False) -> CasePage:
    """Read the case of this request, anew or on a page that is open already. Raises Refused, Sealed, Forgotten."""
    async with page.unit_of_work() as work:
        return await read_case_page(work, case_id(page), goes_on=goes_on)


def case_id(page: PageRequest) -> UUID:
    """The case a request is about."""
    found: UUID = page.request.path_params["case_id"]
    return found


def to_case(page: PageRequest) -> Response:
    """Send the browser to the case that something was done in."""
    return page.redirect("case", case_id=case_id(page))


def parts(page: PageRequest, found: CasePage) -> dict[str, Any]:
    """What the templates of a case need."""
    view = found.view
    limits = page.console.library.limits[view.row.channel]
    told = facts(view.reach, limits, page.now)
    return {
        "reach": view.reach,
        "channel_facts": told,
        "channel_weight": weight_of(told),
        "colleagues": view.colleagues,
        "preview": (),
        "chosen": None,
        "channel_limits": limits,
        "seen": "",
        "view": view,
        "state": state_of(view),
        "row": view.row,
        "statuses": {line.seq: line.status for line in view.lines if line.status is not None},
        "request_key": uuid4(),
        "reply_templates": reply_templates(page),
        "others": found.others,
        **thread_values(view.lines, page.console.library),
        **referral_values(page, found),
        **level_values(page, found),
        "loads": found.loads,
        **fact_values(page, view),
        **child_values(page, found),
        **urgent_help_values(page, found),
        **protocol_values(page, found),
        "undo_seconds": undo_seconds(page, view),
    }


def undo_seconds(page: PageRequest, view: CaseView) -> int:
    """For how many seconds she may still undo that she took the case; 0 when she may not."""
    if view.took_at is None or any(line.direction == "out" and line.at >= view.took_at for line in view.lines):
        return 0
    return max(0, ceil((view.took_at + UNDO_WITHIN - page.now).total_seconds()))


async def statuses(page: PageRequest) -> dict[int, str]:
    """What became of the answers of this case."""
    async with page.console.store.data.connect() as conn:
        return await delivery_status.statuses(conn, case_id(page))


def reply_templates(page: PageRequest) -> list[tuple[str, str, str]]:
    """Lines a counsellor may start from, out of the content: id, title, text."""
    library = page.console.library
    return [(card, library.title(card), library.say(card).text) for card in library.shelf("relay_lines")]
