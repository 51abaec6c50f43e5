"""Which numbers a person is shown: place decides, and unknown counts as perhaps abroad.

Short codes, 1800 and 1900 numbers do not work from abroad, so a card for somebody who is or may be abroad always
carries an international number as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from content.filling import first_number
from content.hours import is_open, opens_next
from content.schema import Number, Service

if TYPE_CHECKING:
    from content.library import Library

HOME = "VN"
ABROAD = "abroad"


class Spoken(msgspec.Struct, frozen=True):
    """A card id, what fills its slots, and the dialable numbers that come with the filling."""

    card: str
    slots: dict[str, str]
    phones: tuple[str, ...]


def known_place(place: str, services: Mapping[str, Service]) -> str:
    """Reduce a place to one we have numbers for: "vn", "abroad", "abroad:XX" or "" (unknown).

    A country without a number of its own is "abroad"; anything not understood is unknown, never home.
    """
    if place in ("vn", f"{ABROAD}:{HOME}"):
        return "vn"
    kind, _, country = place.partition(":")
    if kind != ABROAD:
        return ""
    has_own = any(service.area == country and _shown(service, "emergency") for service in services.values())
    return f"{ABROAD}:{country}" if has_own else ABROAD


def works_abroad(number: Number) -> bool:
    """Say whether a number can be dialled from anywhere in the world."""
    return number.dial_from in ("anywhere", "abroad") and number.number.startswith("+")


def emergency_lines(library: Library, place: str, lang: str) -> Spoken:
    """Return the emergency card for a known place and its lines of numbers."""
    services = _chosen(library.services.values(), place, "emergency")
    slots = {"lines": "\n".join(_emergency_line(library, service, lang) for service in services)}
    if place == "":
        home = _chosen(library.services.values(), "vn", "emergency")[:2]
        slots["home"] = "\n".join(_emergency_line(library, service, lang) for service in home)
        services = [*services, *home]
    return Spoken(_card("emergency", place), slots, tuple(first_number(service).number for service in services))


def handoff_lines(library: Library, place: str, lang: str, now: datetime) -> Spoken:
    """Return the hand-off card for a known place: who answers there at `now`, what they ask, what she can say."""
    services = _chosen(library.services.values(), place, "handoff")
    services.sort(key=lambda service: is_open(service.hours, now) is False)
    if place == "":
        services += _chosen(library.services.values(), "vn", "handoff")[:1]
    slots = {
        "lines": "\n".join(line_with_hours(library, service, lang, now) for service in services),
        "asks": _text(services[0].asks, lang),
        "say": _text(services[0].say, lang),
    }
    return Spoken(_card("handoff", place), slots, tuple(first_number(service).number for service in services))


def _card(kind: str, place: str) -> str:
    return f"{kind}.{'unknown' if place == '' else place.partition(':')[0]}"


def _shown(service: Service, list_name: str) -> int:
    if not service.numbers or service.staff_only or service.status == "retired":
        return 0
    return int(getattr(service, list_name))


def _chosen(services: Iterable[Service], place: str, list_name: str) -> list[Service]:
    """Return the services of a list that can be dialled at `place`, in the order the files give."""
    country = HOME if place == "vn" else place.partition(":")[2]
    chosen = [
        service
        for service in services
        if _shown(service, list_name)
        and (_local(service, country) or (place != "vn" and service.area == HOME and works_abroad(service.numbers[0])))
    ]
    return sorted(chosen, key=lambda service: _shown(service, list_name))


def _local(service: Service, country: str) -> bool:
    """Say whether a service is of the country; at home the lines for people abroad are left out."""
    return service.area == country and not (country == HOME and works_abroad(service.numbers[0]))


def _text(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("vi", "")


def _line(service: Service, lang: str) -> str:
    name = _text(service.short, lang) or _text(service.name, lang)
    return f"📞 {first_number(service).display} – {name}"


def _emergency_line(library: Library, service: Service, lang: str) -> str:
    """Return a line with what is surely known of hours and cost; everybody knows those of police and ambulance."""
    known = []
    if service.kind != "emergency":
        if service.hours.kind == "always":
            known.append(library.say("fragment.hours.always", lang).text)
        if first_number(service).cost != "unknown":
            known.append(cost_words(library, service, lang))
    return ", ".join([_line(service, lang), *known])


def cost_words(library: Library, service: Service, lang: str) -> str:
    """Return what a call costs her, in the words of the fragments."""
    return library.say(f"fragment.cost.{first_number(service).cost}", lang).text


def hours_words(library: Library, service: Service, lang: str) -> str:
    """Return when somebody answers, whatever the hour now, in the words of the fragments."""
    hours = service.hours
    if hours.kind != "office" or not hours.days:
        return library.say(f"fragment.hours.{'unknown' if hours.kind == 'office' else hours.kind}", lang).text
    first, last = (library.say(f"fragment.day.{day}", lang).text for day in (min(hours.days), max(hours.days)))
    return library.say(
        "fragment.hours.office", lang, first=first, last=last, opens=hours.opens, closes=hours.closes
    ).text


def line_with_hours(library: Library, service: Service, lang: str, now: datetime) -> str:
    """Return a line with number, short name, hours at `now` (aware) and cost."""
    hours = hours_now(library, service, lang, now)
    return ", ".join([_line(service, lang), hours, cost_words(library, service, lang)])


def hours_now(library: Library, service: Service, lang: str, now: datetime) -> str:
    """Return whether somebody answers at `now` (aware), and until when or from when, in the words of the fragments."""
    if service.hours.kind != "office":
        return library.say(f"fragment.hours.{service.hours.kind}", lang).text
    if is_open(service.hours, now):
        return library.say("fragment.hours.open", lang, time=service.hours.closes).text
    opening = opens_next(service.hours, now)
    if opening is None:
        return library.say("fragment.hours.unknown", lang).text
    day, time = opening
    return library.say("fragment.hours.closed", lang, day=library.say(f"fragment.day.{day}", lang).text, time=time).text
