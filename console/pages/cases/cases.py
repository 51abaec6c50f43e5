"""The queue and the case: see who waits, take a case, read, close."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID, uuid4

from starlette.responses import Response

from console.labels import general as labels
from console.pages.cases.channel_facts import facts
from console.pages.cases.referral_form import referral_values
from console.web.request import Visit
from store.casework import assignment, delivery_status, drafts, nudge, reachability
from store.casework import queue as desk
from store.casework.queue import CaseView
from store.errors import Forgotten, Refused, Sealed
from store.messages import inbox


async def queue(visit: Visit) -> Response:
    """Show who waits. No word of anybody's is on this page."""
    async with visit.desk.store.data.connect() as conn:
        set_aside = await inbox.set_aside(conn)
    return visit.page("cases/queue.html", set_aside=set_aside)


async def case(visit: Visit) -> Response:
    """Open one case; that it was read is recorded."""
    mark = mark_of(visit)
    try:
        view = await open_case(visit)
    except (Refused, Sealed, Forgotten) as refusal:
        return shut(visit, refusal)
    values = await parts(visit, view)
    kept = await draft_of(visit)
    return visit.page("cases/case.html", message="", draft=kept, mark=mark, **values)


def mark_of(visit: Visit) -> str:
    """How much news of a case has come; taken before the case is read, so that news in between is read again."""
    return visit.desk.live.mark(str(case_id(visit)))


def state_of(view: CaseView) -> str:
    """What the composer offers: its own reader writes, or who has the case and whether it can be taken."""
    row = view.row
    return "mine" if view.can_write else f"{row.state == 'closed'}.{row.free}.{row.acked_alias or ''}"


async def draft_of(visit: Visit) -> str:
    """What she had typed here and not sent; on this or another screen."""
    with contextlib.suppress(Sealed, Forgotten):
        return await drafts.kept(visit.desk.store, case_id(visit), visit.staff_id, visit.private_key)
    return ""


async def open_case(visit: Visit) -> CaseView:
    """Read the case of this request. Raises Refused, Sealed, Forgotten."""
    now, who = visit.desk.clock.now(), visit.staff_id
    return await desk.read(visit.desk.store, now, case_id(visit), who, visit.private_key)


def case_id(visit: Visit) -> UUID:
    """The case a request is about."""
    found: UUID = visit.request.path_params["case_id"]
    return found


async def parts(visit: Visit, view: CaseView) -> dict[str, Any]:
    """What the templates of a case need."""
    async with visit.desk.store.data.connect() as conn:
        reach = await reachability.of(conn, case_id(visit))
        colleagues = await assignment.candidates(conn, case_id(visit), visit.staff_id)
    limits = visit.desk.library.limits[view.row.channel]
    return {
        "reach": reach,
        "channel_facts": facts(visit.speech, reach, limits, visit.now),
        "no_knock": nudge.why_not(reach, visit.now),
        "colleagues": colleagues,
        "preview": (),
        "chosen": None,
        "channel_limits": limits,
        "seen": "",
        "view": view,
        "state": state_of(view),
        "row": view.row,
        "statuses": await statuses(visit),
        "request_key": uuid4(),
        "lines_at_hand": canned(visit),
        **await referral_values(visit, view),
    }


async def statuses(visit: Visit) -> dict[int, str]:
    """What became of the answers of this case."""
    async with visit.desk.store.data.connect() as conn:
        return await delivery_status.statuses(conn, case_id(visit))


def canned(visit: Visit) -> list[tuple[str, str, str]]:
    """Lines a counsellor may start from, out of the content: id, title, text."""
    library = visit.desk.library
    return [(card, library.title(card), library.say(card).text) for card in library.shelf("relay_lines")]


async def acknowledge(visit: Visit) -> Response:
    """Take a case; of two who try at once one is told that she came second."""
    try:
        taken = await desk.acknowledge(visit.desk.store, visit.desk.clock.now(), case_id(visit), visit.staff_id)
    except Refused:
        return visit.problem(labels.SEALED, 403)
    if not taken:
        return visit.problem(labels.TAKEN, 409)
    return visit.to("case", case_id=case_id(visit))


async def close(visit: Visit) -> Response:
    """Close a case for one of the listed reasons."""
    form = await visit.request.form()
    reason = str(form.get("reason", ""))
    if reason not in labels.REASONS:
        return visit.to("case", case_id=case_id(visit))
    try:
        await desk.close(visit.desk.store, visit.desk.clock.now(), case_id(visit), visit.staff_id, reason)
    except Refused:
        return visit.problem(labels.NOT_YOURS, 409)
    return visit.to("queue")


def shut(visit: Visit, refusal: Exception, draft: str = "") -> Response:
    """Say why a case does not open; what was typed comes back with it."""
    missing = isinstance(refusal, Forgotten) or "no such case" in str(refusal)
    return visit.problem(labels.NO_CASE if missing else labels.SEALED, 404 if missing else 403, draft)
