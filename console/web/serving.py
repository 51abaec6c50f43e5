"""Serve a route: nobody reaches its view without the roles its row names, and whatever fails ends in a sentence."""

from __future__ import annotations

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
from store.db.engine import is_conflict
from store.errors import NOT_DONE, refused
from store.staff import sign_in
from store.staff.sign_in import SignedIn

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
    if route.kind is not Kind.ASSET:
        await console.refresh_header()
    if isinstance(route.roles, Public):
        return await route.view(PageRequest(console, request, None))
    present = await _present(console, request, touch=route.kind is not Kind.STREAM)
    page = PageRequest(console, request, present)
    if page.present is None:
        return _sign_in_first(page)
    if not page.is_htmx:
        await page.load_queue()
    if not page.may(route.name):
        return page.problem(labels.NO_RIGHT, 403)
    try:
        return await route.view(page)
    except NOT_DONE as error:
        return await answer_refused(page, refused(error), form)


async def known_page(console: Console, request: Request) -> PageRequest:
    """The request of a page that only says what went wrong: with its visitor and her bell while they can be had."""
    try:
        page = PageRequest(console, request, await _present(console, request, touch=False))
        await page.load_queue()
    except Exception:  # whatever failed before fails again: the sentence matters more
        return PageRequest(console, request, None)
    return page


async def _present(console: Console, request: Request, *, touch: bool) -> SignedIn | None:
    token = request.cookies.get(console.cookie)
    if not token:
        return None
    agent = request.headers.get("user-agent", "")
    return await sign_in.present(console.store, console.real_clock.now(), token, agent, touch=touch)


def _sign_in_first(page: PageRequest) -> Response:
    if page.is_htmx:
        return Response(status_code=401, headers={"HX-Redirect": page.path("signin")})
    if page.request.method != "GET":
        return page.respond("people/signin.html", 401, message=page.translate(labels.EXPIRED))
    return page.redirect("signin")
