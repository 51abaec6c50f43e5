"""One request: who is asking, in which language, and how answers are made for her."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.config.paging import Partner
from bot.media.parser import Parser
from bot.trusted_proxies import Proxy
from console.labels import casework as casework_labels
from console.labels import general as labels
from console.labels import referrals as referral_labels
from console.pages.cases.bell import Bell, look
from console.web.assets import Asset
from console.web.due_times import URGENT, due
from console.web.events import Live
from console.web.i18n import LANGUAGES, Speech, language_of
from console.web.roles import PERMISSIONS, may
from content.cards.shelves import text_of
from content.library import Library
from content.review_gates import Gate
from scheduler.clock import Clock
from store.casework.queue import QueueRow
from store.db.engine import TROUBLE, Store, is_conflict
from store.messages import hold
from store.messages.hold import Hold
from store.staff import sign_in
from store.staff.sign_in import Present
from store.staff.sign_in_limits import Turns
from store.submissions import service as submissions

log = logging.getLogger("nhipcau.console")


class ConsoleSettings(Protocol):
    """The settings the console needs."""

    @property
    def public_url(self) -> str:
        """Where browsers reach us: scheme, host, port."""

    @property
    def secure_cookies(self) -> bool:
        """False only where the demo speaks plain HTTP."""

    @property
    def demo(self) -> bool:
        """Whether every page says that this is a trial."""


class Pace(msgspec.Struct, frozen=True):
    """How often an open page looks after itself, in seconds of real time.

    `alive`: a sign of life, the page warns when two of them are missing. `check`: whether its session still stands.
    `follow`: what became of an answer that is under way.
    """

    alive: float = 15
    check: float = 5
    follow: float = 1


class Desk:
    """What every page of this process shares."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: ConsoleSettings,
        library: Library,
        live: Live,
        assets: Mapping[str, Asset],
        real: Clock,
        pace: Pace,
        parser: Parser,
        partners: Mapping[str, Partner] = {},
        proxies: Sequence[Proxy] = (),
    ) -> None:
        self.parser = parser
        self.partners = partners
        self.proxies = proxies
        self.turns = Turns()
        self.store = store
        self.clock = clock
        self.settings = settings
        self.library = library
        self.live = live
        self.assets = assets
        self.real = real
        self.pace = pace
        self.pages = Environment(
            loader=PackageLoader("console"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.pages.globals.update(
            words=labels,
            desk_words=casework_labels,
            referral_words=referral_labels,
            LANGUAGES=LANGUAGES,
            due=due,
            URGENT=URGENT,
        )
        self.cookie_prefix = "__Host-" if settings.secure_cookies else ""
        self.cookie = f"{self.cookie_prefix}sid"
        self.hold: Hold | None = None
        self.unread = submissions.Unread()
        self.provinces = {area.code: area.name for area in library.areas.provinces.values()}

    async def look_around(self) -> None:
        """Note for the head of every page whether the house is held and what nobody has read; unknown: as it was."""
        with contextlib.suppress(*TROUBLE):
            async with self.store.data.connect() as conn:
                self.hold = await hold.find(conn)
                self.unread = await submissions.unread(conn)


class Visit:
    """A request with its visitor; `present` is None on the pages that anybody may open."""

    def __init__(self, desk: Desk, request: Request, present: Present | None) -> None:
        self.desk = desk
        self.request = request
        self.present = present
        self.speech = Speech(language_of(request), desk.provinces)
        self.now = desk.clock.now()
        self.rows: list[QueueRow] = []
        self.bell: Bell | None = None
        """None for whoever reads no cases."""

    async def listen(self) -> None:
        """Look who waits, for the bell of the page and its queue; nothing for whoever reads no cases."""
        if self.may("queue"):
            self.rows, self.bell = await look(self.desk.store, self.staff_id)

    @property
    def visitor(self) -> Present:
        """Who is signed in; a page that anybody may open must not ask. Raises HTTPException 401."""
        if self.present is None:
            raise HTTPException(401)
        return self.present

    @property
    def staff_id(self) -> UUID:
        """Who is asking, on a page that needs to know."""
        return self.visitor.member.id

    @property
    def scope(self) -> str:
        """The area she works for; lists show what lies in it."""
        return self.visitor.member.scope

    @property
    def session(self) -> str:
        """A mark of this signing in, by which pages of one browser know whose live stream they share."""
        return self.visitor.sid_hash.hex()[:16]

    @property
    def private_key(self) -> bytes:
        """Her opened key, for the length of this request."""
        return self.visitor.private_key

    @property
    def by_htmx(self) -> bool:
        """Whether a part of a page is asked for, not a page."""
        return self.request.headers.get("hx-request") == "true"

    def say(self, message: str, **values: object) -> str:
        """Translate a message and put values into it."""
        said = self.speech.gettext(message)
        return said % values if values else said

    def path(self, route: str, **params: object) -> str:
        """The path of one of our routes."""
        app: Starlette = self.request.app
        return str(app.url_path_for(route, **params))

    def asset(self, name: str) -> str:
        """The path of an asset, with its version."""
        return f"{self.path('static', name=name)}?v={self.desk.assets[name].version}"

    def card(self, name: str) -> str:
        """The title of a card in the reader's language; its id when it has none, or the content has it no more."""
        library = self.desk.library
        return library.title(name, self.speech.lang) if name in library.cards else name

    def gates(self, gates: Iterable[Gate]) -> list[str]:
        """Word open gates in the reader's language: what is open, of which service or law, in which texts."""
        return [self._gate(gate) for gate in gates]

    def _gate(self, gate: Gate) -> str:
        library, said = self.desk.library, self.speech.name(labels.GATES, gate.kind)
        langs = ", ".join(text_of(library.languages[lang].name, self.speech.lang) for lang in gate.langs)
        if gate.about in library.services:
            said = f"{library.fact('name', gate.about, self.speech.lang)}: {said}"
        elif gate.about:
            said = f"{library.fact('law', gate.about, self.speech.lang) or gate.about}: {said}"
        return f"{said} ({langs})" if langs else said

    def may(self, route: str) -> bool:
        """Whether the visitor may use a route."""
        return self.present is not None and may(self.present.member.roles, route)

    def render(self, template: str, **values: Any) -> str:
        """Fill a template for this visitor."""
        speech = self.speech
        return self.desk.pages.get_template(template).render(
            visit=self,
            member=self.present.member if self.present else None,
            now=self.now,
            lang=speech.lang,
            speech=speech,
            gettext=speech.gettext,
            ngettext=speech.ngettext,
            _=speech.gettext,
            **values,
        )

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        return HTMLResponse(self.render(template, **values), status)

    def problem(self, message: str, status: int, draft: str = "", values: Mapping[str, object] = {}) -> Response:
        """Answer that something cannot be done, in one sentence; words typed for it come back as `draft`."""
        return self.page("problem.html", status, message=self.say(message, **values), draft=draft)

    def to(self, route: str, **params: object) -> Response:
        """Send the browser to another page of ours."""
        return RedirectResponse(self.path(route, **params), 303)


Page = Callable[[Visit], Awaitable[Response]]


def guarded(desk: Desk, route: str, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Wrap a page so that nobody reaches it without the permission its route is listed with.

    Raises KeyError at once for a route that is not listed.
    """
    listed = PERMISSIONS[route]

    async def serve(request: Request) -> Response:
        if route != "static":
            await desk.look_around()
        if listed is None:
            return await page(Visit(desk, request, None))
        visit = Visit(desk, request, await _present(desk, request, touch=not route.endswith("_stream")))
        if visit.present is None:
            return _sign_in_first(visit)
        if not visit.by_htmx:
            await visit.listen()
        if not visit.may(route):
            return visit.problem(labels.NO_RIGHT, 403)
        return await page(visit)

    async def serve_safely(request: Request) -> Response:
        for again in (True, True, False):
            try:
                return await serve(request)
            except HTTPException:
                raise
            except Exception as error:  # the last line: she sees a sentence, the journal a class name, nobody her words
                if again and is_conflict(error):  # undone for the sake of another's act: nothing of it was kept
                    continue
                log.error("a page of the console failed", extra={"reason": type(error).__name__}, exc_info=error)
                break
        return (await known_visit(desk, request)).problem(labels.FAILED, 500)

    return serve_safely


async def known_visit(desk: Desk, request: Request) -> Visit:
    """The visit of a page that only says what went wrong: with its visitor and her bell while they can be had."""
    try:
        visit = Visit(desk, request, await _present(desk, request, touch=False))
        await visit.listen()
    except Exception:  # whatever failed before fails again: the sentence matters more
        return Visit(desk, request, None)
    return visit


async def _present(desk: Desk, request: Request, *, touch: bool) -> Present | None:
    token = request.cookies.get(desk.cookie)
    if not token:
        return None
    agent = request.headers.get("user-agent", "")
    return await sign_in.present(desk.store, desk.real.now(), token, agent, touch=touch)


def _sign_in_first(visit: Visit) -> Response:
    if visit.by_htmx:
        return Response(status_code=401, headers={"HX-Redirect": visit.path("signin")})
    if visit.request.method != "GET":
        return visit.page("people/signin.html", 401, message=visit.say(labels.EXPIRED))
    return visit.to("signin")
