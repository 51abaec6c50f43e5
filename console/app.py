"""The console as one ASGI application, every path of it below /console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route

from bot.config.paging import Partner
from bot.file_parser.parser import Parser
from bot.trusted_proxies import Proxy
from console.labels import general as labels
from console.routes import ROUTES, SITE_MAP
from console.web import assets
from console.web.compression import GzipMiddleware
from console.web.console import Console, ConsoleSettings, LiveIntervals
from console.web.i18n import LANGUAGES, catalogue
from console.web.routing import PageRoute, form_pages
from console.web.security import SecurityMiddleware
from console.web.serving import endpoint, known_page
from content.library import Library
from scheduler.clock import Clock
from store.db.engine import Store


def create(
    store: Store,
    clock: Clock,
    settings: ConsoleSettings,
    library: Library,
    *,
    real_clock: Clock | None = None,
    intervals: LiveIntervals | None = None,
    partners: Sequence[Partner] = (),
    proxies: Sequence[Proxy] = (),
    parser: Parser | None = None,
) -> Starlette:
    """Build the console on an open store.

    `clock` is the application's; `real_clock` (sessions, sign-in limits) is never the one a demo moves;
    `partners` are the services that take referrals, `proxies` whose word on where a visitor comes from is believed;
    `parser` takes apart what is chosen for an answer.
    Whoever serves it calls `await app.state.live.start()` before, and `await app.state.live.stop()` as soon as the
    application closes: open pages would otherwise hold the server.
    """
    for lang in LANGUAGES:
        catalogue(lang)  # a text that cannot be read stops the start, not a page
    console = Console(
        store,
        clock,
        settings,
        library,
        SITE_MAP,
        assets.read(),
        real_clock or Clock(),
        intervals or LiveIntervals(),
        parser or Parser(),
        {partner.service: partner for partner in partners},
        proxies,
    )
    forms = form_pages(ROUTES)
    routes: list[BaseRoute] = [
        Route(route.path, endpoint(console, route, forms.get(route.name)), methods=[route.method], name=route.name)
        for route in ROUTES
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(GzipMiddleware), Middleware(SecurityMiddleware, public_url=settings.public_url)],
        exception_handlers={404: _missing(console), 405: _form_only(console, forms)},
    )
    app.router.redirect_slashes = False
    app.state.live = console.live
    app.state.console = console
    return app


Handler = Callable[[Request, Exception], Awaitable[Response]]


def _missing(console: Console) -> Handler:
    async def answer(request: Request, _: Exception) -> Response:
        path = request.url.path.rstrip("/")
        if request.method == "GET" and path != request.url.path and _is_served(request, path):
            return RedirectResponse(path, 303)
        return (await known_page(console, request)).problem(labels.NO_PAGE, 404)

    return answer


def _is_served(request: Request, path: str) -> bool:
    scope = {**request.scope, "path": f"{request.scope.get('root_path', '')}{path}"}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _form_only(console: Console, forms: Mapping[str, PageRoute]) -> Handler:
    """An address to which only forms are sent, opened by hand or by going back: the page on which its form stands."""

    async def answer(request: Request, _: Exception) -> Response:
        for route in request.app.routes:
            match, scope = route.matches(request.scope)
            if match is not Match.NONE and request.method == "GET" and route.name in forms:
                request.scope["path_params"] = scope["path_params"]
                page = await known_page(console, request)
                return RedirectResponse(page.path_above(forms[route.name].name), 303)
        return (await known_page(console, request)).problem(labels.NO_PAGE, 405)

    return answer
