"""Numbers to dictate: what staff read or send to somebody, as it is dialled where she is."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from content.cards.templates import first_number
from content.directory.dialling import dialled
from content.directory.numbers import AT_HOME, chosen, is_home, known_place, name_of
from content.schema import Service

CHILD_FIRST = "vn.111"
"""What stands first for a child."""


class DictatedNumber(msgspec.Struct, frozen=True):
    """A number in the groups it is read aloud in, what it is, and whether a public source of it was read."""

    service: str
    number: str
    name: str
    verified: bool


def dictated(services: Mapping[str, Service], place: str, lang: str, *, child: bool = False) -> list[DictatedNumber]:
    """Return the emergency numbers of a place; of an unknown one those of home and the one that works from abroad."""
    known = known_place(place, services)
    home = chosen(services.values(), "vn", "emergency")[:AT_HOME] if not known else []
    found = [*home, *chosen(services.values(), known, "emergency")]
    if child:
        found.sort(key=lambda service: service.id != CHILD_FIRST)
    return [
        DictatedNumber(
            service.id,
            dialled(first_number(service).display, at_home=is_home(known)),
            name_of(service, lang),
            service.status == "verified",
        )
        for service in found
    ]
