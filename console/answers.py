"""The composer: look at an answer before it goes, send it, keep what is not finished."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID, uuid4

from starlette.responses import HTMLResponse, Response

from console import desk_words, words
from console.cases import case_id, open_case, parts, shut, urgent, waiting
from console.visit import Visit
from store import desk, drafts, reaching, replying
from store.errors import Forgotten, Refused, Sealed

LONGEST_ANSWER = 6000
"""Characters of one answer: three messages of the smallest channel."""


async def reply(visit: Visit) -> Response:
    """Answer her. The same form sent twice is one answer; a refused answer comes back with its words.

    An answer that has to be cut is shown as it will arrive, and leaves when these very words are sent again.
    """
    form = await visit.request.form()
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()
    problem, shown = await _look(visit, text, seen=str(form.get("seen", "")), asked="look" in form)
    if not problem and not shown:
        problem = await _send(visit, text, _key(str(form.get("request_key", ""))))
    if problem or shown:
        await _keep(visit, text)
    elif not visit.by_htmx:
        return visit.to("case", case_id=case_id(visit))
    return await _answer(visit, problem, text if problem or shown else "", shown)


async def draft(visit: Visit) -> Response:
    """Keep what is typed so far, sealed to her who types it."""
    form = await visit.request.form()
    await _keep(visit, str(form.get("text", "")).replace("\r\n", "\n"), _key(str(form.get("request_key", ""))))
    return Response(status_code=204)


async def _keep(visit: Visit, text: str, key: UUID | None = None) -> None:
    at, typed = visit.desk, text[: 2 * LONGEST_ANSWER]
    try:
        await drafts.keep(at.store, at.clock.now(), case_id(visit), visit.staff_id, typed, key)
    except (Refused, Forgotten, Sealed):
        return  # nobody to keep it for: the words are on her screen, in the answer to this very request


async def _look(visit: Visit, text: str, *, seen: str, asked: bool) -> tuple[str, tuple[str, ...]]:
    """What is wrong with an answer, or how it will look when she must see that before it goes."""
    if not text:
        return words.EMPTY_ANSWER, ()
    if len(text) > LONGEST_ANSWER:
        return words.TOO_LONG_ANSWER, ()
    at = visit.desk
    try:
        shown = await replying.preview(at.store, visit.now, case_id(visit), visit.staff_id, text, at.library)
        async with at.store.data.connect() as conn:
            reach = await reaching.of(conn, case_id(visit))
    except (Refused, Forgotten, Sealed):
        return words.NOT_YOURS, ()
    if not reach.reachable or reach.stopped:
        return desk_words.NOT_REACHED_STOPPED if reach.stopped else desk_words.NOT_REACHED, ()
    return "", shown.texts if asked or (shown.cut and seen != mark(text)) else ()


def mark(text: str) -> str:
    """A short mark of exactly these words: what was looked at is what is sent."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


async def _send(visit: Visit, text: str, key: UUID) -> str:
    """Hand the answer over; returns what is wrong, or nothing."""
    at = visit.desk
    try:
        await desk.reply(at.store, at.clock.now(), case_id(visit), visit.staff_id, text, key, at.library)
    except (Refused, Forgotten, Sealed):
        return words.NOT_YOURS
    return ""


async def _answer(visit: Visit, problem: str, text: str, shown: tuple[str, ...]) -> Response:
    """The composer with what was typed in it, as a part of the page or as the whole page."""
    try:
        view = await open_case(visit)
    except (Refused, Sealed, Forgotten) as refusal:
        return shut(visit, refusal, text)
    values: dict[str, Any] = await parts(visit, view)
    values |= {"message": visit.say(problem) if problem else "", "draft": text, "preview": shown}
    values["seen"] = mark(text) if shown else ""
    status = 422 if problem else 200
    if visit.by_htmx:
        return HTMLResponse(visit.render("composer.html", **values) + visit.render("lines_part.html", **values), status)
    rows = await waiting(visit)
    return visit.page("case.html", status, rows=rows, urgent=urgent(rows), **values)


def _key(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()
