"""The page request: who is asking, in which language, and how responses are made for her."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from console.labels import broadcasts as broadcast_labels
from console.web.bell import Bell, queue_and_bell
from console.web.console import Console
from console.web.forms import Form, read_form
from console.web.i18n import Localization, language_of
from console.web.lanes import Lanes, lanes
from console.web.site_map import Navigation
from content.cards.shelves import text_of
from content.directory.children import children
from content.directory.refusals import refusal_sentence
from content.review_gates import Gate
from store.approvals.models import Approval
from store.approvals.service import approvals_waiting
from store.cases.impartiality import Neighbourhood
from store.casework.queue import QueueRow
from store.casework.unanswered import Unanswered, UnansweredList, list_unanswered
from store.errors import Refused
from store.staff.sign_in import SignedIn
from store.unit_of_work import UnitOfWork, member_actor, unit_of_work


class PageRequest:
    """A request with its visitor; `present` is None on the pages that anybody may open."""

    def __init__(self, console: Console, request: Request, present: SignedIn | None) -> None:
        self.console = console
        self.request = request
        self.present = present
        self.l10n = Localization(language_of(request), console.provinces)
        self.now = console.clock.now()
        self._form: Form | None = None
        self.refused: Refused | None = None
        """Why what was asked for was not done; the page says it."""
        self.address = request.url.path
        """The path of the page that is shown."""
        self.queue: list[QueueRow] = []
        self.unanswered = UnansweredList(())
        self.bell: Bell | None = None
        """None for whoever reads no cases."""
        self.approvals: list[Approval] = []
        """What waits for her as a second person."""

    @property
    def answers_form(self) -> bool:
        """Whether this page is what became of a form: a code that is shown once, a form that came back as typed."""
        return self.request.method == "POST"

    async def load_queue(self, conn: AsyncConnection, around: Neighbourhood | None = None) -> None:
        """Look who waits, for the bell of the page and its desk, and what waits for this visitor's yes or no."""
        if self.may("queue"):
            self.queue, self.bell = await queue_and_bell(conn, self.now, self.staff_id, around)
            self.unanswered = await list_unanswered(conn, self.now, self.staff_id)
        if self.may("approvals"):
            self.approvals = await approvals_waiting(conn, self.staff_id, self.visitor.member.roles, around)

    def drawn_lanes(self) -> Lanes:
        """The lanes of the desk for this visitor, each row drawn."""
        found = lanes(self.queue, self.unanswered, self.staff_id)
        return Lanes(tuple(found), {row.key: self._lane_row(row) for lane in found for row in lane.rows})

    def _lane_row(self, row: QueueRow | Unanswered) -> Markup:
        return self._part("desk/unanswered_row.html" if isinstance(row, Unanswered) else "desk/lane_row.html", row=row)

    def _part(self, template: str, **values: Any) -> Markup:
        """Part of a page, to stand in another: the template has escaped what it holds."""
        return Markup(self.render(template, **values))  # noqa: S704

    @property
    def is_pane(self) -> bool:
        """Whether a page of the desk asks for what stands beside its lanes."""
        return "x-pane" in self.request.headers

    def unit_of_work(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin the transaction of what the visitor does."""
        actor = member_actor(self.staff_id, self.private_key)
        return unit_of_work(self.console.store, self.console.clock.now(), actor)

    def next_free(self, case_id: UUID) -> QueueRow | None:
        """The first case of the queue that she could take instead of this one."""
        others = (row for row in self.queue if row.free and row.drill is None and row.id != case_id)
        return next((row for row in others if row.acked_by != self.staff_id), None)

    async def form(self) -> Form:
        """The form that was sent, read once."""
        if self._form is None:
            self._form = await read_form(self.request)
        return self._form

    def number(self, name: str) -> int:
        """A number in the address of this page, by its name in the table of routes."""
        return int(self.request.path_params[name])

    @property
    def visitor(self) -> SignedIn:
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
    def is_htmx(self) -> bool:
        """Whether a part of a page is asked for, not a page."""
        return self.request.headers.get("hx-request") == "true"

    def translate(self, message: str, **values: object) -> str:
        """Translate a message and put values into it."""
        said = self.l10n.gettext(message)
        return said % values if values else said

    def path(self, route: str, **params: object) -> str:
        """The path of one of our routes."""
        app: Starlette = self.request.app
        return str(app.url_path_for(route, **params))

    def path_above(self, route: str) -> str:
        """The path of a page that this request's path lies below, with the values it shares."""
        app: Starlette = self.request.app
        names = next(one.param_convertors for one in app.routes if isinstance(one, Route) and one.name == route)
        return self.path(route, **{name: self.request.path_params[name] for name in names})

    def asset(self, name: str) -> str:
        """The path of an asset, with its version."""
        return f"{self.path('static', name=name)}?v={self.console.assets[name].version}"

    def card(self, name: str) -> str:
        """The title of a card in the reader's language; its id when it has none, or the content has it no more."""
        library = self.console.library
        return library.title(name, self.l10n.lang) if name in library.cards else name

    @property
    def report_number(self) -> str:
        """The number of the line that must be told of a child."""
        return self.console.library.services[children().report.service].numbers[0].display

    def channel(self, name: str) -> str:
        """What a channel is called; its name in the ledger when the content has it no more."""
        limits = self.console.library.limits.get(name)
        return limits.name if limits else name

    def gates(self, gates: Iterable[Gate]) -> list[str]:
        """Word open gates in the reader's language: what is open, of which service or law, in which texts."""
        return [self._gate(gate) for gate in gates]

    def _gate(self, gate: Gate) -> str:
        library, said = self.console.library, self.l10n.name(broadcast_labels.GATES, gate.kind)
        langs = ", ".join(text_of(library.languages[lang].name, self.l10n.lang) for lang in gate.langs)
        if gate.about in library.services:
            said = f"{library.fact('name', gate.about, self.l10n.lang)}: {said}"
        elif gate.about:
            said = f"{library.fact('law', gate.about, self.l10n.lang) or gate.about}: {said}"
        return f"{said} ({langs})" if langs else said

    def sentence(self, refused: Refused) -> str:
        """Why something was not done and what can be done, in the reader's language."""
        values = {name: self._value(value) for name, value in refused.values.items()}
        return refusal_sentence(refused.refusal, self.l10n.lang, values)

    def say(self, label: str, values: Mapping[str, object]) -> str:
        """A label in the reader's language, with its values as she writes times, spans and numbers."""
        return self.translate(label, **{name: self._value(value) for name, value in values.items()})

    def _value(self, value: object) -> str:
        if isinstance(value, tuple) and all(isinstance(one, Gate) for one in value):
            return "; ".join(self.gates(value))
        return self.l10n.value(value, self.now)

    def may(self, route: str) -> bool:
        """Whether the visitor may use a route."""
        return self.present is not None and self.console.site_map.may(self.present.member.roles, route)

    def navigation(self) -> list[tuple[str, Navigation]]:
        """The links at the head of the page: the routes this visitor may use that have a place there."""
        return [(route, place) for route, place in self.console.site_map.navigation.items() if self.may(route)]

    def render(self, template: str, **values: Any) -> str:
        """Fill a template for this visitor."""
        l10n = self.l10n
        return self.console.templates.get_template(template).render(
            page=self,
            member=self.present.member if self.present else None,
            now=self.now,
            lang=l10n.lang,
            l10n=l10n,
            gettext=l10n.gettext,
            ngettext=l10n.ngettext,
            _=l10n.gettext,
            **values,
        )

    def respond(self, template: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        return HTMLResponse(self.render(template, **values), status)

    def problem(self, message: str, status: int, draft: str = "", values: Mapping[str, object] = {}) -> Response:
        """Answer that something cannot be done, in one sentence; words typed for it come back as `draft`."""
        return self.respond("problem.html", status, message=self.translate(message, **values), draft=draft)

    def redirect(self, route: str, **params: object) -> Response:
        """Send the browser to another page of ours."""
        return RedirectResponse(self.path(route, **params), 303)


View = Callable[[PageRequest], Awaitable[Response]]
"""What answers a route."""
