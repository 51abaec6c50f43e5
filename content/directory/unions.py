"""The Women's Union of a province: its own number once it was confirmed, and who else answers there, each by its name.

A number is the Union's only if the service is: a shelter or an office of the same province is another body, and is
named as what it is. Where the Union has given no number, that is said. Houses and offices of the province are doors:
they stand below by their names, without a number where none was read.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from content.cards.templates import SayCard, first_number
from content.directory.handoff import HANDOFF
from content.directory.numbers import (
    HOME,
    SpokenNumbers,
    chosen,
    is_home,
    line_with_cost,
    phones_of,
    text_in,
)
from content.schema import Service

UNION = "wu-province"
"""The body that is the Union of a province; its offices, shelters and centres are bodies of their own."""


def union_lines(
    services: Mapping[str, Service],
    say: SayCard,
    province: str,
    lang: str,
    place: str = "",
    read: Container[str] = frozenset(),
) -> SpokenNumbers:
    """Return the card for a province (official code, "" = not known) and its lines of numbers and doors.

    `services` are those of the content by their id. Only somebody whose `place` is surely Viet Nam reads numbers as
    they are dialled there. Numbers that she has just `read` are not said again.
    """
    near, at_home = [one for one in services_in(services, province) if one.province], is_home(place)
    own = [one for one in near if one.body == UNION and one.numbers and one.status == "verified"]
    answering = [one for one in chosen(services.values(), _place(province), HANDOFF) if one not in own]
    answer = [one for one in answering if first_number(one).number not in read]
    doors = [one for one in near if one not in answering and one.body != UNION and one.status != "retired"]
    numbered = [line_with_cost(say, one, lang, at_home=at_home) for one in (*own, *answer)]
    slots = {"lines": "\n".join((*numbered[len(own) :], *(_door(say, one, lang) for one in doors)))}
    if own:
        slots["union"] = "\n".join(numbered[: len(own)])
    else:
        slots["name"] = _name(services, say, province, lang)
    card = f"{'union_number' if own else 'union_slot'}{_below(slots['lines'], len(answer) < len(answering))}"
    return SpokenNumbers(card, slots, phones_of((*own, *answer), at_home=at_home))


def _below(lines: str, read: bool) -> str:
    """Return which of the cards it is: whether lines are left where numbers have just been read."""
    return "" if not read else "_more" if lines else "_alone"


def _door(say: SayCard, service: Service, lang: str) -> str:
    """Return the line of a place where somebody helps; one that nobody has confirmed, or whose way is told to nobody
    unasked, says where to ask first.

    A number that no source was read for is not given: who dials it in need must not reach somebody else.
    """
    sure = service.status == "verified" and service.kind != "shelter"
    return say("fragment.door" if sure else "fragment.door.ask", lang, name=text_in(service.name, lang)).text


def _name(services: Mapping[str, Service], say: SayCard, province: str, lang: str) -> str:
    """Return what the Union of a province is called."""
    slot = services.get(f"wu.{province}")
    return text_in(slot.name, lang) if slot else say("fragment.union", lang).text


def services_in(services: Mapping[str, Service], province: str) -> tuple[Service, ...]:
    """Return who helps in a province (official code), and then in the whole country; staff's own left out."""
    shown = [service for service in services.values() if service.area == HOME and not service.staff_only]
    near = [service for service in shown if service.province == province]
    return (*near, *(service for service in shown if not service.province))


def _place(province: str) -> str:
    return f"{HOME.lower()}:{province}" if province else HOME.lower()
