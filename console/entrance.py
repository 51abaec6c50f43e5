"""Signing in and out, the first page, the language."""

from __future__ import annotations

import re

from starlette.responses import RedirectResponse, Response

from console import words
from console.permissions import first_page
from console.speech import COOKIE, LANGUAGES
from console.visit import Visit
from store import signin
from store.signin import TooOften, WrongLogin

_OURS = re.compile(r"/console(/[\w/-]*)?", re.ASCII)


async def show(visit: Visit) -> Response:
    """Show the sign-in page; a page that was sent here when its session ended says so."""
    ended = "ended" in visit.request.query_params
    return visit.page("signin.html", message=visit.say(words.ENDED) if ended else "")


async def enter(visit: Visit) -> Response:
    """Sign in with name and passphrase; the cookie carries the opened vault."""
    form = await visit.request.form()
    client = visit.request.client
    try:
        token, member = await signin.enter(
            visit.desk.store,
            visit.desk.real.now(),
            login=str(form.get("login", ""))[:64],
            passphrase=str(form.get("passphrase", ""))[:256],
            agent=visit.request.headers.get("user-agent", ""),
            source=client.host if client else "",
        )
    except TooOften as slow:
        seconds = int(slow.after) + 1
        answer = visit.page("signin.html", 429, message=visit.say(words.TOO_OFTEN, seconds=seconds))
        answer.headers["retry-after"] = str(seconds)
        return answer
    except WrongLogin:
        return visit.page("signin.html", 401, message=visit.say(words.WRONG_LOGIN))
    answer = visit.to(first_page(member.roles))
    _set_cookie(visit, answer, token)
    return answer


def _set_cookie(visit: Visit, answer: Response, token: str) -> None:
    secure = visit.desk.settings.secure_cookies
    answer.set_cookie(visit.desk.cookie, token, httponly=True, secure=secure, samesite="strict", path="/")


async def leave(visit: Visit) -> Response:
    """Sign out; the session is gone on every page at once."""
    await signin.leave(visit.desk.store, visit.desk.real.now(), visit.request.cookies[visit.desk.cookie])
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
