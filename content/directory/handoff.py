"""The hand-off: who else answers at a place and a moment, what is open now, what opens when, and what to say.

Where nobody is on duty it stands below the numbers of her place and names only whoever they leave out.

A line that is closed is told apart and with its next opening; of one whose hours nobody knows that is said. Nothing
here chooses a number: the services' files do, and the place (`content/directory/numbers.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from content.cards.templates import SayCard, first_number
from content.directory.numbers import SpokenNumbers, card_of, chosen, is_home, line_with_hours, phones_of, text_in
from content.directory.opening_hours import is_open
from content.directory.shifts import shift_words
from content.directory.situations import script_card
from content.schema import Service

HANDOFF, UNANSWERED = "handoff", "unanswered"
"""The two cards: nobody is on duty; somebody is, and nobody has taken her case in time."""
CARDS_TO_TAP = 2
"""Contact cards beside one message: more would push its words off a small screen.

They are all called the same, and what they are stands in the message: a phone may keep a card among its contacts, where
others look.
"""


def handoff_lines(
    say: SayCard,
    services: Collection[Service],
    place: str,
    lang: str,
    now: datetime,
    kind: str = HANDOFF,
    situation: str = "",
    shift: datetime | None = None,
) -> SpokenNumbers:
    """Return the card of a kind for a known place: who answers there at `now`, what they ask, what she can say.

    Surely open lines come first, then those of unknown hours; closed ones stand below with their next opening.
    What she can say fits what she wrote (`situation`, a known one or ""); else it is what fits the first line, and of
    an unknown place the first at home: whoever has not said that she is abroad does not ask to be brought home.
    `shift` is when somebody of ours is on duty next (aware; None: not known).
    """
    there = chosen(services, place, HANDOFF)
    there.sort(key=lambda service: _closed_last(service, now))
    if place == "":
        there += chosen(services, "vn", HANDOFF)[:1]
    slots = _script(say, there[-1] if place == "" else there[0], lang, situation)
    named = there
    if kind == HANDOFF:
        named = [service for service in there if not service.emergency]
        told = shift_words(say, shift, lang, now, away=not is_home(place))
        slots |= {"shift": told and f" {told}.", "more": _more(say, named, place, lang, now)}
    else:
        slots["lines"] = _lines(say, there, lang, now, away=not is_home(place))
    phones = phones_of(named, at_home=is_home(place))
    answering = [service for service in there if is_open(service.hours, now) is not False]
    name = say("fragment.contact", lang).text
    contacts = tuple((first_number(service).number, name) for service in answering[:CARDS_TO_TAP])
    return SpokenNumbers(card_of(kind, place), slots, phones, contacts)


def _more(say: SayCard, left_out: Sequence[Service], place: str, lang: str, now: datetime) -> str:
    """Return, on lines of their own, the services that the numbers above do not name; "" where they name all."""
    if not left_out:
        return ""
    return f"\n{say('fragment.call_too', lang).text}\n{_lines(say, left_out, lang, now, away=not is_home(place))}"


def _script(say: SayCard, service: Service, lang: str, situation: str) -> dict[str, str]:
    """Return what will be asked and one sentence to say: those of the situation, else those of the service."""
    if situation:
        return {part: say(script_card(situation, part), lang).text for part in ("asks", "say")}
    return {"asks": text_in(service.asks, lang), "say": text_in(service.say, lang)}


def _closed_last(service: Service, now: datetime) -> int:
    return (True, None, False).index(is_open(service.hours, now))


def _lines(say: SayCard, services: Sequence[Service], lang: str, now: datetime, *, away: bool) -> str:
    closed = [service for service in services if is_open(service.hours, now) is False]
    told = [_line(say, one, lang, now, away=away) for one in services if one not in closed]
    if closed:
        told.append(say("fragment.closed", lang).text)
        told += [_line(say, one, lang, now, away=away) for one in closed]
    return "\n".join(told)


def _line(say: SayCard, service: Service, lang: str, now: datetime, *, away: bool) -> str:
    """A line with hours, cost, and whether Vietnamese is spoken, unless its name says so already."""
    line = line_with_hours(say, service, lang, now, away=away)
    spoken = "vi" if "vi" in service.langs else "interpreter" if "interpreter" in service.langs else "other"
    words = say(f"fragment.langs.{spoken}", lang).text
    return line if words.lower() in line.lower() else f"{line}, {words}"
