"""The site map: what every page may know of the routes, which are who may use one and what the navigation shows."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from console.web.roles import Access, allows


class Navigation(msgspec.Struct, frozen=True):
    """A route's place in the navigation of every page: who may use the route sees it."""

    label: str
    icon: str
    """Its drawing in `templates/icons.html`."""
    badge: str = ""
    """The template of what stands behind the label, such as how many wait there."""


class SiteMap(msgspec.Struct, frozen=True):
    """Routes by their names. `navigation` is in the order it is shown in, `first_pages` by role in order of rank."""

    access: Mapping[str, Access]
    navigation: Mapping[str, Navigation]
    first_pages: Mapping[str, str]

    def may(self, roles: frozenset[str], route: str) -> bool:
        """Whether somebody with these roles may use a route. Raises KeyError for a route nobody declared."""
        return allows(self.access[route], roles)

    def first_page(self, roles: frozenset[str]) -> str:
        """The route somebody with these roles starts on."""
        return next((page for role, page in self.first_pages.items() if role in roles), "home")
