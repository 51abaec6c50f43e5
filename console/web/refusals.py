"""Answer to what was refused: its own reason and the way out, on the page its form stands on, with what was typed."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response

from console.web.form_filling import Typed, fill_form
from console.web.request import PageRequest
from console.web.routing import PageRoute
from store.errors import NOT_DONE, Refused
from store.refusals import Kind

STATUS = {Kind.MISSING: 404, Kind.DENIED: 403, Kind.CONFLICT: 409, Kind.INVALID: 422}


async def answer_refused(page: PageRequest, refused: Refused, form: PageRoute | None) -> Response:
    """Show the page of the form with the reason and the form as it was sent; else a page with the words typed."""
    page.refused, status = refused, STATUS[refused.refusal.kind]
    typed = (await page.form()).typed() if page.request.method == "POST" else []
    if form is not None and (filled := await _form_page(page, form, typed)) is not None:
        return HTMLResponse(filled, status)
    words = "\n".join(value for _, value in typed if " " in value)
    values = {"message": page.sentence(refused), "draft": words, "refusal_shown": True}
    return page.respond("problem.html", status, **values)


async def _form_page(page: PageRequest, form: PageRoute, typed: Typed) -> str | None:
    """The page of the form; None where it is closed to her too, or offers her no form for what she typed."""
    try:
        shown = await form.view(page)
    except NOT_DONE:
        page.address = page.path("home")
        return None
    html = bytes(shown.body).decode()
    return fill_form(html, page.request.url.path, typed) or (None if typed else html)
