"""Opening hours in words, as people say them: "8 giờ sáng đến 5 giờ chiều, ngày lễ nghỉ"."""

from __future__ import annotations

from datetime import datetime

from content.cards.templates import SayCard
from content.directory.opening_hours import is_open, opens_next
from content.schema import Hours, Service

PARTS = ((4, "night"), (11, "morning"), (13, "noon"), (18, "afternoon"), (22, "evening"), (24, "night"))
"""The parts of a day, each with the hour at which it is over."""


def hours_words(say: SayCard, service: Service, lang: str) -> str:
    """Return when somebody answers, whatever the hour now, in the words of the fragments."""
    hours = service.hours
    if hours.kind != "office" or not hours.days:
        return say(f"fragment.hours.{'unknown' if hours.kind == 'office' else hours.kind}", lang).text
    first, last = (say(f"fragment.day.{day}", lang).text for day in (min(hours.days), max(hours.days)))
    opens, closes = (clock_words(say, time, lang) for time in (hours.opens, hours.closes))
    told = say("fragment.hours.office", lang, first=first, last=last, opens=opens, closes=closes).text
    return _on_holidays(say, hours, told, lang)


def hours_now(say: SayCard, service: Service, lang: str, now: datetime) -> str:
    """Return whether somebody answers at `now` (aware), and until when or from when, in the words of the fragments."""
    if service.hours.kind != "office":
        return say(f"fragment.hours.{service.hours.kind}", lang).text
    if is_open(service.hours, now):
        told = say("fragment.hours.open", lang, time=clock_words(say, service.hours.closes, lang)).text
        return _on_holidays(say, service.hours, told, lang)
    opening = opens_next(service.hours, now)
    if opening is None:
        return say("fragment.hours.unknown", lang).text
    day, time = say(f"fragment.day.{opening[0]}", lang).text, clock_words(say, opening[1], lang)
    return _on_holidays(say, service.hours, say("fragment.hours.closed", lang, day=day, time=time).text, lang)


def clock_words(say: SayCard, time: str, lang: str) -> str:
    """Return a time of the day ("20:30") as it is said: half past eight in the evening."""
    hour, minutes = int(time[:2]), time[3:]
    name = next(part for end, part in PARTS if hour < end)
    part, said = say(f"fragment.part.{name}", lang).text, str((hour - 1) % 12 + 1)
    if minutes == "00":
        return say("fragment.time.hour", lang, hour=said, part=part).text
    return say("fragment.time.minutes", lang, hour=said, minutes=minutes, part=part).text


def _on_holidays(say: SayCard, hours: Hours, told: str, lang: str) -> str:
    return say("fragment.hours.holidays", lang, hours=told).text if hours.holidays == "closed" else told
