"""The queue and the case: see who waits, take a case, read, close."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID, uuid4

from starlette.responses import Response

from console.labels import general as labels
from console.pages.cases.channel_facts import facts
from console.pages.cases.referral_form import referral_values
from console.web.request import PageRequest
from store.casework import assignment, delivery_status, drafts, nudge, reachability
from store.casework import queue as case_queue
from store.casework.queue import CaseView
from store.errors import Forgotten, Refused, Sealed
from store.messages import inbox
from store.refusals import Refusal


async def queue(page: PageRequest) -> Response:
    """Show who waits. No word of anybody's is on this page."""
    async with page.console.store.data.connect() as conn:
        set_aside = await inbox.set_aside(conn)
    return page.respond("cases/queue.html", set_aside=set_aside)


async def case(page: PageRequest) -> Response:
    """Open one case; that it was read is recorded."""
    mark = news_mark(page)
    view = await open_case(page)
    values = await parts(page, view)
    kept = await draft_of(page)
    return page.respond("cases/case.html", message="", draft=kept, mark=mark, **values)


def news_mark(page: PageRequest) -> str:
    """How much news of a case has come; taken before the case is read, so that news in between is read again."""
    return page.console.live.mark(str(case_id(page)))


def state_of(view: CaseView) -> str:
    """What the composer offers: its own reader writes, or who has the case and whether it can be taken."""
    row = view.row
    return "mine" if view.can_write else f"{row.state == 'closed'}.{row.free}.{row.acked_alias or ''}"


async def draft_of(page: PageRequest) -> str:
    """What she had typed here and not sent; on this or another screen."""
    with contextlib.suppress(Sealed, Forgotten):
        return await drafts.kept(page.console.store, case_id(page), page.staff_id, page.private_key)
    return ""


async def open_case(page: PageRequest) -> CaseView:
    """Read the case of this request. Raises Refused, Sealed, Forgotten."""
    now, who = page.console.clock.now(), page.staff_id
    return await case_queue.read(page.console.store, now, case_id(page), who, page.private_key)


def case_id(page: PageRequest) -> UUID:
    """The case a request is about."""
    found: UUID = page.request.path_params["case_id"]
    return found


async def parts(page: PageRequest, view: CaseView) -> dict[str, Any]:
    """What the templates of a case need, read in one transaction."""
    async with page.console.store.data.connect() as conn:
        reach = await reachability.of(conn, case_id(page))
        colleagues = await assignment.candidates(conn, case_id(page), page.staff_id)
        sent = await delivery_status.statuses(conn, case_id(page))
        referrals = await referral_values(conn, page, view)
    limits = page.console.library.limits[view.row.channel]
    return {
        "reach": reach,
        "channel_facts": facts(page.l10n, reach, limits, page.now),
        "no_knock": nudge.why_not(reach, page.now),
        "colleagues": colleagues,
        "preview": (),
        "chosen": None,
        "channel_limits": limits,
        "seen": "",
        "view": view,
        "state": state_of(view),
        "row": view.row,
        "statuses": sent,
        "request_key": uuid4(),
        "reply_templates": reply_templates(page),
        **referrals,
    }


async def statuses(page: PageRequest) -> dict[int, str]:
    """What became of the answers of this case."""
    async with page.console.store.data.connect() as conn:
        return await delivery_status.statuses(conn, case_id(page))


def reply_templates(page: PageRequest) -> list[tuple[str, str, str]]:
    """Lines a counsellor may start from, out of the content: id, title, text."""
    library = page.console.library
    return [(card, library.title(card), library.say(card).text) for card in library.shelf("relay_lines")]


async def acknowledge(page: PageRequest) -> Response:
    """Take a case; of two who try at once one is told that she came second."""
    taken = await case_queue.acknowledge(page.console.store, page.console.clock.now(), case_id(page), page.staff_id)
    if not taken:
        raise Refused(Refusal.CASE_TAKEN)
    return page.redirect("case", case_id=case_id(page))


async def close(page: PageRequest) -> Response:
    """Close a case for one of the listed reasons."""
    form = await page.request.form()
    reason = str(form.get("reason", ""))
    if reason not in labels.REASONS:
        raise Refused(Refusal.CLOSING_REASON_UNKNOWN)
    await case_queue.close(
        page.console.store, page.console.clock.now(), page.console.library, case_id(page), page.staff_id, reason
    )
    return page.redirect("queue")
