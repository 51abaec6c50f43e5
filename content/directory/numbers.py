"""Telephone numbers a person is shown: her place decides, and an unknown place counts as perhaps abroad.

Short codes, 1800 and 1900 numbers do not work from abroad, so a card for somebody who is or may be abroad always
carries an international number as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from content.cards.templates import SayCard, first_number
from content.directory.dialling import dialled
from content.directory.hours_words import hours_now
from content.directory.opening_hours import is_open
from content.schema import Number, Service

HOME = "VN"
ABROAD = "abroad"
AT_HOME = 3
"""How many numbers of home are named to whoever has not said where she is."""


_PROVINCE = re.compile(r"vn:([0-9]{2})")


class SpokenNumbers(msgspec.Struct, frozen=True):
    """A card id, what fills its slots, the dialable numbers that come with it, and cards (number, name) to tap."""

    card: str
    slots: dict[str, str]
    phones: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...] = ()


def known_place(place: str, services: Mapping[str, Service]) -> str:
    """Reduce a place to one we have numbers for: "vn", "vn:NN", "abroad", "abroad:XX" or "" (unknown).

    A country without a number of its own is "abroad", a province without one "vn"; anything not understood is
    unknown, never home.
    """
    if place in ("vn", f"{ABROAD}:{HOME}"):
        return "vn"
    if province := province_of(place):
        lines = (one for one in services.values() if one.province == province)
        return place if any(_shown(one, "emergency") or _shown(one, "handoff") for one in lines) else "vn"
    kind, _, country = place.partition(":")
    if kind != ABROAD:
        return ""
    has_own = any(service.area == country and _shown(service, "emergency") for service in services.values())
    return f"{ABROAD}:{country}" if has_own else ABROAD


def is_home(place: str) -> bool:
    """Say whether a place is Viet Nam, or a province of it; an unknown place is not."""
    return place == "vn" or bool(province_of(place))


def province_of(place: str) -> str:
    """Return the official code of the province of a place "vn:NN"; "" of any other."""
    found = _PROVINCE.fullmatch(place)
    return found[1] if found else ""


def works_abroad(number: Number) -> bool:
    """Say whether a number can be dialled from anywhere in the world."""
    return number.dial_from in ("anywhere", "abroad") and number.number.startswith("+")


def emergency_lines(
    say: SayCard, services: Mapping[str, Service], place: str, lang: str, first: Sequence[str] = ()
) -> SpokenNumbers:
    """Return the emergency card for a known place and its lines of numbers; `first` stand before the others."""
    there, home, at_home = chosen(services.values(), place, "emergency"), [], is_home(place)
    if place == "":
        ours = chosen(services.values(), "vn", "emergency")
        home = _fitting(services, [one for one in ours if one in ours[:AT_HOME] or one.id in first], first)
    else:
        there = _fitting(services, there, first)
    slots = {"lines": "\n".join(line_with_cost(say, service, lang, at_home=at_home) for service in there)}
    if home:
        slots["home"] = "\n".join(line_with_cost(say, service, lang) for service in home)
    return SpokenNumbers(card_of("emergency", place), slots, phones_of((*home, *there), at_home=at_home))


def offered(services: Mapping[str, Service], place: str, first: Sequence[str], now: datetime | None) -> tuple[str, ...]:
    """Return which of the services `first` are named at a known place.

    Those among its emergency numbers always are; another one where it can be dialled, while it is open at `now`.
    """
    there = {one.id for where in {place, place or "vn"} for one in chosen(services.values(), where, "emergency")}
    return tuple(name for name in first if name in there or _answers(services[name], now))


def _answers(service: Service, now: datetime | None) -> bool:
    """Say whether a line that is no emergency number can be dialled from everywhere, and somebody answers at `now`."""
    if now is None or not _is_extra(service):
        return False
    return service.status != "retired" and not service.staff_only and is_open(service.hours, now) is True


def _fitting(services: Mapping[str, Service], there: list[Service], first: Sequence[str]) -> list[Service]:
    """Return the services of a place, those named in `first` before the others, with those that only `first` names."""
    extra = [services[name] for name in first if _is_extra(services[name])]
    return sorted([*extra, *there], key=lambda one: first.index(one.id) if one.id in first else len(first))


def _is_extra(service: Service) -> bool:
    """Say whether a service is an emergency number of no place, and can be dialled from all of them."""
    return not service.emergency and bool(service.numbers) and works_abroad(service.numbers[0])


def card_of(kind: str, place: str) -> str:
    """Return the card of a kind for a known place."""
    return f"{kind}.{'unknown' if place == '' else place.partition(':')[0]}"


def _shown(service: Service, list_name: str) -> int:
    if not service.numbers or service.staff_only or service.status == "retired":
        return 0
    return int(getattr(service, list_name))


def chosen(services: Iterable[Service], place: str, list_name: str) -> list[Service]:
    """Return the services of a list that can be dialled at `place`, in the order the files give.

    A service of one province is for that province alone.
    """
    home, province = is_home(place), province_of(place)
    country = HOME if home else place.partition(":")[2]
    found = [
        service
        for service in services
        if _shown(service, list_name)
        and service.province in ("", province)
        and (_local(service, country) or (not home and service.area == HOME and works_abroad(service.numbers[0])))
    ]
    return sorted(found, key=lambda service: _shown(service, list_name))


def _local(service: Service, country: str) -> bool:
    """Say whether a service is of the country; at home the lines for people abroad are left out."""
    return service.area == country and not (country == HOME and works_abroad(service.numbers[0]))


def text_in(texts: Mapping[str, str], lang: str) -> str:
    """Return a text in a language, or in Vietnamese."""
    return texts.get(lang) or texts.get("vi", "")


def name_of(service: Service, lang: str) -> str:
    """Return the word beside a number: what the service is to her, in a few neutral words."""
    return text_in(service.short, lang) or text_in(service.name, lang)


def phones_of(services: Iterable[Service], *, at_home: bool = False) -> tuple[str, ...]:
    """Return the numbers of services as a phone dials them; `at_home`: in Viet Nam, for sure."""
    return tuple(dialled(first_number(service).number, at_home=at_home) for service in services)


def _line(service: Service, lang: str, *, at_home: bool) -> str:
    return f"📞 {dialled(first_number(service).display, at_home=at_home)} – {name_of(service, lang)}"


def line_with_cost(say: SayCard, service: Service, lang: str, *, at_home: bool = False) -> str:
    """Return a line with what is surely known of hours and cost; everybody knows those of police and ambulance."""
    known = []
    if service.kind != "emergency":
        if service.hours.kind == "always":
            known.append(say("fragment.hours.always", lang).text)
        if first_number(service).cost != "unknown":
            known.append(cost_words(say, service, lang))
    return ", ".join([_line(service, lang, at_home=at_home), *known])


def cost_words(say: SayCard, service: Service, lang: str) -> str:
    """Return what a call costs her, in the words of the fragments."""
    return say(f"fragment.cost.{first_number(service).cost}", lang).text


def line_with_hours(say: SayCard, service: Service, lang: str, now: datetime, *, away: bool = False) -> str:
    """Return a line with number, short name, hours at `now` (aware) and cost.

    `away`: she is, or may be, in another country: numbers are told as they are dialled from there, and hours of ours as
    hours of Viet Nam.
    """
    hours = hours_now(say, service, lang, now)
    if away and service.area == HOME and service.hours.kind == "office":
        hours = say("fragment.hours.vn", lang, hours=hours).text
    return ", ".join([_line(service, lang, at_home=not away), hours, cost_words(say, service, lang)])
