"""Every route against everybody: the table is the law, and nothing is missing from it."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.routing import Route

from console.pages.static import static
from console.routes import FIRST_PAGES, ROUTES, SITE_MAP
from console.web.roles import ANYBODY, SIGNED_IN, Access
from console.web.routing import Kind, PageRoute, site_map
from store.staff.models import ADMIN, AUDITOR, CASE_WORKER, COMMUNE_STAFF, COUNSELLOR, READING, ROLES, SHIFT_LEAD
from tests.support.console_room import MEMBERS, Room

OF_A_CASE = (
    *("case", "acknowledge", "reply", "close", "draft", "knock", "hand_on"),
    *("stage", "needs", "next_step", "commune", "note"),
    *("own_words", "keep_own_words", "make_words_page"),
)
"""Routes that concern one case."""


def test_every_route_that_is_served_is_a_row_of_the_table(room: Room) -> None:
    """Nothing is served beside the table: name, path and method of each route are those of its row."""
    served = [(r.name, r.path, (r.methods or set()) - {"HEAD"}) for r in room.app.routes if isinstance(r, Route)]
    assert len(served) == len(room.app.routes)
    assert served == [(row.name, row.path, {row.method}) for row in ROUTES]


def test_route_that_does_not_say_who_may_use_it_cannot_be_declared() -> None:
    """A row without roles is no row: it fails where it is written, not when somebody opens the page."""
    with pytest.raises(TypeError, match="roles"):
        PageRoute("export", "GET", "/console/export", static)  # type: ignore[call-arg]


@pytest.mark.parametrize("roles", [None, frozenset(), frozenset({"boss"}), SIGNED_IN | {"boss"}, "counsellor"])
def test_route_open_to_nothing_in_particular_is_refused_by_name(roles: Access) -> None:
    """No roles, a role that does not exist, a word instead of a set: the sentence names the route and the remedy."""
    with pytest.raises(ValueError, match=r"the route export \(GET /console/export\) does not say who .* ANYBODY"):
        PageRoute("export", "GET", "/console/export", static, roles)


def test_table_with_two_rows_for_one_thing_does_not_start() -> None:
    """Of two rows with one name or one address the second would never be met."""
    row = PageRoute("export", "GET", "/console/export", static, SIGNED_IN)
    for other in (
        PageRoute("export", "GET", "/console/other", static, SIGNED_IN),
        PageRoute("other", "GET", "/console/export", static, SIGNED_IN),
    ):
        with pytest.raises(ValueError, match=r"two rows for .*export"):
            site_map([*ROUTES, row, other], FIRST_PAGES)


def test_role_without_a_first_page_of_its_own_does_not_start() -> None:
    """A role that would be sent to a page it may not open is found when the console starts."""
    for page in ("audit", "nowhere"):
        with pytest.raises(ValueError, match="counsellor"):
            site_map(ROUTES, FIRST_PAGES | {COUNSELLOR: page})


async def test_navigation_shows_whoever_may_use_them_the_rows_that_have_a_place_in_it(room: Room) -> None:
    """The links at the head of a page, in the order of the table, are those this member may open."""
    await room.hire(*MEMBERS)
    for login, (_, role) in MEMBERS.items():
        room.real.advance(2)
        async with room.signed_in(login) as browser:
            page = (await browser.get("/console/khong-co")).text
        rail = page[page.index('<nav class="rail"') :].partition("</nav>")[0]
        mine = [row for row in ROUTES if row.navigation and SITE_MAP.may(frozenset({role}), row.name)]
        assert re.findall(r'href="([^"]+)"', rail) == ["/console", *(row.path for row in mine)], login


def test_administrator_opens_no_route_that_shows_a_case() -> None:
    """Whoever looks after the machine reads no conversation; the two rights are never one role's."""
    for route in ("queue", "case_attachment", "case_place", *OF_A_CASE):
        assert SITE_MAP.access[route] == frozenset(READING)
        for role in (ADMIN, AUDITOR, COMMUNE_STAFF):
            assert not SITE_MAP.may(frozenset({role}), route)


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
    assert SITE_MAP.first_page(frozenset(roles)) == page
    assert SITE_MAP.may(frozenset(roles), page)


async def ask(browser: httpx.AsyncClient, row: PageRoute, path: str) -> int:
    """Use a route as a browser would and return the status; a stream is asked for its beginning only."""
    if row.kind is Kind.STREAM:
        async with browser.stream(row.method, path, headers={"hx-request": "true"}) as answer:
            return answer.status_code
    return (await browser.request(row.method, path)).status_code


async def test_every_route_for_nobody_for_the_wrong_and_for_the_right_role(room: Room) -> None:
    """Each route with each role and without any: exactly what the table says."""
    await room.hire(*MEMBERS)
    case = await room.person()
    logins = ("hoaban", "hoadao", "kiem", "quantri", "canbo", "hoamai", "duyettin", "bientap")
    visitors = {MEMBERS[login][1]: login for login in logins}
    assert visitors.keys() == set(ROLES)
    paths = {row.name: room.app.url_path_for(row.name, **_params(row, case)) for row in ROUTES}
    last = sorted(ROUTES, key=lambda row: row.name == "leave")
    async with room.browser() as stranger:
        for row in last:
            _check_stranger(row, await ask(stranger, row, paths[row.name]))
    for role, login in visitors.items():
        room.real.advance(2)  # whoever was here before has guessed once, and guesses are counted by the second
        async with room.signed_in(login) as browser:
            for row in last:
                allowed = SITE_MAP.may(frozenset({role}), row.name)
                if row.kind is Kind.STREAM and allowed:
                    continue  # held open; the tests of streams open them
                status = await ask(browser, row, paths[row.name])
                assert (status == 403) is not allowed, f"{role} at {row.name}: {status}"


def _params(row: PageRoute, case: UUID) -> dict[str, object]:
    """Something for each part of a path: this case, the first of everything that is numbered."""
    given = {"uuid": uuid4(), "int": 1, "path": "console.css", "str": "place"}
    parts = re.findall(r"\{(\w+):(\w+)\}", row.path)
    return {name: case if name == "case_id" else given[kind] for name, kind in parts}


def _check_stranger(row: PageRoute, status: int) -> None:
    if row.roles is ANYBODY:
        assert status in (200, 303, 401), f"anybody at {row.name}: {status}"  # 401: the sign-in itself, left empty
    elif row.method == "POST" or row.kind is Kind.STREAM:
        assert status == 401, f"nobody at {row.name}: {status}"
    else:
        assert status == 303, f"nobody at {row.name}: {status}"
