"""Serve a route: nobody reaches its view without the roles its row names, and whatever fails ends in a sentence."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.labels import general as labels
from console.web.console import Console
from console.web.refusals import answer_refused
from console.web.request import PageRequest
from console.web.roles import Public
from console.web.routing import Kind, PageRoute
from store.cases.impartiality import member_and_neighbourhood
from store.db.engine import TROUBLE, is_conflict
from store.errors import NOT_DONE, refused
from store.staff import sign_in
from store.staff.sign_in import LiveSession

log = logging.getLogger("nhipcau.console")


def endpoint(console: Console, route: PageRoute, form: PageRoute | None) -> Callable[[Request], Awaitable[Response]]:
    """Make the function that serves a route; work undone for the sake of another's is done again.

    `form` is the page its form stands on.
    """

    async def serve(request: Request) -> Response:
        for again in (True, True, False):
            try:
                return await _serve(console, route, form, request)
            except HTTPException:
                raise
            except Exception as error:  # the last line: she sees a sentence, the journal a class name, nobody her words
                if again and is_conflict(error):  # undone for the sake of another's act: nothing of it was kept
                    continue
                log.error("a page of the console failed", extra={"reason": type(error).__name__}, exc_info=error)
                break
        return (await known_page(console, request)).problem(labels.FAILED, 500)

    return serve


async def _serve(console: Console, route: PageRoute, form: PageRoute | None, request: Request) -> Response:
    if route.kind is Kind.ASSET:
        return await route.view(PageRequest(console, request, None))
    if isinstance(route.roles, Public):
        with contextlib.suppress(*TROUBLE):  # whether the service is on hold stays as it was known
            async with console.store.data.connect() as conn:
                await console.refresh_header(conn)
        return await route.view(PageRequest(console, request, None))
    page = await _page(console, request, touch=route.kind is not Kind.STREAM)
    if page.present is None:
        return _sign_in_first(page)
    if not page.may(route.name):
        return page.problem(labels.NO_RIGHT, 403)
    if form is not None:
        page.address = page.path_above(form.name)  # what answers a form has no address that could be opened
    try:
        return await route.view(page)
    except NOT_DONE as error:
        return await answer_refused(page, refused(error), form)


async def known_page(console: Console, request: Request) -> PageRequest:
    """The request of a page that only says what went wrong: with its visitor and her bell while they can be had."""
    try:
        return await _page(console, request, touch=False)
    except Exception:  # whatever failed before fails again: the sentence matters more
        return PageRequest(console, request, None)


async def _page(console: Console, request: Request, *, touch: bool) -> PageRequest:
    """The request with its visitor, and the head of the page, read at once: who waits, what is unread, a hold."""
    session = await _session(console, request, touch=touch)
    async with console.store.data.connect() as conn:
        await console.refresh_header(conn)
        if session is None:
            return PageRequest(console, request, None)
        who, around = await member_and_neighbourhood(conn, session.staff_id)
        page = PageRequest(console, request, None if who is None else sign_in.signed_in(session, who))
        if not page.is_htmx:
            await page.load_queue(conn, around)
    return page


async def _session(console: Console, request: Request, *, touch: bool) -> LiveSession | None:
    token = request.cookies.get(console.cookie)
    if not token:
        return None
    agent = request.headers.get("user-agent", "")
    return await sign_in.live_session(console.store, console.real_clock.now(), token, agent, touch=touch)


def _sign_in_first(page: PageRequest) -> Response:
    if page.is_htmx:
        return Response(status_code=401, headers={"HX-Redirect": page.path("signin")})
    if page.request.method != "GET":
        return page.respond("people/signin.html", 401, message=page.translate(labels.EXPIRED))
    return page.redirect("signin")
