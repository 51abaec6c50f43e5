"""The declaration of a route: its path, its view, who may use it, its place in the navigation."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from console.web.request import View
from console.web.roles import Access, Public
from console.web.site_map import Navigation, SiteMap
from store.staff.models import ROLES


class Kind(enum.Enum):
    """What a route answers with: a page, a stream that is held open, or a file of ours."""

    PAGE = "page"
    STREAM = "stream"
    ASSET = "asset"


class PageRoute(msgspec.Struct, frozen=True):
    """One row of the table of routes. Raises ValueError for a row that does not say who may use it."""

    name: str
    method: str
    path: str
    view: View
    roles: Access
    navigation: Navigation | None = None
    kind: Kind = Kind.PAGE
    form: str = ""
    """The route of the page its form stands on, where its path does not lie below that page's."""

    def __post_init__(self) -> None:
        """Refuse a row that is open to nobody, to a role that does not exist, or to nothing in particular."""
        if isinstance(self.roles, Public):
            return
        if not isinstance(self.roles, frozenset) or not self.roles or not self.roles.issubset(ROLES):
            raise ValueError(
                f"the route {self.name} ({self.method} {self.path}) does not say who may use it: "
                "give it a set of roles that exist, or ANYBODY for a page without signing in"
            )


def form_pages(routes: Sequence[PageRoute]) -> dict[str, PageRoute]:
    """The page that each posted form stands on, by the form's route: what is refused comes back there."""
    pages = [route for route in routes if route.method == "GET" and route.path.count("/") > 1]
    found = {}
    for route in routes:
        above = [page for page in pages if page.name == route.form or f"{route.path}/".startswith(f"{page.path}/")]
        if route.method == "POST" and above:
            found[route.name] = max(above, key=lambda page: (page.name == route.form, len(page.path)))
    return found


def site_map(routes: Sequence[PageRoute], first_pages: Mapping[str, str]) -> SiteMap:
    """Gather what pages may know of a table of routes.

    Raises ValueError for two rows with one name or one address, and for a role that would start on a page it may not
    open.
    """
    _each_once([route.name for route in routes])
    _each_once([f"{route.method} {route.path}" for route in routes])
    made = SiteMap(
        {route.name: route.roles for route in routes},
        {route.name: route.navigation for route in routes if route.navigation is not None},
        first_pages,
    )
    for role in ROLES:
        page = first_pages.get(role, "")
        if page not in made.access or not made.may(frozenset({role}), page):
            raise ValueError(f"the role {role} has no first page that it may open")
    return made


def _each_once(names: list[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"the table of routes has two rows for {', '.join(twice)}")
