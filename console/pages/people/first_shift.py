"""The first shift: a practice case in seven steps for whoever begins; what is typed in it is kept nowhere."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.web.request import PageRequest
from content.directory.first_shift import Feedback, PracticeAnswer, PracticeStep, first_shift
from content.library import PREVIEW
from content.schema import Texts
from store.staff import first_shift as finished_shifts


async def show(page: PageRequest) -> Response:
    """Show what the practice case is, and whether the visitor has gone through it."""
    async with page.console.store.data.connect() as conn:
        finished = await finished_shifts.finished_at(conn, page.staff_id)
    return page.respond("people/first_shift.html", steps=first_shift().steps, said=_said(page), finished=finished)


async def step(page: PageRequest) -> Response:
    """Show a step: the thread so far, and its question."""
    return _respond(page, _step(page))


async def answer(page: PageRequest) -> Response:
    """Tell why an answer is right or not; a right one leads on."""
    form, here = await page.form(), _step(page)
    if here.writes:
        typed = form.text("text")
        what = _feedback(page, typed)
        return _respond(page, here, told=here.feedback(what), right=what == "good", typed=typed)
    chosen = _chosen(here, form.text("answer"))
    return _respond(page, here, told=chosen.told, right=chosen.right, chosen=chosen)


async def finish(page: PageRequest) -> Response:
    """Note that the visitor has gone through it."""
    async with page.unit_of_work() as work:
        await finished_shifts.finish(work)
    return page.redirect("first_shift")


def _step(page: PageRequest) -> PracticeStep:
    number = page.number("step")
    if not 1 <= number <= len(first_shift().steps):
        raise HTTPException(404)
    return first_shift().steps[number - 1]


def _chosen(here: PracticeStep, number: str) -> PracticeAnswer:
    if not (number.isascii() and number.isdecimal() and int(number) < len(here.answers)):
        raise HTTPException(400)
    return here.answers[int(number)]


def _feedback(page: PageRequest, typed: str) -> Feedback:
    """What is to be said of a first line: harmless to whoever reads it, and answered by one digit."""
    if not typed:
        return "empty"
    if not page.console.library.is_neutral(typed):
        return "open"
    return "good" if {"1", "2"} <= set(typed) else "asking"


def _respond(
    page: PageRequest,
    here: PracticeStep,
    *,
    told: Texts | None = None,
    right: bool = False,
    typed: str = "",
    chosen: PracticeAnswer | None = None,
) -> Response:
    steps = first_shift().steps
    number = steps.index(here) + 1
    return page.respond(
        "people/first_shift_step.html",
        steps=steps,
        step=here,
        number=number,
        lines=[line for one in steps[:number] for line in one.said],
        said=_said(page),
        told=told,
        right=right,
        typed=typed,
        opening=" ".join(typed.split())[:PREVIEW],
        chosen=chosen,
    )


def _said(page: PageRequest) -> str:
    """The language of the practice case for this visitor."""
    return "en" if page.l10n.lang == "en" else "vi"
