"""Where she is, chosen or typed in her own words; a place she only looks up; and the numbers of a place."""

from __future__ import annotations

from collections.abc import Iterator

from content.library import Library
from flows.context import Context
from flows.model.definition import State
from flows.model.effects import NoteOnCase
from flows.model.messages import Outgoing
from flows.parsing.places import place_named
from flows.parsing.told_places import place_told
from flows.registry import action, condition, prompt
from flows.rendering.phrasing import Phrasing

PLACE_ASKED_IN, PLACE_GIVEN_IN = "where_asked", "where_given"
"""What is remembered of a typed answer so that she can correct it: the state that asked, the id of her message."""

PLACES = {"vn": "vn", "abroad": "abroad", "elsewhere": "abroad", "unknown": ""}
"""Choices that are no country; every other choice of a place is a country's ISO 3166 code."""

ASKED_IN = ("GetHelp:where", "GetHelp:country", "Services:where", "Services:country", "Stuck:country")
"""How the states begin whose question asks for a place."""


@action()
def take_place(context: Context) -> None:
    """Remember where she says she is; the country stays a code, never an address."""
    remember_place(context, place_of(context.answer), context.answer)


def remember_place(context: Context, place: str, said: str) -> None:
    """Remember a place of her own, from now on; `said` is the answer as it was chosen, or the place itself."""
    context.session.place, context.session.place_at = place, context.now
    context.update_data(where=said)
    if context.incoming.message_id and context.incoming.kind == "text":
        asked, given = context.before.state, context.incoming.message_id
        context.update_data(**{PLACE_ASKED_IN: asked, PLACE_GIVEN_IN: given})
    if context.facts.case is not None:
        context.effects.append(NoteOnCase("where", context.session.place or "unknown"))


def place_of(value: str) -> str:
    """Return the place that a choice stands for, as a session holds it."""
    return PLACES.get(value, f"abroad:{value.upper()}")


def take_told_place(context: Context) -> None:
    """Remember where a cry says that she is: its first bubble holds the numbers of there."""
    place = place_told(context.content.library, context.lexicon, context.incoming.text)
    if place and place != context.session.place:
        remember_place(context, place, place)


@action()
def look_up_place(context: Context) -> None:
    """Remember of which place she wants the numbers, as long as she reads them: it is not where she is."""
    group = context.session.state.partition(":")[0]
    context.update_data(**{looked_up(group): place_of(context.answer)})


@action()
def look_up_typed_place(context: Context) -> None:
    """Remember of which place she wants the numbers as if she had chosen it."""
    group = context.session.state.partition(":")[0]
    context.update_data(**{looked_up(group): _place(context)})


@action()
def end_look_up(context: Context) -> None:
    """Go back from a place looked up to where she is."""
    context.leave_others("")


def looked_up(group: str) -> str:
    """Return the name of the place looked up in a flow; it is forgotten when the flow is left."""
    return f"{group}.place"


@condition()
def place_typed(context: Context) -> bool:
    """What she typed names a country, or a place of Viet Nam, and nothing besides."""
    return bool(_place(context))


@action()
def take_typed_place(context: Context) -> None:
    """Remember the place she typed as if she had chosen it; a province is Viet Nam."""
    place = _place(context)
    remember_place(context, place, place)


def asks_place(context: Context) -> bool:
    """Say whether she is asked for a place and typed one: then its words are no topic."""
    return not context.expired and context.session.state.startswith(ASKED_IN) and place_typed(context)


def _place(context: Context) -> str:
    country_asked = "country" in context.session.state
    return place_named(context.content.library, context.lexicon, context.incoming.text, country_asked=country_asked)


@condition()
def place_known(context: Context) -> bool:
    """She told us in this talk in which country she is or that it is not Viet Nam."""
    return bool(context.session.place)


@condition()
def place_asked(context: Context) -> bool:
    """The place is known, or she was asked and does not know (or would rather not say)."""
    return bool(context.session.place) or "where" in context.session.data


@condition()
def country_unknown(context: Context) -> bool:
    """She is abroad and has not said where, or would rather not."""
    return context.session.place == "abroad"


@condition()
def is_abroad(context: Context) -> bool:
    """She told us in this talk that she is in another country."""
    return context.session.place.startswith("abroad")


def every_place(library: Library) -> tuple[str, ...]:
    """Return every place whose numbers differ: unknown, Viet Nam, some other country, each country with a service."""
    countries = {f"abroad:{service.area}" for service in library.services.values() if service.area != "VN"}
    return ("", "vn", "abroad", *sorted(countries))


def _numbers_everywhere(phrasing: Phrasing, state: State, lang: str) -> Iterator[Outgoing]:
    for place in every_place(phrasing.library):
        yield phrasing.numbers(place, lang)


@prompt(samples=_numbers_everywhere, helps=True)
def numbers_here(context: Context, state: State) -> Outgoing:
    """Return the numbers of the place she looks up, or that work where she is."""
    place = context.session.data.get(looked_up(state.group), context.session.place)
    return context.content.numbers(place, context.session.lang)


@condition()
def quiet_call_taught(context: Context) -> bool:
    """The card that explains the code was shown in this chat: who never saw it could not know what 1 and 2 mean."""
    return context.session.quiet_call_taught


@action(helps=True)
def note_coded_place(context: Context) -> None:
    """Tell the people of her case what she answered in code; it is one sign only, and moves no place and no number."""
    if context.facts.case is not None:
        context.effects.append(NoteOnCase("coded", context.answer))
