"""Urgent help: ask for it, decide as a second person, and say what became of the notice to her."""

from __future__ import annotations

from starlette.responses import Response

from console.pages.cases.cases import case_id
from console.pages.cases.corrections import done
from console.web.request import PageRequest
from store.urgent_help import service
from store.urgent_help.models import NewUrgentHelp


async def ask(page: PageRequest) -> Response:
    """Ask a second person whether a service may be told without her yes."""
    form = await page.form()
    new = NewUrgentHelp(
        service=form.text("service"),
        reason=form.text("reason"),
        told=form.text("told"),
        why=form.text("why"),
        said=form.text("said"),
    )
    async with page.unit_of_work() as work:
        await service.ask(work, case_id(page), new)
    return done(page)


async def decide(page: PageRequest) -> Response:
    """Agree as a second person, or say no; whoever asked takes it back."""
    form = await page.form()
    async with page.unit_of_work() as work:
        if form.text("answer") == "yes":
            await service.confirm(work, case_id(page), page.number("help"))
        else:
            await service.decline(work, case_id(page), page.number("help"))
    return done(page)


async def notice(page: PageRequest) -> Response:
    """Say that she was told, or that it is not safe to tell her; decide on that as a second person."""
    form, about, number = await page.form(), case_id(page), page.number("help")
    async with page.unit_of_work() as work:
        match form.text("answer"):
            case "told":
                await service.note_told(work, about, number, form.text("words"))
            case "unsafe":
                await service.say_unsafe(work, about, number, form.text("words"))
            case answer:
                await service.decide_unsafe(work, about, number, unsafe=answer == "yes")
    return done(page)
