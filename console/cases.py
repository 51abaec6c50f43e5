"""The queue and the case: see who waits, take a case, read, answer, close."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from starlette.responses import HTMLResponse, Response

from console import words
from console.deadlines import URGENT, due
from console.visit import Visit
from store import acts, delivery, desk
from store.desk import CaseView, QueueRow
from store.errors import Forgotten, Refused, Sealed

LONGEST_ANSWER = 1500
"""Characters of one answer: three screens of the smallest channel."""


async def waiting(visit: Visit) -> list[QueueRow]:
    """Open cases and drills in the order they need somebody: untaken first, by level, then by deadline."""
    async with visit.desk.store.data.connect() as conn:
        rows = [*await desk.queue(conn), *await desk.drills(conn)]

    def need(row: QueueRow) -> tuple[bool, int, float]:
        return not row.free, -row.level, due(row.level, row.waiting_since or row.opened_at).timestamp()

    return sorted(rows, key=need)


def urgent(rows: list[QueueRow]) -> list[QueueRow]:
    """Those for which the pages sound: high level, and nobody has taken them."""
    return [row for row in rows if row.level >= URGENT and row.free]


def bell(visit: Visit, rows: list[QueueRow]) -> str:
    """The number in every page's head, and what makes it sound."""
    return visit.render("bell.html", rows=rows, urgent=urgent(rows))


async def queue(visit: Visit) -> Response:
    """Show who waits. No word of anybody's is on this page."""
    rows = await waiting(visit)
    async with visit.desk.store.data.connect() as conn:
        set_aside = await acts.set_aside(conn)
    return visit.page("queue.html", rows=rows, urgent=urgent(rows), set_aside=set_aside)


async def case(visit: Visit) -> Response:
    """Open one case; that it was read is recorded."""
    try:
        view = await open_case(visit)
    except (Refused, Sealed, Forgotten) as refusal:
        return _shut(visit, refusal)
    rows = await waiting(visit)
    values = await parts(visit, view)
    return visit.page("case.html", rows=rows, urgent=urgent(rows), message="", draft="", **values)


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
    return {
        "view": view,
        "row": view.row,
        "statuses": await statuses(visit),
        "request_key": uuid4(),
        "lines_at_hand": canned(visit),
    }


async def statuses(visit: Visit) -> dict[int, str]:
    """What became of the answers of this case."""
    async with visit.desk.store.data.connect() as conn:
        return await delivery.statuses(conn, case_id(visit))


def canned(visit: Visit) -> list[str]:
    """Neutral lines a counsellor may start from, out of the content."""
    library = visit.desk.library
    return [library.say(card, "vi").text for card in library.shelf("relay_lines")]


async def acknowledge(visit: Visit) -> Response:
    """Take a case; of two who try at once one is told that she came second."""
    taken = await desk.acknowledge(visit.desk.store, visit.desk.clock.now(), case_id(visit), visit.staff_id)
    if not taken:
        return visit.problem(words.TAKEN, 409)
    return visit.to("case", case_id=case_id(visit))


async def reply(visit: Visit) -> Response:
    """Answer her. The same form sent twice is one answer; a refused answer comes back with its words."""
    form = await visit.request.form()
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()
    problem = await _send(visit, text, _key(str(form.get("request_key", ""))))
    if visit.by_htmx:
        return await _composer(visit, problem, text)
    if not problem:
        return visit.to("case", case_id=case_id(visit))
    try:
        view = await open_case(visit)
    except (Refused, Sealed, Forgotten) as refusal:
        return _shut(visit, refusal)
    rows, values = await waiting(visit), await parts(visit, view)
    return visit.page(
        "case.html", 422, rows=rows, urgent=urgent(rows), message=visit.say(problem), draft=text, **values
    )


async def _send(visit: Visit, text: str, key: UUID) -> str:
    """Hand the answer over; returns what is wrong, or nothing."""
    if not text:
        return words.EMPTY_ANSWER
    if len(text) > LONGEST_ANSWER:
        return words.TOO_LONG_ANSWER
    at = visit.desk
    try:
        await desk.reply(at.store, at.clock.now(), case_id(visit), visit.staff_id, text, key, at.library)
    except (Refused, Forgotten, Sealed):
        return words.NOT_YOURS
    return ""


async def _composer(visit: Visit, problem: str, text: str) -> Response:
    try:
        view = await open_case(visit)
    except (Refused, Sealed, Forgotten) as refusal:
        return _shut(visit, refusal)
    values = await parts(visit, view)
    message = visit.say(problem) if problem else ""
    body = visit.render("composer.html", message=message, draft=text if problem else "", **values)
    return HTMLResponse(body + visit.render("lines_part.html", **values), 422 if problem else 200)


def _key(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()


async def close(visit: Visit) -> Response:
    """Close a case for one of the listed reasons."""
    form = await visit.request.form()
    reason = str(form.get("reason", ""))
    if reason not in words.REASONS:
        return visit.to("case", case_id=case_id(visit))
    try:
        await desk.close(visit.desk.store, visit.desk.clock.now(), case_id(visit), visit.staff_id, reason)
    except Refused:
        return visit.problem(words.NOT_YOURS, 409)
    return visit.to("queue")


def _shut(visit: Visit, refusal: Exception) -> Response:
    missing = isinstance(refusal, Forgotten) or "no such case" in str(refusal)
    return visit.problem(words.NO_CASE if missing else words.SEALED, 404 if missing else 403)
