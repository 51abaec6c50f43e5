"""Sign-in pages: in and out, the first page, the language."""

from __future__ import annotations

import re

from starlette.responses import RedirectResponse, Response

from bot.trusted_proxies import source_of
from console.labels import general as labels
from console.web.i18n import COOKIE, LANGUAGES
from console.web.request import PageRequest
from store.staff import devices, sign_in
from store.staff.devices import Device
from store.staff.models import LONGEST, Member
from store.staff.sign_in import SignInAttempt, WrongLogin
from store.staff.sign_in_limits import TooOften

_OURS = re.compile(r"/console(/[\w/-]*)?", re.ASCII)


async def show(page: PageRequest) -> Response:
    """Show the sign-in page; a page that was sent here when its session ended says so."""
    ended = "ended" in page.request.query_params
    return page.respond("people/signin.html", message=page.translate(labels.ENDED) if ended else "")


async def enter(page: PageRequest) -> Response:
    """Sign in with name and passphrase; one cookie carries the opened vault, another makes her device known."""
    form = await page.request.form()
    login = str(form.get("login", ""))[:64]
    device = _device(page, login)
    words, agent = str(form.get("passphrase", ""))[:LONGEST], page.request.headers.get("user-agent", "")
    attempt = SignInAttempt(login, words, agent, _source(page), device)
    console = page.console
    try:
        token, member = await sign_in.enter(console.store, console.real_clock.now(), attempt, console.turns)
    except TooOften as slow:
        answer = page.respond("people/signin.html", 429, message=page.sentence(slow))
        answer.headers["retry-after"] = str(slow.values["seconds"])
        return answer
    except WrongLogin as wrong:
        return page.respond("people/signin.html", 401, message=page.sentence(wrong))
    answer = page.redirect(console.site_map.first_page(member.roles))
    _set_cookie(page, answer, console.cookie, token)
    _remember(page, answer, member, device)
    return answer


def _source(page: PageRequest) -> str:
    client = page.request.client
    forwarded = page.request.headers.getlist("x-forwarded-for")
    return source_of(client.host if client else None, forwarded, page.console.proxies)


def _device(page: PageRequest, login: str) -> Device | None:
    keys = page.console.store.keys
    cookie = page.request.cookies.get(page.console.cookie_prefix + devices.cookie_name(keys, login), "")
    return devices.read(keys, page.console.real_clock.now(), login, cookie)


def _remember(page: PageRequest, answer: Response, member: Member, device: Device | None) -> None:
    """Make her browser a known device, for half a year from now."""
    keys = page.console.store.keys
    name = page.console.cookie_prefix + devices.cookie_name(keys, member.login)
    value = devices.issue(keys, page.console.real_clock.now(), member, device)
    _set_cookie(page, answer, name, value, int(devices.LIVES.total_seconds()))


def _set_cookie(page: PageRequest, answer: Response, name: str, value: str, age: int | None = None) -> None:
    secure = page.console.settings.secure_cookies
    answer.set_cookie(name, value, age, httponly=True, secure=secure, samesite="strict", path="/")


async def leave(page: PageRequest) -> Response:
    """Sign out; the session is gone on every page at once."""
    await sign_in.leave(page.console.store, page.console.real_clock.now(), page.request.cookies[page.console.cookie])
    page.console.live.tell_all("session")
    answer = page.redirect("signin")
    secure = page.console.settings.secure_cookies
    answer.delete_cookie(page.console.cookie, httponly=True, secure=secure, samesite="strict", path="/")
    answer.headers["clear-site-data"] = '"storage"'
    return answer


async def awake(page: PageRequest) -> Response:
    """Hear from a page that its reader is there, typing or reading; asking is what keeps the session."""
    return Response(status_code=204)


async def home(page: PageRequest) -> Response:
    """Send a visitor to her first page, or tell her what her role is for."""
    first = page.console.site_map.first_page(page.visitor.member.roles)
    return page.respond("home.html") if first == "home" else page.redirect(first)


async def language(page: PageRequest) -> Response:
    """Remember the language and go back to the page she came from."""
    form = await page.request.form()
    chosen, back = str(form.get("lang", "")), str(form.get("back", ""))
    if not _OURS.fullmatch(back):
        back = page.path("home")
    answer = RedirectResponse(back, 303)
    if chosen in LANGUAGES:
        secure = page.console.settings.secure_cookies
        answer.set_cookie(COOKIE, chosen, 31_536_000, secure=secure, httponly=True, samesite="strict", path="/console")
    return answer
