"""Casework pages: hand a case on, its stage, needs and next step, private notes, the nudge."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id, to_case
from console.web.request import PageRequest
from store.cases import rekey
from store.casework import assignment, nudge, progress


async def hand_on(page: PageRequest) -> Response:
    """Hand the case to a colleague for a listed reason."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await assignment.transfer(work, case_id(page), form.uuid("to"), form.text("reason"))
    return page.redirect("queue")


async def stage(page: PageRequest) -> Response:
    """Move the case to another stage."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await progress.move(work, case_id(page), form.text("stage"), form.text("from"))
    return to_case(page)


async def needs(page: PageRequest) -> Response:
    """Write down what she needs."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await progress.set_needs(work, case_id(page), form.texts("need"))
    return to_case(page)


async def next_step(page: PageRequest) -> Response:
    """Write down the next step and its day."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await progress.plan_next(work, case_id(page), form.text("step"), form.day("day"))
    return to_case(page)


async def commune(page: PageRequest) -> Response:
    """Write down whether staff of her own commune may know of her."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await progress.allow_commune(work, case_id(page), allowed=form.text("allowed") == "yes")
    await rekey.follow_roster(page.console.store, page.now)
    return to_case(page)


async def note(page: PageRequest) -> Response:
    """Write a private note; one that was not kept comes back with its words."""
    form = await page.form()
    async with page.unit_of_work() as work:
        await progress.note(work, case_id(page), form.text("note"), form.request_key())
    return to_case(page)


async def send_nudge(page: PageRequest) -> Response:
    """Nudge once for somebody whose answer is kept."""
    async with page.unit_of_work() as work:
        await nudge.send_nudge(work, case_id(page), page.console.library)
    return to_case(page)
