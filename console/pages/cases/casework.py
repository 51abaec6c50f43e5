"""Casework pages: hand a case on, its stage, needs and next step, private notes, the nudge."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date
from uuid import UUID, uuid4

from starlette.responses import Response

from console.pages.cases.cases import case_id
from console.web.request import PageRequest
from store.casework import assignment, nudge, progress


async def hand_on(page: PageRequest) -> Response:
    """Hand the case to a colleague for a listed reason."""
    form = await page.request.form()
    to, reason = _uuid(str(form.get("to", ""))), str(form.get("reason", ""))
    console, who = page.console, page.staff_id
    doing = assignment.transfer(console.store, console.clock.now(), case_id(page), who, page.private_key, to, reason)
    return await _done(page, doing, to="queue")


async def stage(page: PageRequest) -> Response:
    """Move the case to another stage."""
    form = await page.request.form()
    to, seen = str(form.get("stage", "")), str(form.get("from", ""))
    console = page.console
    doing = progress.move(console.store, console.clock.now(), case_id(page), page.staff_id, to, seen)
    return await _done(page, doing)


async def needs(page: PageRequest) -> Response:
    """Write down what she needs."""
    form = await page.request.form()
    chosen = [str(need) for need in form.getlist("need")]
    console = page.console
    doing = progress.set_needs(console.store, console.clock.now(), case_id(page), page.staff_id, chosen)
    return await _done(page, doing)


async def next_step(page: PageRequest) -> Response:
    """Write down the next step and its day."""
    form = await page.request.form()
    step, day = str(form.get("step", "")), _day(str(form.get("day", "")))
    console = page.console
    doing = progress.plan_next(console.store, console.clock.now(), case_id(page), page.staff_id, step, day)
    return await _done(page, doing)


async def commune(page: PageRequest) -> Response:
    """Write down whether staff of her own commune may know of her."""
    form = await page.request.form()
    console, allowed = page.console, form.get("allowed") == "yes"
    doing = progress.allow_commune(console.store, console.clock.now(), case_id(page), page.staff_id, allowed)
    return await _done(page, doing)


async def note(page: PageRequest) -> Response:
    """Write a private note; one that was not kept comes back with its words."""
    form = await page.request.form()
    text = str(form.get("note", "")).replace("\r\n", "\n").strip()
    try:
        key = UUID(str(form.get("request_key", "")))
    except ValueError:
        key = uuid4()
    console = page.console
    doing = progress.note(console.store, console.clock.now(), case_id(page), page.staff_id, text, key)
    return await _done(page, doing)


async def send_nudge(page: PageRequest) -> Response:
    """Nudge once for somebody whose answer is kept."""
    console = page.console
    await nudge.send_nudge(console.store, console.clock.now(), case_id(page), page.staff_id, console.library)
    return page.redirect("case", case_id=case_id(page))


async def _done(page: PageRequest, doing: Awaitable[None], *, to: str = "case") -> Response:
    """Do it and go on."""
    await doing
    return page.redirect("queue") if to == "queue" else page.redirect("case", case_id=case_id(page))


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
