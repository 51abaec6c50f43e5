"""The console: what staff see. One ASGI application, every path of it below /console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.config.paging import Partner
from bot.media.parser import Parser
from bot.trusted_proxies import Proxy
from console.labels import general as labels
from console.pages import live as streams
from console.pages.cases import attachments, cases, casework, deadlines, referrals, replies
from console.pages.checkins import checkins
from console.pages.content import card_recalls, recordings
from console.pages.groups import broadcasts
from console.pages.people import roster, sign_in
from console.pages.reports import audit, questions, tips
from console.web import assets
from console.web.events import Live
from console.web.request import ConsoleSettings, Desk, Pace, Page, Visit, guarded, known_visit
from console.web.roles import PERMISSIONS
from console.web.security import Guard
from content.library import Library
from scheduler.clock import Clock
from store.db.engine import Store

_CASE = "/console/cases/{case_id:uuid}"
_REFERRAL = _CASE + "/referrals/{referral:int}"
PAGES: tuple[tuple[str, str, str, Page], ...] = (
    ("signin", "GET", "/console/login", sign_in.show),
    ("enter", "POST", "/console/login", sign_in.enter),
    ("language", "POST", "/console/language", sign_in.language),
    ("home", "GET", "/console", sign_in.home),
    ("leave", "POST", "/console/logout", sign_in.leave),
    ("awake", "POST", "/console/awake", sign_in.awake),
    ("live_stream", "GET", "/console/live", streams.live_stream),
    ("queue", "GET", "/console/queue", cases.queue),
    ("case", "GET", _CASE, cases.case),
    ("case_attachment", "GET", _CASE + "/attached/{attachment:uuid}", attachments.case_attachment),
    ("acknowledge", "POST", _CASE + "/take", cases.acknowledge),
    ("reply", "POST", _CASE + "/reply", replies.reply),
    ("draft", "POST", _CASE + "/draft", replies.draft),
    ("knock", "POST", _CASE + "/knock", casework.knock),
    ("hand_on", "POST", _CASE + "/hand-on", casework.hand_on),
    ("stage", "POST", _CASE + "/stage", casework.stage),
    ("needs", "POST", _CASE + "/needs", casework.needs),
    ("next_step", "POST", _CASE + "/next", casework.next_step),
    ("commune", "POST", _CASE + "/commune", casework.commune),
    ("note", "POST", _CASE + "/note", casework.note),
    ("close", "POST", _CASE + "/close", cases.close),
    ("refer", "POST", _CASE + "/refer", referrals.refer),
    ("refer_confirm", "POST", _REFERRAL + "/confirm", referrals.confirm),
    ("refer_back", "POST", _REFERRAL + "/back", referrals.take_back),
    ("refer_hand", "POST", _REFERRAL + "/hand", referrals.hand),
    ("refer_receipt", "POST", _REFERRAL + "/receipt", referrals.receipt),
    ("board", "GET", "/console/deadlines", deadlines.board),
    ("take_drill", "POST", "/console/drills/{drill:int}/take", deadlines.take_drill),
    ("roster", "GET", "/console/roster", roster.show),
    ("add_duty", "POST", "/console/roster", roster.add),
    ("remove_duty", "POST", "/console/roster/{duty:int}/remove", roster.remove),
    ("call_code", "POST", "/console/roster/code", roster.call_code),
    ("call_address", "POST", "/console/roster/address", roster.call_address),
    ("audit", "GET", "/console/audit", audit.show),
    ("check_ins", "GET", "/console/check-ins", checkins.show),
    ("plan", "GET", "/console/check-ins/{plan_id:int}", checkins.plan),
    ("start_plan", "POST", "/console/check-ins/{plan_id:int}/start", checkins.start),
    ("change_plan", "POST", "/console/check-ins/{plan_id:int}/change", checkins.change),
    ("groups", "GET", "/console/groups", broadcasts.groups),
    ("create_group", "POST", "/console/groups", broadcasts.create_group),
    ("invite", "POST", "/console/groups/{group_id:int}/invite", broadcasts.invite),
    ("cards", "GET", "/console/cards", broadcasts.cards),
    ("approve_card", "POST", "/console/cards", broadcasts.approve_card),
    ("recall_card", "POST", "/console/cards/recall", card_recalls.recall_card),
    ("put_back_card", "POST", "/console/cards/back", card_recalls.put_back_card),
    ("broadcasts", "GET", "/console/broadcasts", broadcasts.broadcasts),
    ("propose", "POST", "/console/broadcasts", broadcasts.propose),
    ("broadcast", "GET", "/console/broadcasts/{broadcast_id:int}", broadcasts.broadcast),
    ("decide", "POST", "/console/broadcasts/{broadcast_id:int}/decide", broadcasts.decide),
    ("steer", "POST", "/console/broadcasts/{broadcast_id:int}/steer", broadcasts.steer),
    ("recordings", "GET", "/console/recordings", recordings.show),
    ("invite_speaker", "POST", "/console/recordings", recordings.invite),
    ("sound", "GET", "/console/recordings/{recording_id:int}/sound", recordings.sound),
    ("decide_recording", "POST", "/console/recordings/{recording_id:int}", recordings.decide),
    ("tips", "GET", "/console/tips", tips.show),
    ("mark_tip", "POST", "/console/tips/{tip_id:int}", tips.mark),
    ("questions", "GET", "/console/questions", questions.show),
    ("moderate_question", "POST", "/console/questions/{question_id:int}", questions.moderate),
    ("task_done", "POST", "/console/tasks/{task_id:int}/done", checkins.task_done),
)
"""Name, method, path and page of every route."""


def create(
    store: Store,
    clock: Clock,
    settings: ConsoleSettings,
    library: Library,
    *,
    real: Clock | None = None,
    pace: Pace | None = None,
    partners: Sequence[Partner] = (),
    proxies: Sequence[Proxy] = (),
    parser: Parser | None = None,
) -> Starlette:
    """Build the console on an open store.

    `clock` is the clock of the house; `real` (sessions, sign-in limits) is never the one a demo moves; `partners` are
    the services that take referrals, `proxies` whose word on where a visitor comes from is believed; `parser` takes
    apart what is chosen for an answer.
    Whoever serves it calls `await app.state.live.start()` before, and `await app.state.live.stop()` as soon as the
    house closes: open pages would otherwise hold the server.
    """
    loaded = assets.read()
    named = {partner.service: partner for partner in partners}
    live, real, pace, parser = Live(store), real or Clock(), pace or Pace(), parser or Parser()
    desk = Desk(store, clock, settings, library, live, loaded, real, pace, parser, named, proxies)

    async def static(visit: Visit) -> Response:
        return assets.answer(loaded, visit.request)

    pages = (*PAGES, ("static", "GET", "/console/static/{name:path}", static))
    unused = sorted(PERMISSIONS.keys() - {name for name, *_ in pages})
    if unused:
        raise KeyError(f"permissions name routes that do not exist: {', '.join(unused)}")
    routes: list[BaseRoute] = [
        Route(path, guarded(desk, name, page), methods=[method], name=name) for name, method, path, page in pages
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, public_url=settings.public_url)],
        exception_handlers={404: _missing(desk)},
    )
    app.router.redirect_slashes = False
    app.state.live = desk.live
    return app


def _missing(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, _: Exception) -> Response:
        return (await known_visit(desk, request)).problem(labels.NO_PAGE, 404)

    return answer
