"""Every route against everybody: the table is the law, and nothing is missing from it."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from console.app import PAGES
from console.web.request import guarded
from console.web.roles import PERMISSIONS, first_page, may
from store.staff.models import ADMIN, AUDITOR, CASE_WORKER, COMMUNE_STAFF, COUNSELLOR, READING, ROLES, SHIFT_LEAD
from tests.support.console_room import MEMBERS, Room

OF_A_CASE = (
    *("case", "acknowledge", "reply", "close", "draft", "knock", "hand_on"),
    *("stage", "needs", "next_step", "commune", "note"),
)
"""Routes that concern one case."""


def routes(app: Starlette) -> dict[str, Route]:
    """The routes a console really serves."""
    return {route.name: route for route in app.routes if isinstance(route, Route)}


def test_every_route_is_in_the_table_and_every_line_of_it_is_a_route(room: Room) -> None:
    """The table and the routes name each other completely."""
    assert routes(room.app).keys() == PERMISSIONS.keys()
    assert len(PAGES) + 1 == len(PERMISSIONS)


def test_route_nobody_listed_does_not_start() -> None:
    """A page without a line in the table fails when the console is built, not when it is opened."""
    with pytest.raises(KeyError, match="export"):
        guarded(None, "export", None)  # type: ignore[arg-type]


def test_administrator_opens_no_route_that_shows_a_case() -> None:
    """Whoever looks after the machine reads no conversation; the two rights are never one role's."""
    for route in ("queue", "case_attachment", *OF_A_CASE):
        assert PERMISSIONS[route] == frozenset(READING)
        for role in (ADMIN, AUDITOR, COMMUNE_STAFF):
            assert not may(frozenset({role}), route)


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        ({COUNSELLOR}, "queue"),
        ({SHIFT_LEAD}, "queue"),
        ({AUDITOR, ADMIN}, "audit"),
        ({ADMIN}, "home"),
        ({COMMUNE_STAFF}, "broadcasts"),
        ({CASE_WORKER}, "check_ins"),
    ],
)
def test_first_page_is_one_she_may_open(roles: set[str], page: str) -> None:
    """Signing in never ends on a refusal."""
    assert first_page(frozenset(roles)) == page
    assert may(frozenset(roles), page)


async def ask(browser: httpx.AsyncClient, route: Route, path: str) -> int:
    """Use a route as a browser would and return the status; a stream is asked for its beginning only."""
    method = next(m for m in sorted(route.methods or ()) if m != "HEAD")
    if route.name.endswith("_stream"):
        async with browser.stream(method, path, headers={"hx-request": "true"}) as answer:
            return answer.status_code
    return (await browser.request(method, path)).status_code


async def test_every_route_for_nobody_for_the_wrong_and_for_the_right_role(room: Room) -> None:
    """Each route with each role and without any: exactly what the table says."""
    await room.hire(*MEMBERS)
    case = await room.person()
    logins = ("hoaban", "hoadao", "kiem", "quantri", "canbo", "hoamai", "duyettin", "bientap")
    visitors = {MEMBERS[login][1]: login for login in logins}
    assert visitors.keys() == set(ROLES)
    paths = {name: room.app.url_path_for(name, **_params(name, case)) for name in routes(room.app)}
    last = sorted(routes(room.app).items(), key=lambda item: item[0] == "leave")
    async with room.browser() as stranger:
        for name, route in last:
            _check_stranger(name, route, await ask(stranger, route, paths[name]))
    for role, login in visitors.items():
        room.real.advance(2)  # whoever was here before has guessed once, and guesses are counted by the second
        async with room.signed_in(login) as browser:
            for name, route in last:
                allowed = may(frozenset({role}), name)
                if name.endswith("_stream") and allowed:
                    continue  # held open; the tests of streams open them
                status = await ask(browser, route, paths[name])
                assert (status == 403) is not allowed, f"{role} at {name}: {status}"


def _params(name: str, case: object) -> dict[str, object]:
    if name == "case_attachment":
        return {"case_id": case, "attachment": uuid4()}
    if name.startswith("refer_"):
        return {"case_id": case, "referral": 1}
    if name == "static":
        return {"name": "console.css"}
    if name == "invite":
        return {"group_id": 1}
    if name in ("broadcast", "decide", "steer"):
        return {"broadcast_id": 1}
    if name in ("sound", "decide_recording"):
        return {"recording_id": 1}
    if name in ("take_drill", "remove_duty"):
        return {"drill" if name == "take_drill" else "duty": 1}
    if name in ("mark_tip", "moderate_question"):
        return {"tip_id" if name == "mark_tip" else "question_id": 1}
    if name == "task_done":
        return {"task_id": 1}
    if name.endswith("plan"):
        return {"plan_id": 1}
    return {"case_id": case} if name in (*OF_A_CASE, "refer") else {}


def _check_stranger(name: str, route: Route, status: int) -> None:
    if PERMISSIONS[name] is None:
        assert status in (200, 303, 401), f"anybody at {name}: {status}"  # 401: the sign-in itself, left empty
    elif "POST" in (route.methods or ()) or name.endswith("_stream"):
        assert status == 401, f"nobody at {name}: {status}"
    else:
        assert status == 303, f"nobody at {name}: {status}"
