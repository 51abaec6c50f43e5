"""The Women's Union of a province: its own number once it was confirmed, and who else answers there, each by its name.

A number is the Union's only if the service is: a shelter or an office of the same province is another body, and is
named as what it is. Where the Union has given no number, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from content.cards.templates import SayCard, first_number
from content.directory.handoff import HANDOFF
from content.directory.numbers import HOME, SpokenNumbers, chosen, line_with_cost, text_in
from content.schema import Service

UNION = "wu-province"
"""The body that is the Union of a province; its offices, shelters and centres are bodies of their own."""


def union_lines(services: Mapping[str, Service], say: SayCard, province: str, lang: str) -> SpokenNumbers:
    """Return the card for a province (official code, "" = not known) and its lines of numbers and places.

    `services` are those of the content by their id.
    """
    near = [one for one in services_in(services, province) if one.province == province and one.status == "verified"]
    own = [one for one in near if one.body == UNION and one.numbers]
    answer = [one for one in chosen(services.values(), _place(province), HANDOFF) if one not in own]
    doors = [one for one in near if not one.numbers and one.body != UNION]
    slots = {"lines": _lines(say, [*answer, *doors], lang)}
    if own:
        slots["union"] = _lines(say, own, lang)
    phones = tuple(first_number(service).number for service in (*own, *answer))
    return SpokenNumbers("union_number" if own else "union_slot", slots, phones)


def services_in(services: Mapping[str, Service], province: str) -> tuple[Service, ...]:
    """Return who helps in a province (official code), and then in the whole country; staff's own left out."""
    shown = [service for service in services.values() if service.area == HOME and not service.staff_only]
    near = [service for service in shown if service.province == province]
    return (*near, *(service for service in shown if not service.province))


def _place(province: str) -> str:
    return f"{HOME.lower()}:{province}" if province else HOME.lower()


def _lines(say: SayCard, services: Sequence[Service], lang: str) -> str:
    return "\n".join(
        line_with_cost(say, one, lang) if one.numbers else f"– {text_in(one.name, lang)}" for one in services
    )
