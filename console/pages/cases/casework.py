"""Work on a case beyond the talk: hand it on, its stage, needs and next step, notes for colleagues, the knock."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date
from uuid import UUID, uuid4

from starlette.responses import Response

from console.labels import casework as casework_labels
from console.labels import general as labels
from console.pages.cases.cases import case_id
from console.web.request import Visit
from store.casework import assignment, nudge, progress
from store.errors import Forgotten, Refused, Sealed


async def hand_on(visit: Visit) -> Response:
    """Hand the case to a colleague for a listed reason."""
    form = await visit.request.form()
    to, reason = _uuid(str(form.get("to", ""))), str(form.get("reason", ""))
    at, who = visit.desk, visit.staff_id
    doing = assignment.transfer(at.store, at.clock.now(), case_id(visit), who, visit.private_key, to, reason)
    return await _done(visit, doing, casework_labels.NOT_HANDED_ON, to="queue")


async def stage(visit: Visit) -> Response:
    """Move the case to another stage."""
    form = await visit.request.form()
    to, seen = str(form.get("stage", "")), str(form.get("from", ""))
    at = visit.desk
    doing = progress.move(at.store, at.clock.now(), case_id(visit), visit.staff_id, to, seen)
    return await _done(visit, doing, casework_labels.NOT_MOVED)


async def needs(visit: Visit) -> Response:
    """Write down what she needs."""
    form = await visit.request.form()
    chosen = [str(need) for need in form.getlist("need")]
    at = visit.desk
    doing = progress.set_needs(at.store, at.clock.now(), case_id(visit), visit.staff_id, chosen)
    return await _done(visit, doing, casework_labels.NOT_CHANGED)


async def next_step(visit: Visit) -> Response:
    """Write down the next step and its day."""
    form = await visit.request.form()
    step, day = str(form.get("step", "")), _day(str(form.get("day", "")))
    at = visit.desk
    doing = progress.plan_next(at.store, at.clock.now(), case_id(visit), visit.staff_id, step, day)
    return await _done(visit, doing, casework_labels.NOT_PLANNED)


async def commune(visit: Visit) -> Response:
    """Write down whether staff of her own commune may know of her."""
    form = await visit.request.form()
    at, allowed = visit.desk, form.get("allowed") == "yes"
    doing = progress.allow_commune(at.store, at.clock.now(), case_id(visit), visit.staff_id, allowed)
    return await _done(visit, doing, casework_labels.NOT_CHANGED)


async def note(visit: Visit) -> Response:
    """Write a private note; one that was not kept comes back with its words."""
    form = await visit.request.form()
    text = str(form.get("note", "")).replace("\r\n", "\n").strip()
    try:
        key = UUID(str(form.get("request_key", "")))
    except ValueError:
        key = uuid4()
    at = visit.desk
    doing = progress.note(at.store, at.clock.now(), case_id(visit), visit.staff_id, text, key)
    return await _done(visit, doing, casework_labels.NOT_NOTED, draft=text)


async def knock(visit: Visit) -> Response:
    """Knock once for somebody whose answer is kept."""
    at = visit.desk
    try:
        await nudge.knock(at.store, at.clock.now(), case_id(visit), visit.staff_id, at.library)
    except (Refused, Forgotten, Sealed) as refusal:
        return visit.problem(casework_labels.NO_KNOCK.get(str(refusal), labels.NOT_YOURS), 409)
    return visit.to("case", case_id=case_id(visit))


async def _done(visit: Visit, doing: Awaitable[None], refused: str, *, to: str = "case", draft: str = "") -> Response:
    """Do it and go on, or say in one sentence why nothing was changed."""
    try:
        await doing
    except (Refused, Forgotten, Sealed):
        return visit.problem(refused, 409, draft)
    return visit.to("queue") if to == "queue" else visit.to("case", case_id=case_id(visit))


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
