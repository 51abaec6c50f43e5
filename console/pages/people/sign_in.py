"""Signing in and out, the first page, the language."""

from __future__ import annotations

import re

from starlette.responses import RedirectResponse, Response

from bot.trusted_proxies import source_of
from console.labels import general as labels
from console.web.i18n import COOKIE, LANGUAGES
from console.web.request import Visit
from console.web.roles import first_page
from store.staff import devices, sign_in
from store.staff.devices import Device
from store.staff.models import LONGEST, Member
from store.staff.sign_in import WrongLogin
from store.staff.sign_in_limits import TooOften

_OURS = re.compile(r"/console(/[\w/-]*)?", re.ASCII)


async def show(visit: Visit) -> Response:
    """Show the sign-in page; a page that was sent here when its session ended says so."""
    ended = "ended" in visit.request.query_params
    return visit.page("people/signin.html", message=visit.say(labels.ENDED) if ended else "")


async def enter(visit: Visit) -> Response:
    """Sign in with name and passphrase; one cookie carries the opened vault, another makes her device known."""
    form = await visit.request.form()
    login = str(form.get("login", ""))[:64]
    device = _device(visit, login)
    try:
        token, member = await sign_in.enter(
            visit.desk.store,
            visit.desk.real.now(),
            login=login,
            passphrase=str(form.get("passphrase", ""))[:LONGEST],
            agent=visit.request.headers.get("user-agent", ""),
            source=_source(visit),
            device=device,
            turns=visit.desk.turns,
        )
    except TooOften as slow:
        seconds = int(slow.after) + 1
        answer = visit.page("people/signin.html", 429, message=visit.say(labels.TOO_OFTEN, seconds=seconds))
        answer.headers["retry-after"] = str(seconds)
        return answer
    except WrongLogin:
        return visit.page("people/signin.html", 401, message=visit.say(labels.WRONG_LOGIN))
    answer = visit.to(first_page(member.roles))
    _set_cookie(visit, answer, visit.desk.cookie, token)
    _remember(visit, answer, member, device)
    return answer


def _source(visit: Visit) -> str:
    client = visit.request.client
    forwarded = visit.request.headers.getlist("x-forwarded-for")
    return source_of(client.host if client else None, forwarded, visit.desk.proxies)


def _device(visit: Visit, login: str) -> Device | None:
    house = visit.desk.store.house
    cookie = visit.request.cookies.get(visit.desk.cookie_prefix + devices.cookie_name(house, login), "")
    return devices.read(house, visit.desk.real.now(), login, cookie)


def _remember(visit: Visit, answer: Response, member: Member, device: Device | None) -> None:
    """Make her browser a known device, for half a year from now."""
    house = visit.desk.store.house
    name = visit.desk.cookie_prefix + devices.cookie_name(house, member.login)
    value = devices.issue(house, visit.desk.real.now(), member, device)
    _set_cookie(visit, answer, name, value, int(devices.LIVES.total_seconds()))


def _set_cookie(visit: Visit, answer: Response, name: str, value: str, age: int | None = None) -> None:
    secure = visit.desk.settings.secure_cookies
    answer.set_cookie(name, value, age, httponly=True, secure=secure, samesite="strict", path="/")


async def leave(visit: Visit) -> Response:
    """Sign out; the session is gone on every page at once."""
    await sign_in.leave(visit.desk.store, visit.desk.real.now(), visit.request.cookies[visit.desk.cookie])
    visit.desk.live.tell_all("session")
    answer = visit.to("signin")
    secure = visit.desk.settings.secure_cookies
    answer.delete_cookie(visit.desk.cookie, httponly=True, secure=secure, samesite="strict", path="/")
    answer.headers["clear-site-data"] = '"storage"'
    return answer


async def awake(visit: Visit) -> Response:
    """Hear from a page that its reader is there, typing or reading; asking is what keeps the session."""
    return Response(status_code=204)


async def home(visit: Visit) -> Response:
    """Send a visitor to her first page, or tell her what her role is for."""
    first = first_page(visit.visitor.member.roles)
    return visit.page("home.html") if first == "home" else visit.to(first)


async def language(visit: Visit) -> Response:
    """Remember the language and go back to the page she came from."""
    form = await visit.request.form()
    chosen, back = str(form.get("lang", "")), str(form.get("back", ""))
    if not _OURS.fullmatch(back):
        back = visit.path("home")
    answer = RedirectResponse(back, 303)
    if chosen in LANGUAGES:
        secure = visit.desk.settings.secure_cookies
        answer.set_cookie(COOKIE, chosen, 31_536_000, secure=secure, httponly=True, samesite="strict", path="/console")
    return answer
