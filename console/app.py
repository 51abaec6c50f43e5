"""The console as one ASGI application, every path of it below /console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.config.paging import Partner
from bot.file_parser.parser import Parser
from bot.trusted_proxies import Proxy
from console.labels import general as labels
from console.routes import ROUTES, SITE_MAP
from console.web import assets
from console.web.console import Console, ConsoleSettings, LiveIntervals
from console.web.i18n import LANGUAGES, catalogue
from console.web.routing import form_pages
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
        middleware=[Middleware(SecurityMiddleware, public_url=settings.public_url)],
        exception_handlers={404: _missing(console)},
    )
    app.router.redirect_slashes = False
    app.state.live = console.live
    app.state.console = console
    return app


def _missing(console: Console) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, _: Exception) -> Response:
        return (await known_page(console, request)).problem(labels.NO_PAGE, 404)

    return answer
